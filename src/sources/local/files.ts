/**
 * What there is below a folder, and what can go wrong with it.
 *
 * @module
 */

import type { Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { OutflowError } from '../../model/errors.ts'
import type { Found } from './documents.ts'

/** Where to look: a folder, and in it perhaps one file alone. Links in its own path are followed, once and for all. */
export interface Root {
  readonly folder: string
  readonly file?: string
}

/** @throws {OutflowError} kind `config`, code `local.not_there` */
export async function rootOf(given: string): Promise<Root> {
  try {
    const path = await realpath(given)
    const stats = await stat(path)
    return stats.isDirectory() ? { folder: path } : { folder: dirname(path), file: basename(path) }
  } catch (cause) {
    throw new OutflowError({
      kind: 'config',
      code: 'local.not_there',
      message: `There is no file or folder "${given}", or it cannot be read.`,
      fix: 'Correct the path, or let this account read it.',
      cause,
    })
  }
}

type Entry = { readonly name: string; readonly error?: OutflowError }

/** What Outflow remembers beside its output, and what makes a folder one that it writes to. */
const [stateFolder, outputMark] = ['.outflow', '_outflow']

/**
 * Files below, in the order of their names; a folder that cannot be listed comes with an error. Links are not followed, and what a run writes is
 * not read, where its output stands inside of what it reads.
 */
export async function* entriesOf(
  { folder, file }: Root,
  recursive: boolean,
  signal: AbortSignal,
  below = '',
): AsyncGenerator<Entry> {
  if (file !== undefined) {
    yield { name: file }
    return
  }
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((cause: unknown) =>
    unreadable(join(folder, below), cause),
  )
  if (entries instanceof OutflowError) {
    yield { name: below, error: entries }
    return
  }
  if (below !== '' && entries.some((entry) => entry.name === outputMark && entry.isDirectory())) return
  for (const entry of entries.sort(byName)) {
    signal.throwIfAborted()
    if (entry.name === stateFolder && entry.isDirectory()) continue
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isFile()) yield { name }
    else if (entry.isDirectory() && recursive) yield* entriesOf({ folder }, recursive, signal, name)
  }
}

const byName = (one: Dirent, other: Dirent) => (one.name < other.name ? -1 : 1)

/** @throws {OutflowError} kind `content` or `missing` */
export async function foundAt(folder: string, name: string): Promise<Found> {
  const path = join(folder, name)
  const stats = await lstat(path).catch((cause: unknown) => {
    throw isAbsent(cause) ? absent(path, cause) : unreadable(path, cause)
  })
  // Something else may stand there by now, or on the way there, such as a link to anywhere.
  if (!stats.isFile() || (await realpath(path).catch(() => undefined)) !== path) throw absent(path)
  return { path, name, stats }
}

const isAbsent = (thrown: unknown) =>
  ['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '')

const absent = (path: string, cause?: unknown) =>
  new OutflowError({
    kind: 'missing',
    code: 'local.file_gone',
    message: `There is no file ${path} any more.`,
    cause,
  })

const unreadable = (path: string, cause: unknown) =>
  new OutflowError({
    kind: 'permission',
    code: 'local.unreadable',
    message: `${path} cannot be read.`,
    fix: 'Let the account that runs this read it, or leave it out.',
    cause,
  })
