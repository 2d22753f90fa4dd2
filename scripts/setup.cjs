// Runs before `npm start` and `npm test`, on whatever Node the machine has: plain old JavaScript, no imports of ours.
// Installs the pinned toolchain (Node 24 among it) when node_modules is missing or older than package-lock.json.
'use strict'
const { execFileSync, spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

// Not "npm ci": that insists on lock entries for the binaries of every platform there is, and some registries hold only some.
// "install" takes the very same locked versions, and with "--no-save" writes nothing back.
const installArguments = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const pinnedNode = path.join(modules, '.bin', 'node')
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
  packDatabase()
  fs.writeFileSync(stampFile, stamp)
}

// With it a new state folder is there in half the time; without it everything works, too, so that what goes wrong is only told.
function packDatabase() {
  spawnSync(pinnedNode, [path.join(__dirname, 'pack-database.ts')], { stdio: ['ignore', 2, 2] })
}

function checkPinnedNode() {
  try {
    execFileSync(pinnedNode, ['--version'], { stdio: 'ignore' })
  } catch {
    console.error(
      'The pinned Node could not be installed. It comes with the npm package "node", whose install script must run:\n' +
        'allow install scripts (npm config set ignore-scripts false), delete node_modules, and try again.',
    )
    process.exit(1)
  }
}
