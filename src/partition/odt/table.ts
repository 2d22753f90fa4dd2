/**
 * Reads a table of an OpenDocument text.
 *
 * @module
 */

import { isBlank, strip } from '../../kit/whitespace.ts'
import { tableHtml } from '../html/table.ts'
import { type Piece, textOfPieces } from '../office/pieces.ts'
import {
  emptyContent,
  type RichBlock,
  type RichCell,
  richCell,
  richParagraph,
  richTable,
  type TableContent,
} from '../office/rich-table.ts'
import { childrenOf, type XmlNode } from '../office/xml.ts'
import { blocksOf } from './inline.ts'

type ReadParagraph = (paragraph: XmlNode) => readonly Piece[]

interface Row {
  readonly heading: boolean
  readonly cells: readonly XmlNode[]
}

/** Columns or rows that a cell may take. */
const mostSpanned = 1000

function span(cell: XmlNode, direction: 'columns' | 'rows'): number {
  const stated = Number.parseInt(cell.attributes[`table:number-${direction}-spanned`] ?? '1', 10)
  return Number.isNaN(stated) ? 1 : Math.min(Math.max(stated, 1), mostSpanned)
}

const groups: ReadonlySet<string> = new Set([
  'table:table-rows',
  'table:table-row-group',
  'table:table-header-rows',
])

function* rowsOf(table: XmlNode, heading = false): Generator<Row> {
  for (const child of childrenOf(table)) {
    if (child.name === 'table:table-row') yield { heading, cells: cellsOf(child) }
    else if (groups.has(child.name)) yield* rowsOf(child, heading || child.name === 'table:table-header-rows')
  }
}

/** Those that others cover are left out. */
const cellsOf = (row: XmlNode): XmlNode[] => childrenOf(row).filter(({ name }) => name === 'table:table-cell')

/** Cells that short rows are filled up to. */
const mostCells = 1_000_000

/** As the reference does: rows of plain cells, all of the same length. */
export function readPlainTable(table: XmlNode, readParagraph: ReadParagraph): TableContent {
  const matrix = [...rowsOf(table)].map(({ cells }) =>
    cells.map((cell) => plainTexts(cell, readParagraph).join(' ')),
  )
  const texts = matrix.flat().filter((text) => text !== '')
  const columns = matrix.reduce((most, { length }) => Math.max(most, length), 0)
  if (columns * matrix.length <= mostCells)
    for (const row of matrix) while (row.length < columns) row.push('')
  return { text: texts.join(' '), html: tableHtml(matrix), pages: 0 }
}

/** Texts of all paragraphs in a cell, those of nested tables as well, that are not blank. */
function plainTexts(parent: XmlNode, readParagraph: ReadParagraph): string[] {
  return [...blocksOf(parent)].flatMap(({ block }) => {
    if (block.name === 'table:table')
      return [...rowsOf(block)].flatMap(({ cells }) =>
        cells.flatMap((cell) => plainTexts(cell, readParagraph)),
      )
    const text = isParagraph(block) ? textOfPieces(readParagraph(block)) : ''
    return isBlank(text) ? [] : [strip(text)]
  })
}

export const isParagraph = ({ name }: XmlNode): boolean => name === 'text:p' || name === 'text:h'

/** With merged cells and heading rows. Undefined when there is nothing in it. */
export function readRichTable(table: XmlNode, readParagraph: ReadParagraph): TableContent | undefined {
  const rows = [...rowsOf(table)].map(({ heading, cells }) =>
    cells.map(
      (cell): RichCell => ({
        columns: span(cell, 'columns'),
        rows: span(cell, 'rows'),
        heading,
        content: readCell(cell, readParagraph),
      }),
    ),
  )
  const content = richTable(rows)
  return content && { ...content, pages: content.pages + pagesBetweenRows(table) }
}

const pagesBetweenRows = (table: XmlNode): number =>
  childrenOf(table).filter(({ name }) => name === 'text:soft-page-break').length

function readCell(cell: XmlNode, readParagraph: ReadParagraph): TableContent {
  const blocks = [...blocksOf(cell)].map(({ block, depth }): RichBlock => {
    if (block.name === 'table:table')
      return { content: readRichTable(block, readParagraph) ?? emptyContent, item: false }
    return { content: richParagraph(isParagraph(block) ? readParagraph(block) : []), item: depth > 0 }
  })
  return richCell(blocks)
}
