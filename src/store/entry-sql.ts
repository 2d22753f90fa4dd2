/**
 * The two sides of a row in `documents`: JSON of ledger entries goes in, JSON of rows comes out. One text a batch in either direction is several
 * times as fast as a value a column.
 *
 * @module
 */

import { type RawBuilder, sql } from 'kysely'
import type { LedgerEntry } from '../model/ledger.ts'

/** Column, and where it stands in the JSON of an entry. */
const columns: Readonly<Record<string, string>> = {
  id: `document->>'id'`,
  kind: `document->>'kind'`,
  title: `document->>'title'`,
  url: `document->>'url'`,
  space: `document->>'space'`,
  site: `place->>'site'`,
  object_id: `place->>'objectId'`,
  space_id: `place->>'spaceId'`,
  parent_ids: `place->'parentIds'`,
  version: 'version',
  state: 'state',
  stage: 'stage',
  attempts: 'attempts',
  error: 'error',
  reason: 'reason',
  delivered: 'delivered',
}

const names = Object.keys(columns)
const besideKey = names.filter((name) => name !== 'id')
const each = (list: readonly string[], form: (name: string) => string) => sql.raw(list.map(form).join(', '))

/** The columns of an entry, for a query to select; see `entryOf`. */
export const entryColumns: RawBuilder<unknown> = each(names, (name) => name)

/** A row as `json_agg` gives it. Cheaper to tell in JSON than an entry is: what is null is left out here. */
export interface EntryRow {
  readonly id: string
  readonly kind: LedgerEntry['document']['kind']
  readonly title: string
  readonly url: string
  readonly space: string
  readonly site: string
  readonly object_id: string
  readonly space_id: string
  readonly parent_ids: readonly string[]
  readonly version: string
  readonly state: LedgerEntry['state']
  readonly stage: NonNullable<LedgerEntry['stage']> | null
  readonly attempts: number
  readonly error: NonNullable<LedgerEntry['error']> | null
  readonly reason: string | null
  readonly delivered: NonNullable<LedgerEntry['delivered']> | null
}

export function entryOf(row: EntryRow): LedgerEntry {
  const { id, kind, title, url, space, site, object_id, space_id, parent_ids } = row
  const { version, state, stage, attempts, error, reason, delivered } = row
  return {
    document: { id, kind, title, url, space },
    place: { site, objectId: object_id, spaceId: space_id, parentIds: parent_ids },
    ...{ version, state, attempts },
    ...(stage !== null && { stage }),
    ...(error !== null && { error }),
    ...(reason !== null && { reason }),
    ...(delivered !== null && { delivered }),
  }
}

/**
 * Replaces rows. A row that stays as it is is not written. Rows are locked in the order in which they come: entries have to be sorted by id, or
 * two writers may wait for one another, and each id may be there only once.
 *
 * @param entries JSON array of `LedgerEntry`
 */
export function upsertEntries(workflow: string, entries: string): RawBuilder<unknown> {
  return sql`
    insert into outflow.documents as stored (workflow, ${each(names, (name) => name)})
    select ${workflow}, ${each(names, (name) => `given.${columns[name]}`)}
    from jsonb_to_recordset(${entries}::jsonb) as given(
      document jsonb, place jsonb, version text, state text, stage text, attempts integer,
      error jsonb, reason text, delivered jsonb)
    on conflict (workflow, id) do update
    set ${each(besideKey, (name) => `${name} = excluded.${name}`)}, changed_at = now()
    where (${each(besideKey, (name) => `stored.${name}`)})
      is distinct from (${each(besideKey, (name) => `excluded.${name}`)})`
}
