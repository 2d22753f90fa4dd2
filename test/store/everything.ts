/**
 * Rows for every column of every table that there is, made from what the database says of its columns: nobody has to think of this file when a
 * table is added. And a way to read them that has nothing to do with exports.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import type { Database } from '../../src/store/database.ts'
import type { Tables } from '../../src/store/schema.ts'
import { tableShapes } from '../../src/store/transfer/tables.ts'

const texts = [
  'plain',
  '',
  'a "quoted" \\back\\slash\nand\r\nlines\ttabs \u0001\u001f\u007f',
  'line\u2028separator\u2029paragraph',
  '日本語 🙂 é',
  'null',
  '\\x00',
  '﷐0000 and [1,"]',
  `long ${'x'.repeat(20_000)}`,
]
const json = [
  'null',
  '{"a":1.0,"b":[null,"\\u2028 🙂"],"":{}}',
  '[]',
  '"text"',
  '1e2',
  'false',
  '{"a":1e-20}',
]
const times = [
  '2026-11-23T10:00:00.123456Z',
  '1970-01-01T00:00:00Z',
  '2026-03-29T02:30:00+01:00',
  'infinity',
  '0044-03-15 00:00:00+00 BC',
]
const doubles = ['0.1', '1e-300', '3.141592653589793', 'NaN', '-Infinity', '-0', '12345678901234567']

/** One of the values that are hard to carry, by type. */
const values: Readonly<Record<string, (row: number) => string>> = {
  text: (row) => texts[row % texts.length]!,
  jsonb: (row) => json[row % json.length]!,
  bytea: (row) =>
    `\\x${Buffer.from(Array.from({ length: (row * 37) % 300 }, (_, at) => (at * row) % 256)).toString('hex')}`,
  'timestamp with time zone': (row) => times[row % times.length]!,
  'double precision': (row) => doubles[row % doubles.length]!,
  integer: (row) => String(row % 2 === 0 ? row : -2_147_483_648 + row),
  bigint: (row) => String(row % 2 === 0 ? row : 9_223_372_036_854_775_000n + BigInt(row)),
  boolean: (row) => String(row % 2 === 0),
}

/** Of columns that name a row: each row has its own. */
const own: Readonly<Record<string, (row: number) => string>> = {
  ...values,
  text: (row) => `${texts[row % texts.length]} ${row}`,
}

/** @returns rows of each table */
export function fillEverything({ tables }: Database, count = 20): Promise<number> {
  // One commit: each waits for the disk.
  return tables.transaction().execute((transaction) => fill(transaction, count))
}

async function fill(database: Kysely<Tables>, count: number): Promise<number> {
  for (const { name, columns } of await tableShapes(database)) {
    const filled = columns.filter(({ counted }) => !counted)
    const { rows: needed } = await sql<{ name: string }>`
      select attname as name from pg_attribute
      where attrelid = ${`outflow.${name}`}::regclass and attnotnull and attnum > 0`.execute(database)
    const required = new Set(needed.map((column) => column.name))
    for (let row = 1; row <= count; row++) {
      const given = filled.map(({ name: column, type, key }, at) => {
        if (!required.has(column) && (row + at) % 3 === 0) return null
        const unique = key !== null || ['hash', 'key', 'workflow'].includes(column)
        return (unique ? own : values)[type]!(row)
      })
      await sql`
        insert into ${sql.table(`outflow.${name}`)} (${sql.join(filled.map((column) => sql.ref(column.name)))})
        values (${sql.join(given.map((value, at) => sql`(${value}::text)::${sql.raw(filled[at]!.type)}`))})`.execute(
        database,
      )
    }
  }
  return count
}

/** Every row of every table, by name, in no particular order. */
export async function everything({ tables: database }: Database): Promise<ReadonlyMap<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  for (const { name, columns } of await tableShapes(database)) {
    const texts = columns.map((column) =>
      column.type === 'timestamp with time zone'
        ? sql`extract(epoch from ${sql.ref(column.name)})::text`
        : sql`quote_nullable(${sql.ref(column.name)}::text)`,
    )
    const { rows } = await sql<{ row: readonly string[] }>`
      select array[${sql.join(texts)}] as row from ${sql.table(`outflow.${name}`)}`.execute(database)
    found.set(name, new Set(rows.map(({ row }) => JSON.stringify(row))))
  }
  return found
}
