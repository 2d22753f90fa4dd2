/**
 * One PGlite over a folder, which is asked for nothing any more once its PostgreSQL gave up: PGlite would go on calling it, and never
 * return.
 *
 * @module
 */

import { PGlite, types } from '@electric-sql/pglite'
import { durableFiles, durableStart, type Sync } from './durable-files.ts'

export interface Engine {
  readonly database: PGlite
  /** Why PostgreSQL gave up, in its words; `undefined` as long as it runs. */
  lastWords(): string | undefined
}

/** Memory of PGlite never shrinks, so little of it is asked for; old log is kept for little more than the next one to be written over it. */
const configuration = [
  'shared_buffers = 16MB',
  'min_wal_size = 32MB',
  'max_wal_size = 64MB',
  durableStart.walSyncMethod,
]

/**
 * Starts it, and makes the database first where the folder is empty: 3 s then, else half a second.
 *
 * @param sync for tests, which count
 * @throws an error with PostgreSQL's last words, or what the file system threw
 */
export async function startEngine(folder: string, sync?: Sync): Promise<Engine> {
  let words: string | undefined
  const listen = (line: string) => {
    words ??= /\b(?:FATAL|PANIC): +(.*)/.exec(line)?.[1]
    if (words !== undefined) silence()
    return false
  }
  const database = new PGlite({
    fs: durableFiles(folder, sync),
    startParams: durableStart.startParams,
    postgresqlconf: configuration,
    onStderr: listen,
    serializers: { [types.BYTEA]: (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString('hex')}` },
    parsers: { [types.BYTEA]: (text: string) => Buffer.from(text.slice('\\x'.length), 'hex') },
  })
  function silence(): void {
    database.execProtocolRawSync = () => {
      throw new Error(words)
    }
  }
  try {
    await database.waitReady
  } catch (thrown) {
    throw words === undefined ? thrown : new Error(words, { cause: thrown })
  }
  return { database, lastWords: () => words }
}
