/**
 * One PGlite over a folder, which is asked for nothing any more once its PostgreSQL gave up: PGlite would go on calling it, and never
 * return.
 *
 * @module
 */

import { PGlite, type PGliteOptions, types } from '@electric-sql/pglite'
import { durableFiles, durableParameters, durableSetting, type Sync } from './durable-files.ts'

export interface Engine {
  readonly database: PGlite
  /** Why PostgreSQL gave up, in its words; `undefined` as long as it runs. */
  lastWords(): string | undefined
}

/** Memory of PGlite never shrinks, so little of it is asked for; of the log, no more is kept than will soon be written over. */
const configuration = ['shared_buffers = 16MB', 'min_wal_size = 32MB', 'max_wal_size = 64MB', durableSetting]

/** All that a database is made with. */
export const settings = { startParams: durableParameters, postgresqlconf: configuration }

interface EngineOptions {
  /** A packed database that an empty folder begins with; without it, one is made, which takes three times as long. */
  readonly packed?: Blob | undefined
  /** For tests, which count. */
  readonly sync?: Sync | undefined
}

/**
 * Starts it, and makes the database first where the folder is empty.
 *
 * @throws an error with PostgreSQL's last words, or what the file system threw
 */
export async function startEngine(folder: string, { packed, sync }: EngineOptions = {}): Promise<Engine> {
  let words: string | undefined
  const giveUp = (said: string) => {
    // The first words are the reason; what follows comes from it.
    words ??= said
    database.execProtocolRawSync = () => {
      throw new Error(words)
    }
  }
  const database = new PGlite({
    fs: durableFiles(folder, sync),
    ...settings,
    ...(packed && { loadDataDir: packed }),
    onStderr(line) {
      const said = /\b(?:FATAL|PANIC): +(.*)/.exec(line)?.[1]
      if (said !== undefined) giveUp(said)
      return false
    },
    ...bytes,
  })
  try {
    await database.waitReady
  } catch (thrown) {
    throw words === undefined ? thrown : new Error(words, { cause: thrown })
  }
  return { database, lastWords: () => words }
}

/** PGlite's own way with bytes takes a second for five megabytes. */
const bytes: Pick<PGliteOptions, 'serializers' | 'parsers'> = {
  serializers: { [types.BYTEA]: (value: Uint8Array) => `\\x${Buffer.from(value).toString('hex')}` },
  parsers: { [types.BYTEA]: (text: string) => Buffer.from(text.slice('\\x'.length), 'hex') },
}
