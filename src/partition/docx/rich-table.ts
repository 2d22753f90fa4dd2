/**
 * Reads a table of a Word document with its merged cells and heading rows.
 *
 * @module
 */

import {
  emptyContent,
  type RichBlock,
  type RichCell,
  richCell,
  richParagraph,
  richTable,
  type TableContent,
} from '../office/rich-table.ts'
import { childOf, type XmlNode } from '../office/xml.ts'
import { blocksOf, isOn, paragraphsAndTables, type View } from './names.ts'
import { columnsLeftOut, isContinued, type ReadParagraph, spanOf } from './table.ts'

interface RichTableOptions {
  readonly view: View
  readonly readParagraph: ReadParagraph
  /** Whether a paragraph is an item of a list. */
  readonly isItem: (paragraph: XmlNode) => boolean
}

const rowNames: ReadonlySet<string> = new Set(['w:tr'])
const cellNames: ReadonlySet<string> = new Set(['w:tc'])
const isRemoved = (row: XmlNode): boolean => childOf(childOf(row, 'w:trPr'), 'w:del') !== undefined

/** Undefined when there is nothing in it. */
export function readRichTable(table: XmlNode, options: RichTableOptions): TableContent | undefined {
  const rows: RichCell[][] = []
  /** By column: the cell that the next row may go on from. */
  let above: ReadonlyMap<number, RichCell> = new Map()
  for (const row of blocksOf(table, rowNames, options.view)) {
    if (isRemoved(row) && !options.view.deletions) continue
    const { cells, columns } = readRow(row, above, options)
    rows.push(cells)
    above = columns
  }
  return richTable(rows)
}

function readRow(row: XmlNode, above: ReadonlyMap<number, RichCell>, options: RichTableOptions) {
  const heading = isOn(childOf(row, 'w:trPr'), 'w:tblHeader')
  const cells: RichCell[] = []
  const columns = new Map<number, RichCell>()
  let column = columnsLeftOut(row, 'w:gridBefore')
  if (column > 0) cells.push({ columns: column, rows: 1, heading, content: emptyContent })
  for (const node of blocksOf(row, cellNames, options.view)) {
    const continued = isContinued(node) ? above.get(column) : undefined
    const cell = continued ?? { columns: spanOf(node), rows: 1, heading, content: readCell(node, options) }
    if (continued) continued.rows += 1
    else cells.push(cell)
    columns.set(column, cell)
    column += spanOf(node)
  }
  return { cells, columns }
}

function readCell(cell: XmlNode, options: RichTableOptions): TableContent {
  const blocks: RichBlock[] = []
  for (const block of blocksOf(cell, paragraphsAndTables, options.view)) {
    if (block.name === 'w:tbl')
      blocks.push({ content: readRichTable(block, options) ?? emptyContent, item: false })
    else blocks.push({ content: richParagraph(options.readParagraph(block)), item: options.isItem(block) })
  }
  return richCell(blocks)
}
