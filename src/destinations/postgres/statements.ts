/**
 * The statements that write and read documents, each to be run in a transaction.
 *
 * @module
 */

import { escapeIdentifier } from 'pg'
import type { Stored } from '../../model/contracts.ts'
import type { Document } from '../../model/document.ts'
import type { Element } from '../../model/element.ts'
import { type DocumentPermissions, permissionFields } from '../../model/permissions.ts'
import type { Query } from './database.ts'
import { accessFields, accessRow, documentRow, elementRows, storable, toJson } from './rows.ts'
import type { Layout, Tables } from './tables.ts'

const list = (names: readonly string[]) => names.map((name) => escapeIdentifier(name)).join(', ')

/** `(a, b) = row(excluded.a, excluded.b)` and the like, for any number of columns. */
const assign = (names: readonly string[], from: string) =>
  names.map((name) => `${escapeIdentifier(name)} = ${from}.${escapeIdentifier(name)}`).join(', ')

/** Replaces all rows of a document. Its row among the documents goes first: whoever else writes the same document waits there. */
export async function replaceDocument(
  query: Query,
  tables: Tables,
  { columns }: Layout,
  batchSize: number,
  document: Document,
  elements: readonly Element[],
): Promise<void> {
  const row = documentRow(document, elements.length)
  const names = Object.keys(row)
  await query(
    `insert into ${tables.documents} (${list(names)})
     select ${list(names)} from json_populate_record(null::${tables.documents}, $1)
     on conflict (id) do update set ${assign(names, 'excluded')}`,
    [toJson(row)],
  )
  await query(`delete from ${tables.elements} where record_id = $1`, [storable(document.id)])
  const rows = elementRows(document, elements, columns)
  const filled = [...new Set(rows.flatMap(Object.keys))]
  for (const batch of batches(rows.map(toJson), batchSize))
    await query(
      `insert into ${tables.elements} (${list(filled)})
       select ${list(filled)} from json_populate_recordset(null::${tables.elements}, $1)`,
      [`[${batch.join(',')}]`],
    )
}

/** Characters in one statement, about: what a server takes at once has an end. */
const largestBatch = 16_000_000

function* batches(rows: readonly string[], size: number): Generator<readonly string[]> {
  let batch: string[] = []
  let length = 0
  for (const row of rows) {
    if (batch.length > 0 && (batch.length === size || length + row.length > largestBatch)) {
      yield batch
      batch = []
      length = 0
    }
    batch.push(row)
    length += row.length
  }
  if (batch.length > 0) yield batch
}

/** @returns false when there is no such document */
export async function replaceAccess(
  query: Query,
  tables: Tables,
  { columns }: Layout,
  { id }: Stored,
  permissions: DocumentPermissions,
): Promise<boolean> {
  const row = accessRow(permissions)
  const { rowCount } = await query(
    `update ${tables.documents} as d set ${assign(Object.keys(row), 'given')}
     from json_populate_record(null::${tables.documents}, $2) as given where d.id = $1`,
    [storable(id), toJson(row)],
  )
  const fields = accessFields(permissions)
  const names = Object.keys(fields).filter((name) => columns.has(name))
  if (names.length > 0)
    await query(
      `update ${tables.elements} as e set ${assign(names, 'given')}
       from json_populate_record(null::${tables.elements}, $2) as given where e.record_id = $1`,
      [storable(id), toJson(fields)],
    )
  return rowCount !== 0
}

/** Columns without which elements cannot be put together again. */
const readable = ['type', 'element_id', 'text', 'metadata', 'element_index'] as const

/** Elements as they were uploaded; `undefined` when there are none, or the table keeps too little of them. */
export async function readDocument(
  query: Query,
  tables: Tables,
  { columns }: Layout,
  { id }: Stored,
): Promise<readonly Element[] | undefined> {
  if (!readable.every((name) => columns.has(name))) return undefined
  const { rows: documents } = await query(`select permissions from ${tables.documents} where id = $1`, [
    storable(id),
  ])
  if (documents.length === 0) return undefined
  const { rows } = await query(
    `select type, element_id, text, metadata from ${tables.elements} where record_id = $1 order by element_index`,
    [storable(id)],
  )
  const access = permissionFields(documents[0]!.permissions as DocumentPermissions)
  return rows.map(({ metadata, ...own }) => {
    const { data_source, ...known } = metadata as Element['metadata']
    const source = data_source && { ...data_source, ...access }
    return { ...own, metadata: { ...known, ...(source && { data_source: source }) } } as Element
  })
}

export async function removeDocument(query: Query, tables: Tables, { id }: Stored): Promise<void> {
  await query(`delete from ${tables.documents} where id = $1`, [storable(id)])
  await query(`delete from ${tables.elements} where record_id = $1`, [storable(id)])
}

/** Ids of documents that are gone, are there in another version, or have not all of their rows. */
export async function missingDocuments(
  query: Query,
  tables: Tables,
  stored: readonly Stored[],
): Promise<readonly string[]> {
  const { rows } = await query(
    `select s.place::integer - 1 as index
     from unnest($1::text[], $2::text[]) with ordinality as s (id, version, place)
     left join ${tables.documents} d on d.id = s.id and d.version = s.version
     left join (
       select record_id, count(*) as rows from ${tables.elements} where record_id = any ($1) group by record_id
     ) e on e.record_id = s.id
     where d.id is null or d.elements <> coalesce(e.rows, 0)`,
    [stored.map(({ id }) => storable(id)), stored.map(({ version }) => storable(version))],
  )
  return rows.map(({ index }) => stored[Number(index)]!.id)
}
