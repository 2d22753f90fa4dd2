/**
 * Reads a table of a slide: as the reference does, and with its merged cells and heading row.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import { tableHtml } from '../html/table.ts'
import { textOfPieces } from '../office/pieces.ts'
import { type RichCell, richCell, richParagraph, richTable, type TableContent } from '../office/rich-table.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import { isOn, paragraphsOf, type ReadParagraph } from './text.ts'

const named = (node: XmlNode, name: string): XmlNode[] =>
  childrenOf(node).filter((child) => child.name === name)

/** Each cell's text as it stands; undefined when there is nothing in it. */
export function readPlainTable(table: XmlNode, readParagraph: ReadParagraph): TableContent | undefined {
  const cellText = (cell: XmlNode): string =>
    paragraphsOf(childOf(cell, 'a:txBody'))
      .map((paragraph) => textOfPieces(readParagraph(paragraph)))
      .join('\n')
  const matrix = named(table, 'a:tr').map((row) => named(row, 'a:tc').map(cellText))
  const text = matrix
    .flat()
    .filter((cell) => !isBlank(cell))
    .map((cell) => cell.trim().replace(/\s+/g, ' '))
    .join(' ')
  return text === '' ? undefined : { text, html: tableHtml(matrix), pages: 0 }
}

/** Undefined when there is nothing in it. */
export function readRichTable(table: XmlNode, readParagraph: ReadParagraph): TableContent | undefined {
  const { firstRow, firstCol: firstColumn } = childOf(table, 'a:tblPr')?.attributes ?? {}
  return richTable(
    named(table, 'a:tr').map((row, rowIndex) =>
      named(row, 'a:tc').flatMap((cell, column) => {
        const heading = (rowIndex === 0 && isOn(firstRow)) || (column === 0 && isOn(firstColumn))
        return isOn(cell.attributes.hMerge) || isOn(cell.attributes.vMerge)
          ? []
          : [richCellOf(cell, heading, readParagraph)]
      }),
    ),
  )
}

function richCellOf(cell: XmlNode, heading: boolean, readParagraph: ReadParagraph): RichCell {
  const blocks = paragraphsOf(childOf(cell, 'a:txBody')).map((paragraph) => ({
    content: richParagraph(readParagraph(paragraph)),
    item: false,
  }))
  return {
    columns: spanOf(cell.attributes.gridSpan),
    rows: spanOf(cell.attributes.rowSpan),
    heading,
    content: richCell(blocks),
  }
}

/** Far more than PowerPoint allows. */
const widestSpan = 1000

function spanOf(value: string | undefined): number {
  const span = Number(value ?? 1)
  return Number.isInteger(span) ? Math.min(Math.max(span, 1), widestSpan) : 1
}
