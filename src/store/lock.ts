/**
 * One process at a time in a state folder. PGlite would let a second one in, and both would lose what they write. The lock is one that the
 * operating system holds for an open file, by way of SQLite: it is gone when the process is, however it ended, so nothing stale is
 * ever left behind. Local disks only: a network file system may not keep such locks.
 *
 * @module
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'

export const lockName = 'outflow.lock'

/** Beside the lock: who holds it. */
export const holderName = 'outflow.lock.json'

export interface Holder {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
  /** `outflow run`. */
  readonly command: string
}

export interface Lock {
  release(): void
}

/** SQLite's codes: https://sqlite.org/rescode.html */
const busy = 5

/**
 * @param command what the person called; no secrets
 * @returns the lock, or who holds it: `undefined` when that cannot be told
 * @throws what the file system throws, and SQLite's errors
 */
export async function lockFolder(
  folder: string,
  command: string,
): Promise<{ readonly lock: Lock } | { readonly holder: Holder | undefined }> {
  const database = new (sqlite())(join(folder, lockName))
  try {
    database.exec('begin exclusive')
  } catch (thrown) {
    database.close()
    if ((thrown as { readonly errcode?: number }).errcode !== busy) throw thrown
    return { holder: await holderOf(folder) }
  }
  const holder = join(folder, holderName)
  try {
    writeFileSync(holder, `${JSON.stringify(thisProcess(command), null, 2)}\n`)
  } catch (thrown) {
    database.close()
    throw thrown
  }
  return {
    lock: {
      release() {
        rmSync(holder, { force: true })
        database.close()
      },
    },
  }
}

const thisProcess = (command: string): Holder => ({
  pid: process.pid,
  host: hostname(),
  since: new Date().toISOString(),
  command,
})

/** The holder writes its name right after it got the lock: a reader may be quicker, and see nothing yet, or the one before. */
async function holderOf(folder: string): Promise<Holder | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    const holder = readHolder(join(folder, holderName))
    if (holder && isRunning(holder)) return holder
    await setTimeout(50)
  }
  return undefined
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isRunning({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // It runs, as somebody else.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Node 22 warns of its SQLite when it is first loaded, which would be on everybody's screen; no other warning is kept back. */
function sqlite(): typeof DatabaseSync {
  const { emitWarning } = process
  process.emitWarning = (...warning: unknown[]) => {
    if (!String(warning[0]).startsWith('SQLite is an experimental feature'))
      Reflect.apply(emitWarning, process, warning)
  }
  try {
    return process.getBuiltinModule('node:sqlite').DatabaseSync
  } finally {
    process.emitWarning = emitWarning
  }
}
