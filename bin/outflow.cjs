#!/usr/bin/env node
// The guard: plain JavaScript that an old Node can read, so that a too old one explains itself instead of failing on syntax.
'use strict'
var needed = [22, 19]
var have = process.versions.node.split('.').map(Number)

if (have[0] < needed[0] || (have[0] === needed[0] && have[1] < needed[1])) {
  console.error(
    'Outflow needs Node ' + needed.join('.') + ' or newer; this is Node ' + process.versions.node + '.\n' +
      'Install a newer Node, or let npm bring one for this command:\n' +
      '  npx -y -p node@24 -p outflow outflow ' + process.argv.slice(2).join(' '),
  )
  process.exitCode = 2
} else {
  start()
}

function start() {
  var path = require('node:path')
  var fs = require('node:fs')
  var url = require('node:url')
  // Node keeps what it compiled in the temporary folder: a command starts in two thirds of the time. NODE_DISABLE_COMPILE_CACHE=1 leaves it.
  require('node:module').enableCompileCache()
  // In a checkout the sources run as they stand; an installed package brings dist/.
  var source = path.join(__dirname, '..', 'src', 'cli', 'main.ts')
  var entry = fs.existsSync(source) ? source : path.join(__dirname, '..', 'dist', 'cli', 'main.js')
  import(url.pathToFileURL(entry).href)
    .then(function (cli) {
      return cli.main(process.argv.slice(2))
    })
    .then(function (exitCode) {
      process.exitCode = exitCode
    })
}
