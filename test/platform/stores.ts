/**
 * Stores for tests of the platform: in a state folder and, where a server is at hand, on PostgreSQL.
 *
 * @module
 */

import { afterAll, describe } from 'vitest'
import { openStore, type Store } from '../../src/store/index.ts'
import { newPath } from '../store/folders.ts'
import { noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts'

/** Opens a store, with nothing in it; closed after the file's last test. */
export type NewStore = () => Promise<Store>

/** The same tests on both kinds of database. */
export function onBothDatabases(
  tests: (newStore: NewStore) => void,
  server: PostgresServer | undefined,
): void {
  describe('in a state folder', () => tests(keeping(async () => openStore({ stateDir: await newPath() }))))
  describe.skipIf(!server)(`on PostgreSQL${server ? '' : ` ${noPostgres}`}`, () =>
    tests(keeping(async () => openStore({ databaseUrl: await server!.newDatabase() }))),
  )
}

function keeping(open: NewStore): NewStore {
  const opened: Store[] = []
  afterAll(() => Promise.all(opened.map((store) => store.close())))
  return async () => {
    const store = await open()
    opened.push(store)
    return store
  }
}

/** To call at the top of a test file, with `await`. */
export async function postgresServer(): Promise<PostgresServer | undefined> {
  const server = await startPostgres()
  afterAll(() => server?.stop())
  return server
}
