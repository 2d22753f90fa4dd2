/**
 * PostgreSQL in this process, over a state folder. One process at a time, one connection, one access path: all queries go through one
 * kysely, whose transactions wait for one another.
 *
 * @module
 */

import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Kysely, type KyselyPlugin, PGliteDialect } from 'kysely'
import type { Database } from './database.ts'
import type { Sync } from './durable-files.ts'
import { type Engine, startEngine } from './engine.ts'
import { damaged, folderTrouble, gaveUp, inUse, messageOf, queryTrouble } from './folder-problems.ts'
import { packedDatabase } from './fresh-database.ts'
import { type Lock, lockFolder } from './lock.ts'
import type { Tables } from './schema.ts'
import { databaseFolder, prepareFolder } from './state-folder.ts'
import { createUpkeep } from './upkeep.ts'

/**
 * @param command what the person called, for whoever is refused meanwhile; no secrets
 * @param sync for tests, which count
 * @throws {OutflowError} `config`: the folder is in use, damaged, of another version, something else or not writable, or its disk is full
 */
export async function openEmbedded(stateDir: string, command: string, sync?: Sync): Promise<Database> {
  const folder = resolve(stateDir)
  const unopened = (thrown: unknown) => damaged(folder, messageOf(thrown), thrown)
  const lock = await takeLock(folder, command)
  try {
    const place = await databaseFolder(folder, async (draft) => {
      const { database } = await startEngine(draft, { packed: await packedDatabase(), sync })
      await database.close()
    })
    return running(folder, await startEngine(place, { sync }), lock)
  } catch (thrown) {
    lock.release()
    throw folderTrouble(folder, thrown, unopened)
  }
}

async function takeLock(folder: string, command: string): Promise<Lock> {
  const unlockable = (thrown: unknown) => damaged(folder, `its lock says "${messageOf(thrown)}"`, thrown)
  try {
    await prepareFolder(folder)
    const answer = await lockFolder(folder, command)
    if ('lock' in answer) return answer.lock
    throw inUse(folder, answer.holder)
  } catch (thrown) {
    throw folderTrouble(folder, thrown, unlockable)
  }
}

function running(folder: string, { database, lastWords }: Engine, lock: Lock): Database {
  const tables = new Kysely<Tables>({
    dialect: new PGliteDialect({ pglite: database }),
    plugins: [breathing],
  })
  const upkeep = createUpkeep(tables)
  const name = `The state in ${folder}`
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    try {
      if (lastWords() !== undefined) return
      // What is recorded is on the disk already: if there is no room to tidy up, the next start does it.
      await upkeep.finish().catch(() => {})
      if (lastWords() === undefined) await tables.destroy()
    } finally {
      lock.release()
    }
  }

  return {
    tables,
    name,
    explain(thrown) {
      const words = lastWords()
      if (words === undefined) return queryTrouble(folder, name, thrown)
      const cause = new Error(words)
      return folderTrouble(folder, cause, () => gaveUp(name, cause))
    },
    changed: upkeep.changed,
    queueAccess: { embedded: database },
    close() {
      closed ??= close()
      return closed
    },
  }
}

/**
 * A query of PGlite is computed in this thread, and a row of them is one row of microtasks: without a breath after each, timers and sockets of
 * the whole process stand still.
 */
const breathing: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  async transformResult({ result }) {
    await setImmediate()
    return result
  },
}
