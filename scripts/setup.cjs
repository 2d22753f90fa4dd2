// Runs before `npm start` and `npm test`, on whatever Node the machine has: plain old JavaScript, no imports of ours.
// Installs the pinned toolchain (Node 24 among it) when node_modules is missing or older than package-lock.json.
'use strict'
const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

// Not "npm ci": that insists on lock entries for the binaries of every platform there is, and some registries hold only some.
// "install" takes the very same locked versions, and with "--no-save" writes nothing back.
const installArguments = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const stampFile = path.join(modules, '.outflow-setup')
const stamp = createHash('sha256')
  .update(fs.readFileSync(path.join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex')

if (!fs.existsSync(stampFile) || fs.readFileSync(stampFile, 'utf8') !== stamp) {
  console.error('Setting up: installing the pinned toolchain and libraries (once) ...')
  const onWindows = process.platform === 'win32'
  execFileSync(onWindows ? 'npm.cmd' : 'npm', installArguments, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: onWindows,
  })
  checkPinnedNode()
  fs.writeFileSync(stampFile, stamp)
}

function checkPinnedNode() {
  try {
    execFileSync(path.join(modules, '.bin', 'node'), ['--version'], { stdio: 'ignore' })
  } catch {
    console.error(
      'The pinned Node could not be installed. It comes with the npm package "node", whose install script must run:\n' +
        'allow install scripts (npm config set ignore-scripts false), delete node_modules, and try again.',
    )
    process.exit(1)
  }
}
