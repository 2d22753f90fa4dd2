/**
 * Reads an export, and trusts nothing in it: every line is looked at, and the last one has to fit all before it.
 *
 * @module
 */

import { constants } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { CallContext } from '../../model/call.ts'
import { messageOf } from '../folder-problems.ts'
import { stepNames } from '../migrations.ts'
import { type Closing, format, type Header, Tally, version } from './format.ts'
import { damagedExport, newerExport, noExport, unreadable } from './problems.ts'

/** Rows of one table that follow one another. */
export interface Batch {
  readonly table: string
  /** Each a JSON array of the table's name and texts or nulls, one for each column. */
  readonly lines: readonly string[]
  /** Where they stand, counted from 1. */
  readonly first: number
  readonly last: number
}

/** Of one batch. */
const mostRows = 1000
const mostLength = 1_000_000

/**
 * Reads an export's first line, then whatever `use` goes through of the rest; the file is closed after that.
 *
 * @throws {OutflowError} codes `state.export_…`, from the batches too; what `use` throws
 */
export async function readExport<Result>(
  file: string,
  use: (header: Header, batches: AsyncIterable<Batch>) => Promise<Result>,
): Promise<Result> {
  const lines = linesOf(file)
  try {
    const first = await lines.next()
    if (first.done) throw noExport(file)
    const header = headerIn(file, first.value)
    return await use(header, batchesOf(file, header, lines))
  } finally {
    await lines.return(undefined)
  }
}

/**
 * Goes through all of it, before anything is touched that it is to be taken into.
 *
 * @throws {OutflowError} `config`: `state.export_unreadable`, `state.export_unknown`, `state.export_damaged`, `state.export_newer`
 */
export function verifyExport(path: string, { signal }: CallContext): Promise<void> {
  return readExport(resolve(path), async (_, batches) => {
    for await (const _ of batches) signal.throwIfAborted()
  })
}

function headerIn(file: string, line: Buffer): Header {
  const header = parsed(line.toString('utf8')) as Partial<Header> | undefined
  if (typeof header !== 'object' || header?.format !== format) throw noExport(file)
  if (typeof header.version === 'number' && header.version > version)
    throw newerExport(file, `it has format ${header.version}, this one reads ${version}`)
  const { migrations, tables } = header
  const sound =
    header.version === version &&
    areTexts(migrations) &&
    typeof tables === 'object' &&
    tables !== null &&
    Object.values(tables).every(areTexts)
  if (!sound) throw damagedExport(file, 1, 'it does not say what it holds')
  verifySteps(file, header as Header)
  return header as Header
}

/** An export of an earlier Outflow has the first of our steps; one of a later has others besides. */
function verifySteps(file: string, { migrations }: Header): void {
  const unknown = migrations.find((name) => !stepNames.includes(name))
  if (unknown !== undefined) throw newerExport(file, `it knows the step "${unknown}"`)
  if (migrations.length === 0 || migrations.some((name, at) => name !== stepNames[at]))
    throw damagedExport(file, 1, 'steps are missing in it')
}

async function* batchesOf(
  file: string,
  header: Header,
  lines: AsyncIterator<Buffer> & AsyncIterable<Buffer>,
): AsyncGenerator<Batch> {
  const tally = new Tally(Object.keys(header.tables))
  let batch = emptyBatch('', 2)
  let number = 1
  let closed = false
  for await (const line of lines) {
    number++
    if (closed) throw damagedExport(file, number, 'it goes on after its end')
    const text = line.toString('utf8')
    const value = parsed(text)
    if (!Array.isArray(value)) {
      if (batch.lines.length > 0) yield batch
      verifyClosing(file, number, value, tally.close())
      closed = true
      continue
    }
    const table = tableOf(file, number, value, header)
    if (table !== batch.table || batch.lines.length === mostRows || batch.length > mostLength) {
      if (batch.lines.length > 0) yield batch
      batch = emptyBatch(table, number)
    }
    tally.add(table, 1, line)
    batch.lines.push(text)
    batch.length += text.length
    batch.last = number
  }
  if (!closed) throw damagedExport(file, number + 1, 'it ends before its last line')
}

const emptyBatch = (table: string, first: number) => ({
  table,
  lines: [] as string[],
  length: 0,
  first,
  last: first,
})

function tableOf(file: string, number: number, row: readonly unknown[], { tables }: Header): string {
  const [table, ...values] = row
  const columns = typeof table === 'string' && Object.hasOwn(tables, table) ? tables[table] : undefined
  if (columns === undefined) throw damagedExport(file, number, 'it names no table of the first line')
  if (
    values.length !== columns.length ||
    !values.every((value) => value === null || typeof value === 'string')
  )
    throw damagedExport(file, number, `it is no row of ${String(table)}`)
  return table as string
}

function verifyClosing(file: string, number: number, said: unknown, found: Closing): void {
  const { rows, sha256 } = (said ?? {}) as Partial<Closing>
  if (typeof rows !== 'object' || typeof sha256 !== 'string')
    throw damagedExport(file, number, 'it is neither a row nor the end')
  for (const [table, count] of Object.entries(found.rows))
    if (rows[table] !== count)
      throw damagedExport(file, number, `it counts ${rows[table]} rows of ${table}, and there are ${count}`)
  if (sha256 !== found.sha256) throw damagedExport(file, number, 'the digest does not fit the rows before it')
}

/**
 * Unpacked lines, each with its end. Split by hand: the reader that comes with Node takes U+2028 for an end, too.
 *
 * @throws {OutflowError} `state.export_unreadable`, `state.export_unknown`, `state.export_damaged`
 */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const unpacked = createGunzip()
  // What goes wrong reaches the loop below.
  pipeline(createReadStream(file), unpacked, () => {})
  let number = 0
  let begun: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
        begun.push(chunk.subarray(from, end + 1))
        number++
        yield Buffer.concat(begun)
        begun = []
        length = 0
        from = end + 1
      }
      begun.push(chunk.subarray(from))
      length += chunk.length - from
      if (length > constants.MAX_STRING_LENGTH) break
    }
  } catch (thrown) {
    throw explain(file, number, thrown)
  }
  if (length > constants.MAX_STRING_LENGTH)
    throw damagedExport(file, number + 1, 'it is longer than any row can be')
  if (length > 0) throw damagedExport(file, number + 1, 'it is cut off')
}

/** @param number lines that were read */
function explain(file: string, number: number, thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (!code.startsWith('Z_')) return unreadable(file, thrown)
  if (messageOf(thrown) === 'incorrect header check') return noExport(file)
  return damagedExport(file, number + 1, code === 'Z_BUF_ERROR' ? 'it is cut off' : 'it cannot be unpacked')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
