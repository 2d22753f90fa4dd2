/**
 * Reads CSV and TSV: one table, or, of a long one, a table for so many rows.
 *
 * @module
 */

import { extname } from 'node:path'
import Papa from 'papaparse'
import { collapseSpace, strip } from '../kit/whitespace.ts'
import type { Element } from '../model/element.ts'
import { escapeValue } from '../util/escape.ts'
import { printCells } from './cells.ts'
import type { FileInput, FileOptions, ReadFile } from './file.ts'
import { tableHtml } from './html/table.ts'
import { type RichCell, richTable } from './office/rich-table.ts'
import { tooMuch } from './problems.ts'
import { textOfFile } from './text.ts'

/** Cells of a file. */
const mostCells = 5_000_000
/** Rows of one table; more would make an element that nobody can use. */
const mostRows = 1000

export const readCsv: ReadFile = async (file, options) => {
  const text = textOfFile(file, options)
  const rows = rowsOf(text, isTabbed(file) ? '\t' : delimiterOf(text))
  if (rows.length === 0) return []
  return options.mode === 'compat' ? plainTable(rows, options) : richTables(rows)
}

const isTabbed = ({ filename = '', mediaType = '' }: FileInput) =>
  /^\.t(?:sv|ab)$/i.test(extname(filename)) || /^text\/(?:tsv|tab-separated-values)/.test(mediaType)

/** @throws {OutflowError} code `file.too_much` */
function rowsOf(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let cells = 0
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step({ data }) {
      cells += data.length
      if (cells > mostCells) throw tooMuch('CSV file', `more than ${mostCells.toLocaleString('en')} cells`)
      rows.push(data)
    },
  })
  return rows
}

/** Characters that are looked at, and what may separate. */
const sample = 65_536
const delimiters = [',', ';', '|', '\t']

/** The one that splits most of the first lines into the same number of cells. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, sample)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 100)
  const scores = delimiters.map((delimiter) => {
    const counts = lines.map((line) => withoutQuoted(line).split(delimiter).length - 1)
    const usual = mostFrequent(counts.filter((count) => count > 0))
    return usual === undefined ? 0 : counts.filter((count) => count === usual).length
  })
  const best = Math.max(...scores)
  return best === 0 ? ',' : delimiters[scores.indexOf(best)]!
}

const withoutQuoted = (line: string) => line.replace(/"[^"]*"/g, '')

function mostFrequent(counts: readonly number[]): number | undefined {
  const times = new Map<number, number>()
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1)
  return [...times].sort(([, one], [, other]) => other - one)[0]?.[0]
}

/** Cells as the reference prints them, which is as pandas does. */
function plainTable(rows: readonly (readonly string[])[], { includeHeader }: FileOptions): Element[] {
  const [header = [], ...data] = rows
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const padded = (includeHeader ? data : rows).map((row) => [
    ...row,
    ...Array<string>(width - row.length).fill(''),
  ])
  const printed = includeHeader ? [[...header], ...printCells(padded)] : printCells(padded)
  const text = printed
    .flat()
    .filter((cell) => cell !== '')
    .join(' ')
  if (text === '') return []
  return [{ type: 'Table', element_id: '', text, metadata: { text_as_html: tableHtml(printed) } }]
}

/** Cells as they stand in the file; each table of a long one begins with the heading. */
function richTables(rows: readonly (readonly string[])[]): Element[] {
  const [first = [], ...others] = rows
  const heading = isHeading(first, others) ? first : undefined
  const data = heading ? others : rows
  const tables: Element[] = []
  for (let from = 0; from === 0 || from < data.length; from += mostRows) {
    const part = data.slice(from, from + mostRows).map((row) => row.map((text) => cellOf(text, false)))
    const table = richTable(heading ? [heading.map((text) => cellOf(text, true)), ...part] : part)
    if (table)
      tables.push({ type: 'Table', element_id: '', text: table.text, metadata: { text_as_html: table.html } })
  }
  return tables
}

const isNumber = (text: string) =>
  text.trim() !== '' && Number.isFinite(Number(text.replace(/[,%€$£\s]/g, '')))

/** Names above columns: all there, none a number, none twice. */
const isHeading = (row: readonly string[], others: readonly unknown[]): boolean =>
  others.length > 0 &&
  new Set(row).size === row.length &&
  row.every((cell) => cell.trim() !== '' && !isNumber(cell))

function cellOf(raw: string, heading: boolean): RichCell {
  const text = collapseSpace(raw)
  const html = strip(raw)
    .split(/\r?\n/)
    .map((line) => escapeValue(collapseSpace(line)))
    .join('<br/>')
  return { columns: 1, rows: 1, heading, content: { text, html, pages: 0 } }
}
