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
  const cells = options.findSubtable
    ? blocksOf(sheet).flatMap((area) => blockElements(sheet, area, facts, makers))
    : makers.table(sheet, wholeArea(sheet), facts)
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

/** How a mode makes elements. */
interface Makers {
  readonly table: (sheet: Sheet, area: Area, facts: ElementMetadata) => Element[]
  /** @param place of the cell */
  readonly text: (sheet: Sheet, place: number, facts: ElementMetadata) => Element[]
}

/** Rows with one cell at its beginning and end are text around the table. */
function blockElements(sheet: Sheet, area: Area, facts: ElementMetadata, makers: Makers): Element[] {
  const singles = new Map<number, number>()
  for (let row = area.top; row <= area.bottom; row += 1) {
    const places = placesOf(sheet, row, area)
    if (places.length === 1) singles.set(row, places[0]!)
  }
  let { top, bottom } = area
  while (top <= bottom && singles.has(top)) top += 1
  while (bottom > top && singles.has(bottom)) bottom -= 1
  const texts = (from: number, to: number) =>
    [...singles].flatMap(([row, place]) => (row >= from && row <= to ? makers.text(sheet, place, facts) : []))
  if (top > bottom) return texts(area.top, area.bottom)
  return [
    ...texts(area.top, top - 1),
    ...makers.table(sheet, { ...area, top, bottom }, facts),
    ...texts(bottom + 1, area.bottom),
  ]
}

/** Places of a row with something in them. */
function placesOf({ cells }: Sheet, row: number, { left, right }: Area): readonly number[] {
  const found: number[] = []
  for (let place = placeOf(row, left); place <= placeOf(row, right); place += 1)
    if (cells.has(place)) found.push(place)
  return found
}

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

/** The reference's order in workbooks, where addresses are nothing special. */
function plainText({ cells }: Sheet, place: number, facts: ElementMetadata): Element[] {
  const [[text = ''] = []] = printCells([[cells.get(place)?.value]])
  const element = elementFromText(text, { ...facts })
  const isAddress = element.type === 'EmailAddress' || element.type === 'Address'
  return [isAddress ? { ...element, type: proseType(element.text) } : element]
}

function proseType(text: string): ElementType {
  if (isNarrative(text)) return 'NarrativeText'
  return isTitle(text) ? 'Title' : 'UncategorizedText'
}

const plain: Makers = { table: plainTable, text: plainText }

/** As it is displayed, with cells that are one, and links; what stands above columns is a heading. */
function richTableOf(sheet: Sheet, area: Area, facts: ElementMetadata): Element[] {
  const spans = spansIn(sheet, area)
  const heading = isHeading(sheet, area)
  const rows = rowsOf(area).map((row) =>
    columnsOf(area).flatMap((column): RichCell[] => {
      const span = spans.get(placeOf(row, column))
      if (span === 'covered') return []
      const content = cellContent(sheet, placeOf(row, column))
      return [{ columns: 1, rows: 1, ...span, heading: heading && row === area.top, content }]
    }),
  )
  const table = richTable(rows)
  if (!table) return []
  const metadata = { ...facts, text_as_html: table.html, ...linksIn(sheet, area) }
  return [{ type: 'Table', element_id: '', text: table.text, metadata }]
}

function cellContent({ cells, links }: Sheet, place: number): TableContent {
  const text = cells.get(place)?.text.trim() ?? ''
  const html = escapeValue(text).replaceAll('\n', '<br/>')
  const url = links.get(place)
  const linked = url === undefined || html === '' ? html : `<a href="${escapeValue(url)}">${html}</a>`
  return { text: collapseSpace(text), html: linked, pages: 0 }
}

function linksIn({ cells, links }: Sheet, { top, left, bottom, right }: Area): ElementMetadata {
  const found = [...links].flatMap(([place, url]) => {
    const [row, column, cell] = [rowOf(place), columnOf(place), cells.get(place)]
    const isInside = row >= top && row <= bottom && column >= left && column <= right
    return cell && isInside ? [{ text: collapseSpace(cell.text), url }] : []
  })
  if (found.length === 0) return {}
  return { link_texts: found.map(({ text }) => text), link_urls: found.map(({ url }) => url) }
}

/** A minus sign is no bullet. */
function richText({ cells, links }: Sheet, place: number, facts: ElementMetadata): Element[] {
  const element = elementFromText(cells.get(place)?.text.trim() ?? '', { ...facts }, true)
  const url = links.get(place)
  const { text, metadata } = element
  if (url === undefined) return [element]
  const linked = { link_texts: [text], link_urls: [url], links: [{ text, url, start_index: 0 }] }
  return [{ ...element, metadata: { ...metadata, ...linked } }]
}

const rich: Makers = { table: richTableOf, text: richText }

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
  const places = placesOf(sheet, area.top, area)
  const isFull = places.length === area.right - area.left + 1
  return (
    isFull &&
    area.bottom > area.top &&
    places.every((place) => typeof sheet.cells.get(place)?.value === 'string')
  )
}
