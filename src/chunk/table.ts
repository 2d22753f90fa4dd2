/**
 * Cuts a table that is too large: between rows, else between cells, else within a cell. Header rows are repeated.
 *
 * @module
 */

import { strip } from '../kit/whitespace.ts'
import type { Element } from '../model/element.ts'
import { escapeText } from '../util/escape.ts'
import { type Row, readRows, rowHtml, tableOf, textOf } from './html-table.ts'
import type { Measure } from './measure.ts'
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
  /** What fits beside them. */
  readonly window: number
}

/** Undefined where nothing is repeated: no header, one with a row of more than half a chunk, or no room beside it. */
function headOf(rows: readonly Row[], { measure, most, repeatTableHeaders }: Rules): Head | undefined {
  const firstOfBody = rows.findIndex(({ isHeader }) => !isHeader)
  const header = rows.slice(0, firstOfBody === -1 ? rows.length : firstOfBody)
  const half = Math.floor((most + 1) / 2)
  if (!repeatTableHeaders || header.length === 0) return undefined
  if (header.some(({ text }) => measure.size(text, most) > half)) return undefined
  const text = textOf(header)
  const window = most - measure.size(text, most) - 1
  if (window < 1) return undefined
  const html = `<thead>${header.map(({ source }) => source).join('')}</thead>`
  return { rows: header.length, text, html, window }
}

interface Part {
  readonly text: string
  readonly html: string
}

/** The first piece begins with the header itself, each other with its repetition. */
function* rowPieces(rows: readonly Row[], rules: Rules): Generator<TablePiece> {
  const head = headOf(rows, rules)
  let window = rules.most
  let isFirst = true
  for (const part of parts(rows, () => window, rules)) {
    yield isFirst || head === undefined ? { ...part, carried: 0 } : withHead(head, part)
    isFirst = false
    window = head?.window ?? rules.most
  }
}

/** What may stand together and is cut where it does not fit: rows of a table, cells of a row. */
interface Gathering<Item> {
  readonly together: (items: readonly Item[]) => Part
  readonly apart: (item: Item) => Iterable<Part>
}

/** Items in as few parts as can be. @param window how much fits into the next part: it shrinks once a header is repeated */
function* gathered<Item extends { readonly text: string }>(
  items: readonly Item[],
  window: () => number,
  { together, apart, measure }: Gathering<Item> & Pick<Rules, 'measure'>,
): Generator<Part> {
  let held: Item[] = []
  let size = 0
  for (const item of items) {
    const own = measure.size(item.text, window())
    if (held.length > 0 && own > window() - held.length - size) {
      yield together(held)
      held = []
      size = 0
    }
    if (own > window()) yield* apart(item)
    else {
      held.push(item)
      size += own
    }
  }
  if (held.length > 0) yield together(held)
}

const parts = (rows: readonly Row[], window: () => number, { measure }: Rules) =>
  gathered(rows, window, {
    measure,
    together: (some) => ({ text: textOf(some), html: tableOf(some) }),
    apart: ({ cells }) =>
      gathered(cells, window, {
        measure,
        together: (some) => ({ text: textOf(some), html: tableOf([{ html: rowHtml(some) }]) }),
        apart: ({ text }) => cellParts(text, window(), measure),
      }),
  })

function* cellParts(text: string, window: number, measure: Measure): Generator<Part> {
  const most = Math.max(1, window - cellMarkup)
  for (const piece of splitText(text, { measure, most, overlap: 0 }))
    yield { text: piece, html: `<table><tr><td>${escapeText(piece)}</td></tr></table>` }
}

function withHead({ rows, text, html }: Head, part: Part): TablePiece {
  return {
    text: textOf([{ text }, part]),
    html: part.html.replace('<table>', () => `<table>${html}`),
    carried: rows,
  }
}
