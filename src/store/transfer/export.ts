/**
 * From a state to a file, at one moment of the state: what a transaction writes to it meanwhile is in the file whole, or not at all.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import { type Database, inTransaction } from '../database.ts'
import { stepsTaken } from '../migrations.ts'
import type { Tables } from '../schema.ts'
import { syncPath } from '../state-folder.ts'
import { type Closing, headerOf, Tally } from './format.ts'
import { unwritable } from './problems.ts'
import { qualified, settleForms, type TableShape, tableShapes } from './tables.ts'

export interface Exported extends Pick<Closing, 'rows'> {
  readonly file: string
  readonly bytes: number
}

/**
 * Writes everything but the queues to a file, which takes the place of one that was there when it is whole, and is closed to other people.
 *
 * @throws {OutflowError} `state.export_not_written`; what the database makes of the rest
 */
export async function exportState(
  database: Database,
  path: string,
  { signal }: CallContext,
): Promise<Exported> {
  const file = resolve(path)
  // Beside the file, so that a rename puts it in place; of its own, so that two exports at a time do not write into one.
  const draft = `${file}.${randomUUID()}.draft`
  try {
    const rows = await inTransaction(database, (inside) => writeDraft(inside, draft, signal))
    await rename(draft, file)
    await syncPath(dirname(file))
    return { file, rows, bytes: (await stat(file)).size }
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => {})
    signal.throwIfAborted()
    throw thrown instanceof OutflowError ? thrown : unwritable(file, thrown)
  }
}

/** @throws {OutflowError} what the database makes of its part; what the file system throws */
async function writeDraft(database: Database, draft: string, signal: AbortSignal): Promise<Closing['rows']> {
  let rows: Closing['rows'] = {}
  async function* lines(): AsyncGenerator<string> {
    try {
      rows = yield* stateLines(database.tables)
    } catch (thrown) {
      throw database.explain(thrown)
    }
  }
  const file = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true })
  await pipeline(Readable.from(lines()), createGzip(), file, { signal })
  return rows
}

/** @returns how many rows of which table */
async function* stateLines(transaction: Kysely<Tables>): AsyncGenerator<string, Closing['rows']> {
  await sql`set transaction isolation level repeatable read, read only`.execute(transaction)
  await settleForms(transaction)
  const tables = await tableShapes(transaction)
  yield `${JSON.stringify(headerOf(tables, await stepsTaken(transaction), new Date()))}\n`
  const tally = new Tally(tables.map(({ name }) => name))
  for (const table of tables)
    for await (const page of tablePages(transaction, table)) {
      const text = page.map((line) => `${line}\n`).join('')
      tally.add(table.name, page.length, text)
      yield text
    }
  const closing = tally.close()
  yield `${JSON.stringify(closing)}\n`
  return closing.rows
}

/**
 * By a cursor: one plan for the whole table, whatever its key is, and a page of it at a time. Sorted as rows are kept, and put into words
 * after that: no sort carries files around as text.
 */
async function* tablePages(
  transaction: Kysely<Tables>,
  table: TableShape,
): AsyncGenerator<readonly string[]> {
  const values = table.columns.map(({ name }) => sql`${sql.ref(name)}::text`)
  await sql`
    declare carried no scroll cursor for
    select json_build_array(${sql.lit(table.name)}::text, ${sql.join(values)})::text as line
    from (select * from ${qualified(table.name)} order by ${orderOf(table)} offset 0) as sorted`.execute(
    transaction,
  )
  let size = 1
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.lit(size)} from carried`.execute(transaction)
    if (rows.length === 0) break
    const lines = rows.map(({ line }) => line)
    yield lines
    size = nextSize(table, lines)
  }
  await sql`close carried`.execute(transaction)
}

/** By the primary key, and by the code points of a text: the same order on every server. */
function orderOf({ columns }: TableShape) {
  const keys = columns.filter(({ key }) => key !== null).sort((a, b) => a.key! - b.key!)
  return sql.join(
    keys.map(({ name, sortable }) => (sortable ? sql`${sql.ref(name)} collate "C"` : sql.ref(name))),
  )
}

/** Characters of a page, if the next rows are like the last. */
const pageLength = 1_000_000
const mostRows = 1000
/** Of a table that holds files: the next row may be a thousand times the last. */
const mostFiles = 16

/** Begins with one row, and takes no more than twice as many as the last time. */
function nextSize({ columns }: TableShape, lines: readonly string[]): number {
  const length = lines.reduce((sum, line) => sum + line.length, 0)
  const most = columns.some(({ type }) => type === 'bytea') ? mostFiles : mostRows
  return Math.max(1, Math.min(most, 2 * lines.length, Math.floor((pageLength * lines.length) / length)))
}
