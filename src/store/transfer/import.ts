/**
 * From a file to a state, all of it or nothing.
 *
 * @module
 */

import { resolve } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { type Database, inTransaction } from '../database.ts'
import { codeOf, messageOf } from '../folder-problems.ts'
import { lockSteps, stepNames, tableOfSteps, takeSteps } from '../migrations.ts'
import { queueSchema } from '../queue.ts'
import { schemaName, type Tables } from '../schema.ts'
import type { Closing, Header } from './format.ts'
import { damagedExport, notEmpty } from './problems.ts'
import { type Batch, readExport } from './read.ts'
import { qualified, rowCounts, settleForms, type TableShape, tableShapes } from './tables.ts'

export interface ImportOptions {
  readonly signal: AbortSignal
  /** Gives up what is there. Default: a state that holds anything is refused. */
  readonly replace?: boolean
}

export interface Imported extends Pick<Closing, 'rows'> {
  readonly file: string
}

/**
 * Takes in what an export holds, and looks at every line as it goes. Whoever else uses the database waits until it is done.
 *
 * @throws {OutflowError} `state.not_empty`, codes `state.export_…`; what the database makes of the rest
 */
export async function importState(
  database: Database,
  path: string,
  { signal, replace = false }: ImportOptions,
): Promise<Imported> {
  const file = resolve(path)
  const rows = await inTransaction(database, async (inside) => {
    const transaction = inside.tables
    await settleForms(transaction)
    await lockSteps(transaction)
    await makeRoom(transaction, database.name, replace)
    return takeIn(transaction, file, signal)
  })
  return { file, rows }
}

/** @throws {OutflowError} `state.not_empty` */
async function makeRoom(transaction: Kysely<Tables>, name: string, replace: boolean): Promise<void> {
  const tables = await tableShapes(transaction)
  const names = sql.join(tables.map((table) => qualified(table.name)))
  await sql`lock table ${names} in access exclusive mode`.execute(transaction)
  const found = await rowCounts(transaction, tables)
  if (found.size > 0 && !replace) throw notEmpty(name, found)
  if (found.size > 0) await sql`truncate ${names}`.execute(transaction)
  await emptyQueues(transaction)
}

/** What waits there, or would begin by the clock, is for what was here before. */
async function emptyQueues(transaction: Kysely<Tables>): Promise<void> {
  for (const table of ['job', 'schedule']) {
    const path = `${queueSchema}.${table}`
    const { rows } = await sql<{ there: boolean }>`
      select to_regclass(${path}) is not null as there`.execute(transaction)
    if (rows[0]!.there) await sql`delete from ${sql.table(path)}`.execute(transaction)
  }
}

function takeIn(transaction: Kysely<Tables>, file: string, signal: AbortSignal): Promise<Closing['rows']> {
  return readExport(file, async (header, batches) => {
    const tables = await tablesFor(transaction, file, header)
    const rows = Object.fromEntries(Object.keys(header.tables).map((name) => [name, 0]))
    for await (const batch of batches) {
      signal.throwIfAborted()
      await insert(transaction, file, tables.get(batch.table)!, header.tables[batch.table]!, batch)
      rows[batch.table]! += batch.lines.length
    }
    await takeSteps(transaction)
    for (const table of await tableShapes(transaction)) await settle(transaction, table)
    return rows
  })
}

/** The tables as they were when the export was written: those that are there, or the empty ones of an earlier Outflow in their place. */
async function tablesFor(
  transaction: Kysely<Tables>,
  file: string,
  { migrations, tables: wanted }: Header,
): Promise<ReadonlyMap<string, TableShape>> {
  if (migrations.length < stepNames.length) await goBackTo(transaction, migrations.at(-1)!)
  const tables = new Map((await tableShapes(transaction)).map((table) => [table.name, table]))
  verifyNames(file, 'a table', Object.keys(wanted), [...tables.keys()])
  for (const [name, { columns }] of tables)
    verifyNames(
      file,
      `a column of ${name}`,
      wanted[name]!,
      columns.map((column) => column.name),
    )
  return tables
}

function verifyNames(file: string, what: string, found: readonly string[], due: readonly string[]): void {
  const odd = due.find((name) => !found.includes(name)) ?? found.find((name) => !due.includes(name))
  if (odd !== undefined)
    throw damagedExport(file, 1, `"${odd}" is ${what} ${due.includes(odd) ? 'that is missing' : 'of nobody'}`)
  if (found.length !== due.length) throw damagedExport(file, 1, `it names ${what} twice`)
}

async function goBackTo(transaction: Kysely<Tables>, step: string): Promise<void> {
  const names = (await tableShapes(transaction)).map(({ name }) => qualified(name))
  await sql`drop table ${sql.join(names)}`.execute(transaction)
  await sql`delete from ${sql.table(tableOfSteps)}`.execute(transaction)
  await takeSteps(transaction, step)
}

/** What PostgreSQL says of a value that is none, or of a row that is there already. */
const ofValues = /^(?:22|23)/

async function insert(
  transaction: Kysely<Tables>,
  file: string,
  { name, columns }: TableShape,
  given: readonly string[],
  { lines, first, last }: Batch,
): Promise<void> {
  const types = new Map(columns.map((column) => [column.name, column.type]))
  // The first text of each is the table's name.
  const values = given.map((column, at) => sql.raw(`(given.line->>${at + 1})::${types.get(column)}`))
  try {
    await sql`
      insert into ${qualified(name)} (${sql.join(given.map((column) => sql.ref(column)))})
      overriding system value
      select ${sql.join(values)} from jsonb_array_elements(${`[${lines.join(',')}]`}::jsonb) as given(line)`.execute(
      transaction,
    )
  } catch (thrown) {
    if (!ofValues.test(codeOf(thrown))) throw thrown
    throw damagedExport(file, `${first} to ${last}`, messageOf(thrown), thrown)
  }
}

/** Counts on from the highest number, and knows how its values are spread. */
async function settle(transaction: Kysely<Tables>, { name, columns }: TableShape): Promise<void> {
  for (const column of columns) if (column.counted) await countOn(transaction, name, column.name)
  await sql`analyze ${qualified(name)}`.execute(transaction)
}

/** Only ever upwards: a counter is no part of the transaction, and what is there may have to stay. */
async function countOn(transaction: Kysely<Tables>, table: string, column: string): Promise<void> {
  await sql`
    select setval(counter, greatest(highest, pg_sequence_last_value(counter)))
    from (select pg_get_serial_sequence(${`${schemaName}.${table}`}, ${column})::regclass as counter) as counters,
      (select max(${sql.ref(column)}) as highest from ${qualified(table)}) as numbers
    where highest is not null`.execute(transaction)
}
