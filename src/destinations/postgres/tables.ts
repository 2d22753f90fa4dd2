/**
 * The two tables: one row an element, and one row a document. Made when they are missing; else taken as they are.
 *
 * @module
 */

import { escapeIdentifier, escapeLiteral } from 'pg'
import { OutflowError } from '../../model/errors.ts'
import type { Query } from './database.ts'
import type { Column, Columns } from './rows.ts'
import { documentsSuffix } from './settings.ts'

export interface Tables {
  readonly schema: string
  /** With their schema, in quotes, as they stand in SQL. */
  readonly elements: string
  readonly documents: string
}

export function tablesOf({ schema, table_name }: { schema: string; table_name: string }): Tables {
  const inSchema = (name: string) => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`
  return { schema, elements: inSchema(table_name), documents: inSchema(table_name + documentsSuffix) }
}

/** The table of elements, as it is. */
export interface Layout {
  readonly columns: Columns
  /** Made by Outflow, so it may get columns. */
  readonly ours: boolean
}

/** A table that says so in its comment was made here. */
const mark = 'Made by Outflow: one row an element.'

/** Columns without which a table of elements is of no use, and the type to add them in. */
const indispensable = { record_id: 'text', element_id: 'text', text: 'text' }

/** Name and type of the columns of the table of documents. */
const documentColumns = {
  id: 'text primary key',
  version: 'text not null',
  kind: 'text not null',
  space: 'text not null',
  title: 'text not null',
  url: 'text not null',
  elements: 'integer not null',
  readers: 'text[] not null',
  permissions: 'jsonb not null',
}

/** Names first as the reference's table has them; the others save a look into `metadata` for what is often asked. */
const elementColumns = {
  id: 'uuid primary key',
  record_id: 'text not null',
  element_id: 'text not null',
  element_index: 'integer not null',
  type: 'text not null',
  text: 'text not null',
  parent_id: 'text',
  page_number: 'integer',
  category_depth: 'integer',
  languages: 'text[]',
  filename: 'text',
  filetype: 'text',
  url: 'text',
  version: 'text',
  date_created: 'timestamptz',
  date_modified: 'timestamptz',
  date_processed: 'timestamptz',
  metadata: 'jsonb not null',
}

/**
 * Sees to it that both tables are there. For one process at a time: others wait.
 *
 * @throws {OutflowError} `config`: a table that lacks a column
 */
export async function prepareTables(query: Query, tables: Tables): Promise<Layout> {
  const { schema, elements, documents } = tables
  await query('select pg_advisory_xact_lock(hashtext($1))', [`outflow ${elements}`])
  if (!(await exists(query, 'to_regnamespace', escapeIdentifier(schema))))
    await query(`create schema ${escapeIdentifier(schema)}`)
  if (!(await exists(query, 'to_regclass', elements))) {
    await query(`create table ${elements} (${definitions(elementColumns)})`)
    await query(`create index on ${elements} (record_id, element_index)`)
    await query(`comment on table ${elements} is ${escapeLiteral(mark)}`)
  }
  if (!(await exists(query, 'to_regclass', documents))) {
    await query(`create table ${documents} (${definitions(documentColumns)})`)
    await query(`create index on ${documents} using gin (readers)`)
  }
  const layout = await readLayout(query, elements)
  demand(elements, layout, indispensable)
  demand(documents, await readLayout(query, documents), documentColumns)
  return layout
}

async function exists(
  query: Query,
  lookup: 'to_regclass' | 'to_regnamespace',
  name: string,
): Promise<boolean> {
  const { rows } = await query(`select ${lookup}($1) is not null as there`, [name])
  return rows[0]!.there === true
}

const definitions = (columns: Readonly<Record<string, string>>) =>
  Object.entries(columns)
    .map(([name, type]) => `${escapeIdentifier(name)} ${type}`)
    .join(', ')

/** Columns that take values. Generated ones do not. */
async function readLayout(query: Query, table: string): Promise<Layout> {
  const { rows } = await query(
    `select a.attname as name, t.typcategory as category, coalesce(obj_description(a.attrelid, 'pg_class'), '') as comment
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.attidentity <> 'a'
     order by a.attnum`,
    [table],
  )
  const columns = rows.map(({ name, category }) => ({ name, category }) as Column)
  return {
    columns: new Map(columns.map((column) => [column.name, column])),
    ours: rows[0]?.comment === mark,
  }
}

function demand(table: string, { columns }: Layout, needed: Readonly<Record<string, string>>): void {
  const missing = Object.keys(needed).filter((name) => !columns.has(name))
  if (missing.length === 0) return
  const additions = missing.map((name) => `add column ${escapeIdentifier(name)} ${needed[name]}`)
  throw new OutflowError({
    kind: 'config',
    code: 'postgres.columns_missing',
    message: `The table ${table} has no column ${missing.join(', ')}.`,
    fix: `alter table ${table} ${additions.join(', ')}; or name another table with table_name.`,
  })
}

/** What a column of pgvector can hold. */
const longestVector = 16_000

/** Gives a table of ours the column `embeddings`: of pgvector's type where the server has it, of plain numbers else. */
export async function addEmbeddings(query: Query, elements: string, length: number): Promise<Layout> {
  const vector = length <= longestVector ? await vectorType(query) : undefined
  const type = vector === undefined ? 'real[]' : `${vector}(${length})`
  await query(`alter table ${elements} add column if not exists embeddings ${type}`)
  return readLayout(query, elements)
}

/** The type's name with the schema that the extension was put into. */
async function vectorType(query: Query): Promise<string | undefined> {
  await query('savepoint extension')
  // Where it is not installed, or this role may not, plain numbers will do.
  await query('create extension if not exists vector').catch(() => query('rollback to savepoint extension'))
  const { rows } = await query(
    `select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'vector'`,
  )
  const [row] = rows
  return row === undefined ? undefined : `${escapeIdentifier(String(row.schema))}.vector`
}
