/**
 * The two sides of a row in `documents`: JSON of ledger entries goes in, JSON of ledger entries comes out, and the columns between them exist
 * in SQL alone. One text a batch in either direction is several times as fast as a value a column.
 *
 * @module
 */

import { type RawBuilder, sql } from 'kysely'

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

/** The JSON of an entry from its row. */
export const entryJson: RawBuilder<unknown> = sql`json_strip_nulls(json_build_object(
  'document', json_build_object('id', id, 'kind', kind, 'title', title, 'url', url, 'space', space),
  'place', json_build_object('site', site, 'objectId', object_id, 'spaceId', space_id, 'parentIds', parent_ids),
  'version', version, 'state', state, 'stage', stage, 'attempts', attempts,
  'error', error, 'reason', reason, 'delivered', delivered))`

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
