/**
 * The runs that there were.
 *
 * @module
 */

import type { JobFinished } from '../model/events.ts'
import type { JobRecord, Ledger } from '../model/ledger.ts'
import { attempt, type Database } from './database.ts'
import { schemaName } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

export function createRuns(database: Database): Pick<Ledger, 'recordJob' | 'lastJob'> {
  const tables = database.tables.withSchema(schemaName)

  async function recordJob(workflow: string, { id, startedAt, recipe, finished }: JobRecord): Promise<void> {
    const values = {
      started_at: startedAt,
      recipe: storable(recipe),
      finished: finished === undefined ? null : storableJson(finished),
    }
    await tables
      .insertInto('runs')
      .values({ workflow, id, ...values })
      .onConflict((conflict) => conflict.columns(['workflow', 'id']).doUpdateSet(values))
      .execute()
  }

  async function lastJob(workflow: string): Promise<JobRecord | undefined> {
    const row = await tables
      .selectFrom('runs')
      .select(['id', 'started_at', 'recipe', 'finished'])
      .where('workflow', '=', workflow)
      .orderBy('started_at', 'desc')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!row) return undefined
    const job: JobRecord = { id: row.id, startedAt: row.started_at, recipe: restored(row.recipe) }
    return row.finished === null ? job : { ...job, finished: restoredJson<JobFinished>(row.finished) }
  }

  return {
    recordJob: (workflow, job) => attempt(database, () => recordJob(workflow, job)),
    lastJob: (workflow) => attempt(database, () => lastJob(workflow)),
  }
}
