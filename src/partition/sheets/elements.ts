/**
 * Elements of a sheet: tables of the blocks of its cells, and text of the single cells above and below them.
 *
 * @module
 */

import { isNarrative, isTitle } from '../../kit/text-type.ts'
import { collapseSpace } from '../../kit/whitespace.ts'
import type { Element, ElementMetadata, ElementType } from '../../model/element.ts'
import { escapeValue } from '../../util/escape.ts'
import { printCells } from '../cells.ts'
import { elementFromText } from '../element-from-text.ts'
import type { FileOptions } from '../file.ts'
import { tableHtml } from '../html/table.ts'
import { commentMetadata } from '../office/comments.ts'
import { type RichCell, richTable, type TableContent } from '../office/rich-table.ts'
import { tooMuch } from '../problems.ts'
import { blocksOf, wholeArea } from './blocks.ts'
import { type Area, columnOf, placeOf, rowOf, type Sheet } from './sheet.ts'

/** What every element of a sheet tells of it. */
export const sheetFacts = (
  { name, number, hidden }: Pick<Sheet, 'name' | 'number' | 'hidden'>,
  { mode }: Pick<FileOptions, 'mode'>,
): ElementMetadata => ({
  page_name: name,
  page_number: number,
  ...(hidden && mode === 'enhanced' && { hidden: true }),
})

export function sheetElements(sheet: Sheet, options: FileOptions): Element[] {
  const facts = sheetFacts(sheet, options)
  const said = options.includeComments ? commentElements(sheet, facts) : []
  if (sheet.cells.size === 0) return said
  const makers = options.mode === 'compat' ? plain : rich
  const grid = gridOf(sheet)
  const cells = options.findSubtable
    ? blocksOf(sheet).flatMap((area) => blockElements(grid, area, facts, makers))
    : makers.table(grid, wholeArea(sheet), facts)
  return [...cells, ...said]
}

const commentElements = ({ comments }: Sheet, facts: ElementMetadata): Element[] =>
  comments.flatMap(({ author, text }) =>
    text.trim() === ''
      ? []
      : [
          {
            type: 'NarrativeText',
            element_id: '',
            text: text.trim(),
            metadata: { ...facts, ...commentMetadata(author) },
          },
        ],
  )

/** A sheet that knows what there is in a row, however many rows and columns it has. */
interface Grid {
  readonly cells: Sheet['cells']
  readonly links: Sheet['links']
  /** Places of cells by their row, from left to right and from above. */
  readonly places: ReadonlyMap<number, readonly number[]>
  /** Places of cells with links by their row, in the order of the file. */
  readonly linked: ReadonlyMap<number, readonly number[]>
  /** By the row where they begin. */
  readonly merged: ReadonlyMap<number, readonly Area[]>
  /** Rows that a cell of a row above goes on into. */
  readonly continued: ReadonlySet<number>
}

function gridOf({ cells, links, merged }: Sheet): Grid {
  const places = Map.groupBy(
    [...cells.keys()].sort((one, other) => one - other),
    rowOf,
  )
  return {
    cells,
    links,
    places,
    linked: Map.groupBy(links.keys(), rowOf),
    merged: Map.groupBy(merged, ({ top }) => top),
    continued: continuedRows([...places.keys()], merged),
  }
}

/** @param rows from above */
function continuedRows(rows: readonly number[], merged: readonly Area[]): ReadonlySet<number> {
  const pending = merged.toSorted((one, other) => other.top - one.top)
  let reach = -1
  return new Set(
    rows.filter((row) => {
      while (pending.length > 0 && pending.at(-1)!.top < row) reach = Math.max(reach, pending.pop()!.bottom)
      return row <= reach
    }),
  )
}

/** How a mode makes elements. An area has the rows that it shares with others for itself. */
interface Makers {
  readonly table: (grid: Grid, area: Area, facts: ElementMetadata) => Element[]
  /** @param place of the cell */
  readonly text: (grid: Grid, place: number, facts: ElementMetadata) => Element[]
  /** Whether the only cell of this row may be text of its own. */
  readonly isAlone: (grid: Grid, row: number) => boolean
}

/** Rows with one cell at its beginning and end are text around the table. */
function blockElements(grid: Grid, area: Area, facts: ElementMetadata, makers: Makers): Element[] {
  const singles = new Map<number, number>()
  for (let row = area.top; row <= area.bottom; row += 1) {
    const [only, ...others] = grid.places.get(row) ?? []
    if (only !== undefined && others.length === 0 && makers.isAlone(grid, row)) singles.set(row, only)
  }
  let { top, bottom } = area
  while (top <= bottom && singles.has(top)) top += 1
  while (bottom > top && singles.has(bottom)) bottom -= 1
  const texts = (from: number, to: number) =>
    [...singles].flatMap(([row, place]) => (row >= from && row <= to ? makers.text(grid, place, facts) : []))
  if (top > bottom) return texts(area.top, area.bottom)
  return [
    ...texts(area.top, top - 1),
    ...makers.table(grid, { ...area, top, bottom }, facts),
    ...texts(bottom + 1, area.bottom),
  ]
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

/** Cells of a table with all that are empty, as the reference makes it. */
const mostPlainCells = 20_000_000

/** As the reference prints it. @throws {OutflowError} code `file.too_much` for an area that is vast and all but empty */
function plainTable({ cells }: Grid, { top, left, bottom, right }: Area, facts: ElementMetadata): Element[] {
  if ((bottom - top + 1) * (right - left + 1) > mostPlainCells)
    throw tooMuch('Excel workbook', `a table of more than ${mostPlainCells.toLocaleString('en')} cells`)
  const columns = range(left, right)
  const values = range(top, bottom).map((row) =>
    columns.map((column) => cells.get(placeOf(row, column))?.value),
  )
  const printed = printCells(values)
  const text = printed
    .flat()
    .filter((cell) => cell !== '')
    .join(' ')
  return [{ type: 'Table', element_id: '', text, metadata: { ...facts, text_as_html: tableHtml(printed) } }]
}

/** The reference's order in workbooks, where addresses are nothing special. */
function plainText({ cells }: Grid, place: number, facts: ElementMetadata): Element[] {
  const [[text = ''] = []] = printCells([[cells.get(place)?.value]])
  const element = elementFromText(text, { ...facts })
  const isAddress = element.type === 'EmailAddress' || element.type === 'Address'
  return [isAddress ? { ...element, type: proseType(element.text) } : element]
}

function proseType(text: string): ElementType {
  if (isNarrative(text)) return 'NarrativeText'
  return isTitle(text) ? 'Title' : 'UncategorizedText'
}

const plain: Makers = { table: plainTable, text: plainText, isAlone: () => true }

/** As it is displayed, with cells that are one, and links; what stands above columns is a heading. Empty rows or columns in a row are one. */
function richTableOf(grid: Grid, area: Area, facts: ElementMetadata): Element[] {
  const rows = withGaps(range(area.top, area.bottom).filter((row) => grid.places.has(row)))
  const columns = withGaps(columnsOf(grid, area))
  const spans = spansIn(grid, rows, columns)
  const heading = isHeading(grid, area, columns.length)
  const cells = rows.map((row) =>
    columns.flatMap((column): RichCell[] => {
      const span = spans.get(placeOf(row, column))
      if (span === 'covered') return []
      const content = cellContent(grid, placeOf(row, column))
      return [{ columns: 1, rows: 1, ...span, heading: heading && row === area.top, content }]
    }),
  )
  const table = richTable(cells)
  if (!table) return []
  const metadata = { ...facts, text_as_html: table.html, ...linksIn(grid, rows) }
  return [{ type: 'Table', element_id: '', text: table.text, metadata }]
}

/** Columns of an area with something in them, from left to right. */
function columnsOf({ places }: Grid, { top, bottom }: Area): readonly number[] {
  const found = new Set<number>()
  for (let row = top; row <= bottom; row += 1)
    for (const place of places.get(row) ?? []) found.add(columnOf(place))
  return [...found].sort((one, other) => one - other)
}

/** What is left out between two of them leaves one behind. */
const withGaps = (lines: readonly number[]): readonly number[] =>
  lines.flatMap((line, index) => (index > 0 && lines[index - 1]! < line - 1 ? [line - 1, line] : [line]))

function cellContent({ cells, links }: Grid, place: number): TableContent {
  const text = cells.get(place)?.text.trim() ?? ''
  const html = escapeValue(text).replaceAll('\n', '<br/>')
  const url = links.get(place)
  const linked = url === undefined || html === '' ? html : `<a href="${escapeValue(url)}">${html}</a>`
  return { text: collapseSpace(text), html: linked, pages: 0 }
}

function linksIn({ cells, links, linked }: Grid, rows: readonly number[]): ElementMetadata {
  const found = rows
    .flatMap((row) => linked.get(row) ?? [])
    .flatMap((place) => {
      const [cell, url] = [cells.get(place), links.get(place)]
      return cell && url !== undefined ? [{ text: collapseSpace(cell.text), url }] : []
    })
  if (found.length === 0) return {}
  return { link_texts: found.map(({ text }) => text), link_urls: found.map(({ url }) => url) }
}

/** A minus sign is no bullet. */
function richText({ cells, links }: Grid, place: number, facts: ElementMetadata): Element[] {
  const element = elementFromText(cells.get(place)?.text.trim() ?? '', { ...facts }, true)
  const url = links.get(place)
  const { text, metadata } = element
  if (url === undefined) return [element]
  const linked = { link_texts: [text], link_urls: [url], links: [{ text, url, start_index: 0 }] }
  return [{ ...element, metadata: { ...metadata, ...linked } }]
}

const rich: Makers = {
  table: richTableOf,
  text: richText,
  isAlone: ({ continued }, row) => !continued.has(row),
}

type Span = { readonly columns: number; readonly rows: number } | 'covered'

/** Cells of one table that are looked at for what covers them; merged cells beyond stand alone. */
const mostCovered = 1_000_000

/** Of cells that are one, as far as there is something in their rows and columns. */
function spansIn(
  { merged }: Grid,
  rows: readonly number[],
  columns: readonly number[],
): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>()
  const [rowsFrom, columnsFrom] = [runsOf(rows), runsOf(columns)]
  for (const { top, left, bottom, right } of rows.flatMap((row) => merged.get(row) ?? [])) {
    const inRows = rowsFrom(top, bottom)
    const inColumns = columnsFrom(left, right)
    if (inRows.length === 0 || inColumns.length === 0) continue
    if (spans.size + inRows.length * inColumns.length > mostCovered) continue
    for (const row of inRows) for (const column of inColumns) spans.set(placeOf(row, column), 'covered')
    spans.set(placeOf(top, left), { columns: inColumns.length, rows: inRows.length })
  }
  return spans
}

/** Of lines from left to right, or from above: those from one that is among them to another. */
function runsOf(lines: readonly number[]): (first: number, last: number) => readonly number[] {
  const places = new Map(lines.map((line, index) => [line, index]))
  return (first, last) => {
    const run: number[] = []
    for (let index = places.get(first) ?? lines.length; lines[index]! <= last; index += 1)
      run.push(lines[index]!)
    return run
  }
}

/** Words above every column, and something below them. */
function isHeading({ cells, places }: Grid, { top, bottom }: Area, width: number): boolean {
  const above = places.get(top) ?? []
  const isFull = above.length === width && bottom > top
  return isFull && above.every((place) => typeof cells.get(place)?.value === 'string')
}
