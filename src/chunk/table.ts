/**
 * Cuts a table that is too large: between rows, else between cells, else within a cell. Header rows are repeated.
 *
 * @module
 */

import { strip } from '../kit/whitespace.ts'
import type { Element } from '../model/element.ts'
import { cellText, type Row, readRows, tableOf, textOf } from './html-table.ts'
import type { Rules } from './options.ts'
import { splitText } from './split-text.ts'

/** What becomes a chunk of a table. */
export interface TablePiece {
  readonly text: string
  readonly html?: string
  /** How many header rows stand in it once more. */
  readonly carried: number
}

/** The markup around the text of a cell that stands alone. */
const cellMarkup = '<table><tr><td></td></tr></table>'.length

/** The pieces of a table; one when it is small enough, none when it has no text. */
export function tablePieces({ text, metadata }: Element, rules: Rules): Iterable<TablePiece> {
  const { measure, most } = rules
  const visible = strip(text)
  if (visible === '') return []
  const rows = metadata.text_as_html === undefined ? [] : readRows(metadata.text_as_html)
  const html = rows.length === 0 ? undefined : tableOf(rows)
  if (measure.size(visible, most) <= most && (html === undefined || measure.size(html, most) <= most))
    return [{ text: visible, ...(html !== undefined && { html }), carried: 0 }]
  if (html === undefined || most < measure.leastTable) return textPieces(visible, rules)
  return rowPieces(rows, rules)
}

function* textPieces(text: string, rules: Rules): Generator<TablePiece> {
  for (const piece of splitText(text, rules)) yield { text: piece, carried: 0 }
}

/** Header rows as they are repeated. */
interface Head {
  readonly rows: number
  readonly text: string
  readonly html: string
}

function headOf(rows: readonly Row[], { measure, most, repeatTableHeaders }: Rules): Head | undefined {
  const firstOfBody = rows.findIndex(({ isHeader }) => !isHeader)
  const header = rows.slice(0, firstOfBody === -1 ? rows.length : firstOfBody)
  const half = Math.floor((most + 1) / 2)
  if (!repeatTableHeaders || header.length === 0) return undefined
  if (header.some(({ text }) => measure.size(text, most) > half)) return undefined
  return {
    rows: header.length,
    text: textOf(header),
    html: `<thead>${header.map(({ source }) => source).join('')}</thead>`,
  }
}

/** What fits into a piece is gathered here; the first piece begins with the header itself, each other with its repetition. */
function* rowPieces(rows: readonly Row[], rules: Rules): Generator<TablePiece> {
  const { measure, most } = rules
  const head = headOf(rows, rules)
  const repeated = head && { ...head, window: Math.max(1, most - measure.size(head.text, most) - 1) }
  let window = most
  let isFirst = true
  const pieceOf = (piece: { readonly text: string; readonly html: string }): TablePiece => {
    const carried = isFirst ? undefined : repeated
    isFirst = false
    window = repeated?.window ?? most
    return carried === undefined ? { ...piece, carried: 0 } : withHead(carried, piece)
  }
  const gathered: Row[] = []
  let size = 0
  for (const row of rows) {
    const own = measure.size(row.text, most)
    if (gathered.length > 0 && own > window - gathered.length - size) {
      yield pieceOf(wholeRows(gathered.splice(0)))
      size = 0
    }
    if (own <= window) {
      gathered.push(row)
      size += own
    } else for (const piece of cellPieces(row, () => window, rules)) yield pieceOf(piece)
  }
  if (gathered.length > 0) yield pieceOf(wholeRows(gathered))
}

const wholeRows = (rows: readonly Row[]) => ({ text: textOf(rows), html: tableOf(rows) })

function withHead(head: Head, { text, html }: { readonly text: string; readonly html: string }): TablePiece {
  return {
    text: [head.text, text].filter((each) => each !== '').join(' '),
    html: html.replace('<table>', () => `<table>${head.html}`),
    carried: head.rows,
  }
}

/** A row that is too large, cell by cell. @param window how much fits now; it shrinks once a header is repeated */
function* cellPieces(
  row: Row,
  window: () => number,
  { measure }: Rules,
): Generator<{ text: string; html: string }> {
  const gathered: Row['cells'][number][] = []
  let size = 0
  for (const cell of row.cells) {
    const own = measure.size(cell.text, window())
    if (gathered.length > 0 && own > window() - gathered.length - size) {
      yield someCells(gathered.splice(0))
      size = 0
    }
    if (own <= window()) {
      gathered.push(cell)
      size += own
      continue
    }
    const most = Math.max(1, window() - cellMarkup)
    for (const text of splitText(cell.text, { measure, most, overlap: 0 })) yield aloneInCell(text)
  }
  if (gathered.length > 0) yield someCells(gathered)
}

function someCells(cells: Row['cells']): { text: string; html: string } {
  return { text: textOf(cells), html: `<table><tr>${cells.map(({ html }) => html).join('')}</tr></table>` }
}

function aloneInCell(text: string): { text: string; html: string } {
  return { text, html: `<table><tr><td>${cellText(text)}</td></tr></table>` }
}
