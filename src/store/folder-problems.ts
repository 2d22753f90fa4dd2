/**
 * What can be wrong with a state folder, said to a person. Nothing in a folder is overwritten or taken away by any of it.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import type { Holder } from './lock.ts'

function notAFolder(folder: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.not_a_folder',
    message: `The state folder ${folder} is a file, or lies below one.`,
    fix: 'Name another folder with --state.',
    cause,
  })
}

/** @param found a name in it */
export function foreignFolder(folder: string, found: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.foreign_folder',
    message: `The folder ${folder} holds other things (${found}) and no state.`,
    fix: 'Name an empty folder with --state, or one that is not there yet.',
  })
}

export function inUse(folder: string, holder: Holder | undefined): OutflowError {
  const by = holder
    ? `${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
    : 'another process'
  return new OutflowError({
    kind: 'config',
    code: 'state.in_use',
    message: `The state folder ${folder} is in use by ${by}.`,
    fix: 'Wait until it is done, or name another folder with --state.',
  })
}

/** @param why what is missing, or what PostgreSQL said */
export function damaged(folder: string, why: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.damaged',
    message: `The state in ${folder} cannot be opened: ${why}.`,
    fix: 'Put a backup of the folder in its place. Without one, move it away: the next run processes everything again.',
    cause,
  })
}

/** @param found major version of the PostgreSQL that wrote it */
export function otherPostgres(folder: string, found: number, wanted: number): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.other_postgres',
    message: `The state in ${folder} is of PostgreSQL ${found}, and this Outflow brings ${wanted}.`,
    fix: 'Go on with the Outflow that wrote it, or let it "db export" and this one "db import". Otherwise move the folder away: the next run processes everything again.',
  })
}

/**
 * What Node, SQLite, the embedded database's file system or the database threw over a folder.
 *
 * @param otherwise what it is when it is about no lack of room or right
 */
export function folderTrouble(
  folder: string,
  thrown: unknown,
  otherwise: (thrown: unknown) => OutflowError,
): OutflowError {
  if (thrown instanceof OutflowError) return thrown
  const reason = reasonOf(thrown) ?? reasonIn(messageOf(thrown))
  if (reason === undefined) return otherwise(thrown)
  if (reason === 'ENOTDIR' || reason === 'EEXIST') return notAFolder(folder, thrown)
  if (reason === 'ENOSPC')
    return new OutflowError({
      kind: 'config',
      code: 'state.disk_full',
      message: `No room is left for the state folder ${folder}.`,
      fix: 'Free some space and run again; everything recorded so far is kept.',
      cause: slim(thrown),
    })
  return new OutflowError({
    kind: 'config',
    code: 'state.not_writable',
    message: `The state folder ${folder} cannot be written to (${reason}).`,
    fix: 'Give this user the right to write there, or name another folder with --state.',
    cause: slim(thrown),
  })
}

/** PostgreSQL stopped in the middle of its work: a disk that fails, most likely. */
export function gaveUp(name: string, cause: Error): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'state.gave_up',
    message: `${name} stopped working: ${cause.message}.`,
    fix: 'See to the disk and run again; everything recorded so far is kept.',
    cause,
  })
}

/** A table whose pages make no sense, an index likewise, a file that is not there. */
const damage: ReadonlySet<string> = new Set(['XX001', 'XX002', '58P01'])

/** A query failed in a database that goes on. */
export function queryTrouble(folder: string, name: string, thrown: unknown): OutflowError {
  return folderTrouble(folder, thrown, () =>
    damage.has(codeOf(thrown)) ? damaged(folder, messageOf(thrown), slim(thrown)) : refused(name, thrown),
  )
}

/** A call that the database did not take. */
export function refused(name: string, thrown: unknown): OutflowError {
  return new OutflowError({
    kind: 'bug',
    code: 'state.refused',
    message: `${name} refused a call: ${messageOf(thrown)}.`,
    fix: 'Please report this with the command that led to it.',
    cause: slim(thrown),
  })
}

/** Of Node, or PostgreSQL's SQLSTATE; empty where there is none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Database errors carry the query and everything in it, which belongs into no log. */
export function slim(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const { name, message, stack } = thrown
  return Object.assign(new Error(message), { name, stack })
}

/** By Node's name, by emscripten's number, by SQLite's (https://sqlite.org/rescode.html), by PostgreSQL's class. */
const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'ENOTDIR',
  EEXIST: 'EEXIST',
  ENOSPC: 'ENOSPC',
  EDQUOT: 'ENOSPC',
  EACCES: 'EACCES',
  EPERM: 'EPERM',
  EROFS: 'EROFS',
  'wasm 51': 'ENOSPC',
  'wasm 19': 'ENOSPC',
  'wasm 2': 'EACCES',
  'wasm 63': 'EPERM',
  'wasm 69': 'EROFS',
  'sqlite 13': 'ENOSPC',
  'sqlite 8': 'EROFS',
  'sqlite 14': 'EACCES',
  '53100': 'ENOSPC',
}

function reasonOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const { name, errno, errcode } = thrown as Record<string, unknown>
  if (typeof errcode === 'number') return reasons[`sqlite ${errcode & 0xff}`]
  if (name === 'ErrnoError') return reasons[`wasm ${String(errno)}`]
  return reasons[codeOf(thrown)]
}

/** In PostgreSQL's words, when it had no time for more. */
function reasonIn(text: string): string | undefined {
  if (/No space left on device|Quota exceeded/i.test(text)) return 'ENOSPC'
  if (/Read-only file system/i.test(text)) return 'EROFS'
  return /Permission denied/i.test(text) ? 'EACCES' : undefined
}
