#!/usr/bin/env node
// The guard: plain JavaScript that any old Node can read, so that a too old one explains itself instead of failing on syntax.
'use strict'
var path = require('path')
var fs = require('fs')
var url = require('url')

var needed = [22, 19]
var have = process.versions.node.split('.').map(Number)

if (have[0] < needed[0] || (have[0] === needed[0] && have[1] < needed[1])) {
  console.error(
    'Outflow needs Node ' +
      needed.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '.\n' +
      'Install a newer Node, or let npm bring one for this command:\n' +
      '  npx -y -p node@24 -p outflow outflow ' +
      process.argv.slice(2).join(' '),
  )
  process.exit(2)
}

// In a checkout the sources run as they stand; an installed package brings dist/.
var source = path.join(__dirname, '..', 'src', 'cli', 'main.ts')
var entry = fs.existsSync(source) ? source : path.join(__dirname, '..', 'dist', 'cli', 'main.js')
import(url.pathToFileURL(entry).href)
  .then((cli) => cli.main(process.argv.slice(2)))
  .then((exitCode) => {
    process.exitCode = exitCode
  })
