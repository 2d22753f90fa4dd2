/**
 * Elements of a sheet: tables of the blocks of its cells, and text of the single cells above and below them.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { Element, ElementMetadata } from '../../model/element.ts'
import { printCells } from '../cells.ts'
import { elementFromText } from '../element-from-text.ts'
import type { FileOptions } from '../file.ts'
import { tableHtml } from '../html/table.ts'
import { escapeHtml, type RichCell, richTable } from '../office/rich-table.ts'
import { blocksOf, wholeArea } from './blocks.ts'
import { type Area, placeOf, type Sheet, type SheetCell } from './sheet.ts'

export function sheetElements(sheet: Sheet, options: FileOptions): Element[] {
  if (sheet.cells.size === 0) return []
  const facts: ElementMetadata = {
    page_name: sheet.name,
    page_number: sheet.number,
    ...(sheet.hidden && options.mode === 'enhanced' && { hidden: true }),
  }
  const make = options.mode === 'compat' ? plainTable : richTableOf
  if (!options.findSubtable) return make(sheet, wholeArea(sheet), facts)
  return blocksOf(sheet).flatMap((area) => blockElements(sheet, area, facts, make))
}

type MakeTable = (sheet: Sheet, area: Area, facts: ElementMetadata) => Element[]

/** Rows with one cell at its beginning and end are text around the table. */
function blockElements(sheet: Sheet, area: Area, facts: ElementMetadata, make: MakeTable): Element[] {
  const singles = new Map<number, SheetCell>()
  for (let row = area.top; row <= area.bottom; row += 1) {
    const cells = cellsOf(sheet, row, area)
    if (cells.length === 1) singles.set(row, cells[0]!)
  }
  let { top, bottom } = area
  while (top <= bottom && singles.has(top)) top += 1
  while (bottom > top && singles.has(bottom)) bottom -= 1
  const texts = (from: number, to: number) =>
    [...singles].flatMap(([row, cell]) => (row >= from && row <= to ? [textElement(cell, facts)] : []))
  if (top > bottom) return texts(area.top, area.bottom)
  return [
    ...texts(area.top, top - 1),
    ...make(sheet, { ...area, top, bottom }, facts),
    ...texts(bottom + 1, area.bottom),
  ]
}

function cellsOf({ cells }: Sheet, row: number, { left, right }: Area): readonly SheetCell[] {
  const found: SheetCell[] = []
  for (let column = left; column <= right; column += 1) {
    const cell = cells.get(placeOf(row, column))
    if (cell) found.push(cell)
  }
  return found
}

const textElement = ({ text }: SheetCell, facts: ElementMetadata): Element =>
  elementFromText(text, { ...facts })

const rowsOf = ({ top, bottom }: Area) => Array.from({ length: bottom - top + 1 }, (_, index) => top + index)
const columnsOf = ({ left, right }: Area) =>
  Array.from({ length: right - left + 1 }, (_, index) => left + index)

/** As the reference prints it. */
function plainTable({ cells }: Sheet, area: Area, facts: ElementMetadata): Element[] {
  const columns = columnsOf(area)
  const values = rowsOf(area).map((row) => columns.map((column) => cells.get(placeOf(row, column))?.value))
  const printed = printCells(values)
  const text = printed
    .flat()
    .filter((cell) => cell !== '')
    .join(' ')
  return [{ type: 'Table', element_id: '', text, metadata: { ...facts, text_as_html: tableHtml(printed) } }]
}

/** As it is displayed, with cells that are one; what stands above columns is a heading. */
function richTableOf(sheet: Sheet, area: Area, facts: ElementMetadata): Element[] {
  const spans = spansIn(sheet, area)
  const heading = isHeading(sheet, area)
  const rows = rowsOf(area).map((row) =>
    columnsOf(area).flatMap((column): RichCell[] => {
      const span = spans.get(placeOf(row, column))
      if (span === 'covered') return []
      const text = sheet.cells.get(placeOf(row, column))?.text ?? ''
      const content = {
        text: collapseSpace(text),
        html: escapeHtml(text.trim()).replaceAll('\n', '<br/>'),
        pages: 0,
      }
      return [{ columns: 1, rows: 1, ...span, heading: heading && row === area.top, content }]
    }),
  )
  const table = richTable(rows)
  if (!table) return []
  return [
    { type: 'Table', element_id: '', text: table.text, metadata: { ...facts, text_as_html: table.html } },
  ]
}

type Span = { readonly columns: number; readonly rows: number } | 'covered'

/** Cells that are looked at for what covers them. */
const mostCovered = 100_000

function spansIn({ merged }: Sheet, area: Area): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>()
  for (const each of merged) {
    const inside =
      each.top >= area.top && each.bottom <= area.bottom && each.left >= area.left && each.right <= area.right
    if (!inside || spans.size > mostCovered) continue
    for (let row = each.top; row <= each.bottom; row += 1)
      for (let column = each.left; column <= each.right; column += 1)
        spans.set(placeOf(row, column), 'covered')
    const size = { columns: each.right - each.left + 1, rows: each.bottom - each.top + 1 }
    spans.set(placeOf(each.top, each.left), size)
  }
  return spans
}

/** Words above every column, and something below them. */
function isHeading(sheet: Sheet, area: Area): boolean {
  const cells = cellsOf(sheet, area.top, area)
  const isFull = cells.length === area.right - area.left + 1
  return isFull && area.bottom > area.top && cells.every(({ value }) => typeof value === 'string')
}
