/**
 * How old what destinations hold is, for metrics.
 *
 * @module
 */

import { sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName } from './schema.ts'

/** In seconds. */
export interface WorkflowAge {
  readonly workflow: string
  /** Since the last job began that read all of the source. One whose every page failed counts, too: that shows elsewhere. */
  readonly dataSeconds: number
  /** Since the last job began that compared all permissions. The same for now: every job that reads a source reads both. */
  readonly accessSeconds: number
}

export interface AgeRecords {
  /** Of every workflow that people made and that has ever been run to its end. */
  ofWorkflows(): Promise<readonly WorkflowAge[]>
}

export function createAges(database: Database): AgeRecords {
  const tables = database.tables.withSchema(schemaName)
  return {
    async ofWorkflows() {
      const rows = await attempt(database, () =>
        tables
          .selectFrom('jobs')
          .innerJoin('workflows', 'workflows.id', 'jobs.workflow')
          .where('workflows.deleted_at', 'is', null)
          .where('workflows.ephemeral', '=', false)
          .where('jobs.state', 'in', ['finished', 'finished_with_failures', 'held'])
          .where(sql<string>`coalesce(jobs.options->>'onlyFailed', 'false')`, '=', 'false')
          .groupBy('workflows.id')
          .select('workflows.id')
          .select(sql<string>`extract(epoch from now() - max(jobs.started_at))`.as('seconds'))
          .execute(),
      )
      return rows.map(({ id, seconds }) => {
        const age = Number(seconds)
        return { workflow: id, dataSeconds: age, accessSeconds: age }
      })
    },
  }
}
