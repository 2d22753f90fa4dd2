/**
 * The state folder on disk: `outflow.lock`, who holds it, and `database/`. A database comes into being under another name and is put in
 * place whole, so that what stands there is either complete or damaged, never half made.
 *
 * @module
 */

import { constants } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { damaged, foreignFolder, otherPostgres } from './folder-problems.ts'
import { lockName } from './lock.ts'

/** Major version of the PostgreSQL in PGlite. */
const major = 18

/** What a folder may hold although nobody put it there. */
const strays: ReadonlySet<string> = new Set(['lost+found', '.DS_Store'])

/**
 * Makes the folder where it is missing, closed to other people.
 *
 * @throws {OutflowError} `config`: it holds something else
 * @throws what the file system throws
 */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(folder, { mode: 0o700 }).catch(unlessThere)
  const names = (await readdir(folder)).filter((name) => !strays.has(name))
  if (names.length > 0 && !names.includes(lockName)) throw foreignFolder(folder, names[0]!)
  await access(folder, constants.W_OK)
}

function unlessThere(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'EEXIST') throw thrown
}

/**
 * The folder of the database; made with `make` the first time. Only for who holds the lock.
 *
 * @throws {OutflowError} `config`: damaged, or of another PostgreSQL
 */
export async function databaseFolder(
  folder: string,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const place = join(folder, 'database')
  const names = await readdir(folder)
  if (names.includes('database')) await verify(folder, place)
  else await makeWhole(folder, place, make)
  return place
}

async function makeWhole(
  folder: string,
  place: string,
  make: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(folder, 'database.draft')
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(draft, { mode: 0o700 })
    await make(draft)
    await syncTree(draft)
    await rename(draft, place)
    await syncPath(folder)
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    throw thrown
  }
}

/** Without these PostgreSQL would fail, some of it only after it has written. */
const required = ['global/pg_control', 'base', 'pg_wal', 'pg_xact']

async function verify(folder: string, place: string): Promise<void> {
  const version = await readFile(join(place, 'PG_VERSION'), 'utf8').catch((thrown: unknown) => {
    throw damaged(folder, 'the file database/PG_VERSION cannot be read', thrown)
  })
  if (!/^\d+\n?$/.test(version)) throw damaged(folder, 'the file database/PG_VERSION holds no version')
  if (Number(version) !== major) throw otherPostgres(folder, Number(version), major)
  for (const name of required)
    await access(join(place, name)).catch((thrown: unknown) => {
      throw damaged(folder, `database/${name} is missing`, thrown)
    })
}

/** Files that are brought to the disk at the same time: four times as fast as one after the other, and far from any limit on open ones. */
const together = 64

/** Everything below a folder, on the disk. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  for (let at = 0; at < paths.length; at += together)
    await Promise.all(paths.slice(at, at + together).map(syncPath))
  await syncPath(folder)
}

/** A file, or the names in a folder, on the disk. */
export async function syncPath(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
