/**
 * What the README promises a newcomer, done as they would: `npm start`, the variables that it prints, the README's Python program with the
 * official SDK, Ctrl-C. Fails where one of them is not as it says.
 *
 * @module
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { sdkEnvironment } from './python/environment.ts'

const root = resolve(import.meta.dirname, '..')
const sdkVersion = '0.44.1'

/** What a program needs, as `npm start` prints it, last first. */
const variables = [
  'CONFLUENCE_API_TOKEN',
  'CONFLUENCE_USERNAME',
  'CONFLUENCE_URL',
  'OUTFLOW_API_KEY',
  'OUTFLOW_URL',
]
/** Seconds that `npm start` may take until it has printed them, the program may run, and Ctrl-C may take. */
const [patienceWithStart, patienceWithProgram, patienceWithEnd] = [180, 120, 10]

interface Started {
  readonly exports: ReadonlyMap<string, string>
  /** Documents of the sample, as the second run has counted them. */
  readonly documents: number
}

/** Shows what `npm start` says, until everything is told. @throws when it ends before, or takes too long */
async function started(npm: ChildProcess): Promise<Started> {
  const exports = new Map<string, string>()
  let documents = 0
  const timer = setTimeout(() => signalAll(npm, 'SIGKILL'), patienceWithStart * 1000)
  for await (const line of createInterface({ input: npm.stdout! })) {
    console.log(line)
    documents = Number(/^ *(\d+) found =/.exec(line)?.[1] ?? documents)
    const [, name, value] = /^ *export (\w+)=(\S+)$/.exec(line) ?? []
    if (name !== undefined) exports.set(name, value!)
    if (!variables.every((each) => exports.has(each))) continue
    clearTimeout(timer)
    // Nobody reads on, and a full pipe would stop the server.
    npm.stdout!.resume()
    return { exports, documents }
  }
  throw new Error('npm start ended before it had printed what a program needs.')
}

/** The README's program, to the letter. @returns what it printed */
async function runProgram(python: string, exports: Started['exports']): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, program] =
    /<!-- examples\/first-service-program\.py -->\n```python\n([\s\S]*?)```/.exec(readme) ?? []
  if (program === undefined) throw new Error('The README has no Python program.')
  const folder = await mkdtemp(join(tmpdir(), 'outflow-try-'))
  try {
    // The SDK warns of any type that is no member of its own list.
    const running = promisify(execFile)(python, ['-W', 'ignore', '-c', program], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...Object.fromEntries(exports) },
      timeout: patienceWithProgram * 1000,
    })
    return (await running).stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** As a terminal does on Ctrl-C: everything that was started gets the signal. @returns seconds until all of it has ended */
async function pressControlC(npm: ChildProcess): Promise<number> {
  const began = performance.now()
  const timer = setTimeout(() => signalAll(npm, 'SIGKILL'), patienceWithEnd * 1000)
  signalAll(npm, 'SIGINT')
  const [code, signal] = await ended(npm)
  clearTimeout(timer)
  // The server ends with 0. Some shells, between npm and it, wait for that and then end by the signal themselves, and npm after them.
  if (code !== 0 && code !== 130 && signal !== 'SIGINT')
    throw new Error(`Ctrl-C: code ${code}, signal ${signal}.`)
  return (performance.now() - began) / 1000
}

/** `close`: when whatever was started by it has let go of the output, too. */
const ended = (npm: ChildProcess) => once(npm, 'close') as Promise<[number | null, NodeJS.Signals | null]>

function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

/** Where the README says that the program's elements are. */
async function filesIn(output: string): Promise<number> {
  const files = await readdir(join(output, 'our-wiki'), { recursive: true })
  return files.filter((name) => name.endsWith('.json') && !name.startsWith('_outflow')).length
}

/** As empty as a newcomer's checkout. */
const folder = await mkdtemp(join(tmpdir(), 'outflow-start-'))
const output = join(folder, 'outflow-output')
const npm = spawn('npm', ['start', '--', '--output-dir', output], {
  cwd: root,
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
})
let log = ''
npm.stderr.on('data', (chunk) => {
  log += String(chunk)
})
try {
  const [{ exports, documents }, bin] = await Promise.all([started(npm), sdkEnvironment(sdkVersion)])
  const printed = await runProgram(join(bin, 'python'), exports)
  console.log(printed.trimEnd())
  if (documents === 0 || printed !== `COMPLETED: Partitioner, ${documents} done, 0 failed\n`)
    throw new Error(`The program should have found ${documents} documents.`)
  const files = await filesIn(output)
  if (files !== documents) throw new Error(`There are ${files} files of elements.`)
  const seconds = await pressControlC(npm)
  if (!log.includes('"message":"closing"')) throw new Error('Ctrl-C: the server did not end in good order.')
  console.log(`npm start, the README's program, Ctrl-C: as promised (ended in ${seconds.toFixed(1)} s)`)
} catch (thrown) {
  console.error(log)
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 1
} finally {
  signalAll(npm, 'SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
