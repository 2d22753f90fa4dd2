/**
 * Virtual environments of Python for clients that others wrote, kept in `node_modules/.cache`: made once, and anew when other packages
 * are wanted.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')
const cache = join(root, 'node_modules', '.cache', 'outflow-sdk')
/** Beside the SDK itself, what its suites need, and the versions of what it brings along. */
const requirements = join(root, 'test', 'sdk', 'requirements.txt')

/** The official Unstructured SDK. @returns the `bin` folder. @throws when there is no Python, or pip cannot do it */
export function sdkEnvironment(version: string): Promise<string> {
  return pythonEnvironment(`sdk-${version}`, ['-r', requirements, `unstructured-client==${version}`])
}

/** @returns the `bin` folder of an environment with these packages. @throws when there is no Python, or pip cannot do it */
export async function pythonEnvironment(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(cache, name)
  const stamp = join(folder, '.outflow-stamp')
  const wanted = createHash('sha256')
    .update(JSON.stringify(packages))
    .update(await readFile(requirements))
    .digest('hex')
  const bin = join(folder, 'bin')
  const isWhole = existsSync(stamp) && existsSync(join(bin, 'python'))
  if (isWhole && (await readFile(stamp, 'utf8')) === wanted) return bin
  await rm(folder, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  await succeed('python3', ['-m', 'venv', folder])
  await succeed(join(bin, 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    ...packages,
  ])
  await writeFile(stamp, wanted)
  return bin
}

function succeed(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', (thrown: NodeJS.ErrnoException) =>
      fail(
        thrown.code === 'ENOENT'
          ? new Error(`There is no ${program}: install Python 3.11 or newer.`)
          : thrown,
      ),
    )
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`${program} ${args.join(' ')} ended with ${code}`)),
    )
  })
}
