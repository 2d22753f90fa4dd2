/**
 * The ledger in a database; the same on PGlite and on a server.
 *
 * @module
 */

import { type RawBuilder, sql } from 'kysely'
import type { JobFinished } from '../model/events.ts'
import type { FoundEntry, JobRecord, Ledger, LedgerEntry, Leftover } from '../model/ledger.ts'
import { entryJson, upsertEntries } from './entry-sql.ts'
import { type Database, schemaName } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

/** Rows of one statement that reads: 40 ms of PGlite's time, in which nothing else in the process goes on. */
const pageSize = 2000

/** Rows of one statement that writes. */
const sliceSize = 1000

export function createLedger(database: Database): Ledger {
  const tables = database.tables.withSchema(schemaName)

  async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (thrown) {
      throw database.explain(thrown)
    }
  }

  /** One JSON text of a whole result. */
  async function json<Value>(
    query: RawBuilder<{ readonly json: string | null }>,
  ): Promise<Value | undefined> {
    const { rows } = await attempt(() => query.execute(tables))
    const text = rows[0]?.json ?? null
    return text === null ? undefined : restoredJson<Value>(text)
  }

  async function recordAll(workflow: string, entries: readonly LedgerEntry[]): Promise<void> {
    const slices = inSlices(lastOfEach(entries, ({ document }) => document.id)).map(storableJson)
    const write = async (to: typeof tables) => {
      for (const slice of slices) await upsertEntries(workflow, slice).execute(to)
    }
    // One statement is a transaction by itself.
    await (slices.length === 1 ? write(tables) : tables.transaction().execute(write))
    const size = slices.reduce((sum, slice) => sum + slice.length, 0)
    await database.changed('documents', entries.length, size)
  }

  async function keepAll(workflow: string, leftovers: readonly Leftover[]): Promise<void> {
    const latest = lastOfEach(leftovers, ({ documentId }) => documentId)
    await tables.transaction().execute(async (transaction) => {
      for (const { documentId, stage, contentDigest, recipe, elements } of latest)
        await transaction
          .insertInto('leftovers')
          .values({
            workflow,
            document_id: storable(documentId),
            stage,
            content_digest: contentDigest,
            recipe: storable(recipe),
            elements,
          })
          .onConflict((conflict) =>
            conflict.columns(['workflow', 'document_id']).doUpdateSet(({ ref }) => ({
              stage: ref('excluded.stage'),
              content_digest: ref('excluded.content_digest'),
              recipe: ref('excluded.recipe'),
              elements: ref('excluded.elements'),
            })),
          )
          .execute()
    })
    const size = latest.reduce((sum, { elements }) => sum + elements.length, 0)
    await database.changed('leftovers', latest.length, size)
  }

  return {
    async *entries(workflow, { signal }) {
      let after = ''
      for (;;) {
        signal.throwIfAborted()
        const page = await json<LedgerEntry[]>(sql`
          select json_agg(entry)::text as json
          from (
            select ${entryJson} as entry from outflow.documents
            where workflow = ${workflow} and id > ${after} order by id limit ${pageSize}
          ) as page`)
        if (page === undefined) return
        yield page
        if (page.length < pageSize) return
        after = storable(page.at(-1)!.document.id)
      }
    },

    async record(workflow, entries) {
      if (entries.length > 0) await attempt(() => recordAll(workflow, entries))
    },

    async find({ objectId, url, title }) {
      const wanted = Object.entries({ object_id: objectId, url, title }).flatMap(([column, value]) =>
        value === undefined ? [] : [sql`${sql.ref(column)} = ${storable(value)}`],
      )
      if (wanted.length === 0) return []
      const found = await json<(Omit<FoundEntry, 'changedAt'> & { readonly changedAt: string })[]>(sql`
        select json_agg(json_build_object('workflow', workflow, 'entry', ${entryJson}, 'changedAt', changed_at)
          order by workflow, id)::text as json
        from outflow.documents where ${sql.join(wanted, sql` or `)}`)
      return (found ?? []).map((each) => ({ ...each, changedAt: new Date(each.changedAt) }))
    },

    async keep(workflow, leftovers) {
      if (leftovers.length > 0) await attempt(() => keepAll(workflow, leftovers))
    },

    async leftover(workflow, documentId) {
      const row = await attempt(() =>
        tables
          .selectFrom('leftovers')
          .select(['stage', 'content_digest', 'recipe', 'elements'])
          .where('workflow', '=', workflow)
          .where('document_id', '=', storable(documentId))
          .executeTakeFirst(),
      )
      if (!row) return undefined
      return {
        documentId,
        stage: row.stage as Leftover['stage'],
        contentDigest: row.content_digest,
        recipe: restored(row.recipe),
        elements: new Uint8Array(row.elements),
      }
    },

    async drop(workflow, documentIds) {
      if (documentIds.length === 0) return
      const { numDeletedRows } = await attempt(() =>
        tables
          .deleteFrom('leftovers')
          .where('workflow', '=', workflow)
          .where('document_id', '=', sql<string>`any(${documentIds.map(storable)}::text[])`)
          .executeTakeFirst(),
      )
      await database.changed('leftovers', Number(numDeletedRows), 0)
    },

    async recordJob(workflow, { id, startedAt, recipe, finished }) {
      const values = {
        started_at: startedAt,
        recipe: storable(recipe),
        finished: finished === undefined ? null : storableJson(finished),
      }
      await attempt(() =>
        tables
          .insertInto('jobs')
          .values({ workflow, id, ...values })
          .onConflict((conflict) => conflict.columns(['workflow', 'id']).doUpdateSet(values))
          .execute(),
      )
    },

    async lastJob(workflow) {
      const row = await attempt(() =>
        tables
          .selectFrom('jobs')
          .select(['id', 'started_at', 'recipe', 'finished'])
          .where('workflow', '=', workflow)
          .orderBy('started_at', 'desc')
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst(),
      )
      if (!row) return undefined
      const job: JobRecord = { id: row.id, startedAt: row.started_at, recipe: restored(row.recipe) }
      return row.finished === null ? job : { ...job, finished: restoredJson<JobFinished>(row.finished) }
    },

    close: database.close,
  }
}

/** Sorted by key, the last of each: one statement takes a row once, and all writers take rows in the same order. */
function lastOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

function inSlices<Item>(items: readonly Item[]): (readonly Item[])[] {
  const slices: (readonly Item[])[] = []
  for (let at = 0; at < items.length; at += sliceSize) slices.push(items.slice(at, at + sliceSize))
  return slices
}
