/**
 * Documents and elements as rows. A row travels as JSON: the server itself turns each value into the type of its column, so that a
 * table may have its columns in any type that can hold them.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Document } from '../../model/document.ts'
import type { DataSource, Element } from '../../model/element.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'

export interface Column {
  readonly name: string
  /** Of its type, as in pg_type: `S` text, `D` date and time, `A` array, `U` others. */
  readonly category: string
}

export type Columns = ReadonlyMap<string, Column>

export type Row = Readonly<Record<string, unknown>>

/** Row of the table of documents. */
export const documentRow = (document: Document, elements: number): Row => ({
  id: document.id,
  version: document.version,
  kind: document.kind,
  space: document.space,
  title: document.title,
  url: document.url,
  elements,
  ...accessRow(document.permissions),
})

/** What of a row in the table of documents tells who may read it. */
export const accessRow = (permissions: DocumentPermissions): Row => ({
  readers: readersOf(permissions),
  permissions,
})

/**
 * Who may read, in one list: `user:…` and `group:…`, with the ids of `permissions_data`. Empty, so that it lets nobody in, for
 * permissions that are `unknown`.
 */
function readersOf({ data: [{ read }], status }: DocumentPermissions): readonly string[] {
  if (status === 'unknown') return []
  return [...read.users.map((id) => `user:${id}`), ...read.groups.map((id) => `group:${id}`)]
}

/** What rows of elements can hold of permissions, for tables with columns of these names. */
export const accessFields = (permissions: DocumentPermissions): Row => ({
  ...accessRow(permissions),
  permissions_data: permissions.data,
  permissions_status: permissions.status,
  permissions_reason: permissions.reason ?? null,
  permissions_rules: permissions.rules,
})

/** Rows of the table of elements: what of them the table has columns for. */
export function elementRows(document: Document, elements: readonly Element[], columns: Columns): Row[] {
  const access = accessFields(document.permissions)
  const strip = stripper()
  const ids = new Set<string>()
  return elements.map((element, index) => {
    const { metadata, ...own } = element
    const { data_source, ...known } = metadata
    const source = data_source && strip(data_source)
    const fields: Row = {
      ...known,
      ...source,
      ...coordinatesOf(element),
      ...own,
      ...access,
      id: rowId(document, element, index, ids),
      record_id: document.id,
      element_index: index,
      metadata: { ...known, ...(source && { data_source: source }) },
    }
    return fitted(fields, columns)
  })
}

/** Permissions stand in one place alone, so that changing them there changes them. Elements share their source: it is done once. */
function stripper(): (source: DataSource) => DataSource {
  const done = new Map<DataSource, DataSource>()
  return (source) => {
    const stripped = done.get(source) ?? withoutPermissions(source)
    done.set(source, stripped)
    return stripped
  }
}

function withoutPermissions(source: DataSource): DataSource {
  const { permissions_data, permissions_status, permissions_reason, permissions_rules, ...rest } = source
  return rest
}

/** `points`, `system`, `layout_width` and `layout_height` are columns of their own in the reference's tables. */
const coordinatesOf = ({ metadata: { coordinates } }: Element): object =>
  typeof coordinates === 'object' && coordinates !== null ? coordinates : {}

/**
 * Id of a row: the same element gives the same one for ever (source: unstructured-ingest 1.8, `get_enhanced_element_id`). What
 * comes with the same element id a second time gets its place in the document into it.
 */
function rowId({ id }: Document, { element_id }: Element, index: number, taken: Set<string>): string {
  const first = uuid5(element_id + id)
  const own = taken.has(first) ? uuid5(`${element_id}${id}${index}`) : first
  taken.add(own)
  return own
}

/** The namespace of DNS names, as bytes. */
const namespace = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')

/** A name-based UUID (source: RFC 9562, version 5). */
function uuid5(name: string): string {
  const bytes = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'buffer')
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function fitted(fields: Row, columns: Columns): Row {
  const row: Record<string, unknown> = {}
  for (const column of columns.values()) {
    const value = fields[column.name]
    if (value !== undefined && takes(column)) row[column.name] = column.category === 'D' ? date(value) : value
  }
  return row
}

/** An `id` that counts is the table's own affair. */
const takes = ({ name, category }: Column) => name !== 'id' || category === 'S' || category === 'U'

/** Epoch seconds, as sources give them, for a column of dates. */
function date(value: unknown): unknown {
  const seconds = Number(value)
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : value
}

/**
 * JSON that the server can store. It refuses NUL and halves of surrogate pairs in any text; in their place stands the character
 * that says something was there. `JSON.stringify` writes both as escapes, and a backslash of the text itself as two.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (unit) =>
    unit === '\\\\' ? unit : '\ufffd',
  )

/** A text as it is stored. */
export const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()
