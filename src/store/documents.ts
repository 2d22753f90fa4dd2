/**
 * The ledger's entries.
 *
 * @module
 */

import { type RawBuilder, sql } from 'kysely'
import type { FoundEntry, Ledger, LedgerEntry } from '../model/ledger.ts'
import { attempt, type Database } from './database.ts'
import { type EntryRow, entryColumns, entryOf, upsertEntries } from './entry-sql.ts'
import { lastOfEach } from './last-of-each.ts'
import { restoredJson, storable, storableJson } from './storable-text.ts'

/** Rows of one statement that reads: some 40 ms of PGlite's time, in which nothing else in the process goes on. */
const pageSize = 2000

/** Rows of one statement that writes. */
const sliceSize = 1000

export function createDocuments(database: Database): Pick<Ledger, 'entries' | 'record' | 'find'> {
  const { tables } = database

  /** One JSON text of a whole result. */
  async function read<Value>(
    query: RawBuilder<{ readonly json: string | null }>,
  ): Promise<Value | undefined> {
    const { rows } = await query.execute(tables)
    const json = rows[0]?.json ?? null
    return json === null ? undefined : restoredJson<Value>(json)
  }

  async function page(workflow: string, after: string): Promise<readonly LedgerEntry[]> {
    const query = sql<{ readonly json: string | null }>`
      select json_agg(page)::text as json
      from (
        select ${entryColumns} from outflow.documents
        where workflow = ${workflow} and id > ${after} order by id limit ${pageSize}
      ) as page`
    const rows = await attempt(database, () => read<readonly EntryRow[]>(query))
    return (rows ?? []).map(entryOf)
  }

  async function record(workflow: string, entries: readonly LedgerEntry[]): Promise<void> {
    const slices = inSlices(lastOfEach(entries, ({ document }) => document.id)).map(storableJson)
    const write = async (to: typeof tables) => {
      for (const slice of slices) await upsertEntries(workflow, slice).execute(to)
    }
    // One statement is a transaction by itself.
    await (slices.length === 1 ? write(tables) : tables.transaction().execute(write))
    const size = slices.reduce((sum, slice) => sum + slice.length, 0)
    await database.changed('documents', entries.length, size)
  }

  /** @param wanted any of these will do */
  async function find(wanted: readonly RawBuilder<unknown>[]): Promise<FoundEntry[]> {
    const found = await read<(EntryRow & { readonly workflow: string; readonly changed_at: string })[]>(sql`
      select json_agg(found)::text as json
      from (
        select workflow, changed_at, ${entryColumns} from outflow.documents
        where ${sql.join(wanted, sql` or `)} order by workflow, id
      ) as found`)
    return (found ?? []).map((row) => ({
      workflow: row.workflow,
      entry: entryOf(row),
      changedAt: new Date(row.changed_at),
    }))
  }

  return {
    async *entries(workflow, { signal }) {
      let after = ''
      let batch: readonly LedgerEntry[]
      do {
        signal.throwIfAborted()
        batch = await page(workflow, after)
        if (batch.length > 0) yield batch
        after = storable(batch.at(-1)?.document.id ?? '')
      } while (batch.length === pageSize)
    },
    async record(workflow, entries) {
      if (entries.length > 0) await attempt(database, () => record(workflow, entries))
    },
    async find({ id, objectId, url, title }) {
      const wanted = Object.entries({ id, object_id: objectId, url, title }).flatMap(([column, value]) =>
        value === undefined ? [] : [sql`${sql.ref(column)} = ${storable(value)}`],
      )
      return wanted.length === 0 ? [] : attempt(database, () => find(wanted))
    },
  }
}

function inSlices<Item>(items: readonly Item[]): (readonly Item[])[] {
  const slices: (readonly Item[])[] = []
  for (let at = 0; at < items.length; at += sliceSize) slices.push(items.slice(at, at + sliceSize))
  return slices
}
