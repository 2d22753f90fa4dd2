/**
 * What there is to carry over, as the database itself tells it: a table that a step adds is carried without a word here. None of them
 * refers to another by a foreign key, so that they can be filled in any order.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import { tablesOfSteps } from '../migrations.ts'
import { schemaName, type Tables } from '../schema.ts'

export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
}

interface ColumnShape {
  readonly name: string
  /** As SQL writes it: `timestamp with time zone`. */
  readonly type: string
  /** Place in the primary key, from 0. */
  readonly key: number | null
  /** A text, which each database may sort in its own way. */
  readonly sortable: boolean
  /** The database counts it up by itself. */
  readonly counted: boolean
}

/** All tables but those that tell how the others were made, by name. */
export async function tableShapes(database: Kysely<Tables>): Promise<readonly TableShape[]> {
  const { rows } = await sql<ColumnShape & { readonly table: string }>`
    select tables.relname as table, columns.attname as name,
      format_type(columns.atttypid, columns.atttypmod) as type,
      array_position(keys.indkey::int2[], columns.attnum) as key,
      columns.attcollation <> 0 as sortable, columns.attidentity <> '' as counted
    from pg_class as tables
    join pg_attribute as columns
      on columns.attrelid = tables.oid and columns.attnum > 0 and not columns.attisdropped
    left join pg_index as keys on keys.indrelid = tables.oid and keys.indisprimary
    where tables.relnamespace = to_regnamespace(${schemaName}) and tables.relkind = 'r'
      and not tables.relname = any(${tablesOfSteps})
    order by tables.relname collate "C", columns.attnum`.execute(database)
  const byTable = Map.groupBy(rows, ({ table }) => table)
  return [...byTable].map(([name, columns]) => ({
    name,
    columns: columns.map(({ table: _, ...column }) => column),
  }))
}

/** A table with its schema, quoted. */
export const qualified = (name: string) => sql.table(`${schemaName}.${name}`)

/** How many rows each table holds; those that hold none are left out. */
export async function rowCounts(
  database: Kysely<Tables>,
  tables: readonly TableShape[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { name } of tables) {
    const { rows } = await sql<{ rows: number }>`
      select count(*)::float8 as rows from ${qualified(name)}`.execute(database)
    if (rows[0]!.rows > 0) counts.set(name, rows[0]!.rows)
  }
  return counts
}

/**
 * How values look as text: the same on every server, to the last digit. Without a limit on time, since this takes what it takes; and where
 * somebody else's rules would hide rows, it fails instead of leaving them out.
 */
export async function settleForms(transaction: Kysely<Tables>): Promise<void> {
  const settings = {
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    statement_timeout: '0',
    // The file may be somewhere slow.
    idle_in_transaction_session_timeout: '0',
    row_security: 'off',
  }
  for (const [name, value] of Object.entries(settings))
    await sql`select set_config(${name}, ${value}, true)`.execute(transaction)
}
