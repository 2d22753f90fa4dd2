/**
 * Workspaces: what belongs to one is not there for another. A workspace's id is the name that people gave it.
 *
 * @module
 */

import { attempt, type Database } from './database.ts'
import { schemaName } from './schema.ts'

export interface WorkspaceRecords {
  /** Makes it, unless it is there. */
  ensure(id: string): Promise<void>
  /** In the order in which they were made. */
  list(): Promise<readonly string[]>
}

export function createWorkspaces(database: Database): WorkspaceRecords {
  const tables = database.tables.withSchema(schemaName)
  return {
    async ensure(id) {
      await attempt(database, () =>
        tables
          .insertInto('workspaces')
          .values({ id, name: id })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      )
    },
    list: () =>
      attempt(database, async () => {
        const rows = await tables
          .selectFrom('workspaces')
          .select('id')
          .orderBy('created_at')
          .orderBy('id')
          .execute()
        return rows.map(({ id }) => id)
      }),
  }
}
