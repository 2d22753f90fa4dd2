/**
 * Reads a table of a Word document with all that a reader sees in it: merged cells, heading rows, lists, links, nested tables. The text
 * has one line for each row.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import { escapeHtml } from '../office/html.ts'
import { childOf, type XmlNode } from '../office/xml.ts'
import type { Piece } from './inline.ts'
import { blocksOf, isOn, paragraphsAndTables, type View } from './names.ts'
import { columnsLeftOut, isContinued, type ReadParagraph, spanOf, type TableContent } from './table.ts'

interface Cell {
  readonly column: number
  readonly columns: number
  rows: number
  readonly heading: boolean
  readonly content: TableContent
}

const nothing: TableContent = { text: '', html: '', pages: 0 }

const rowNames: ReadonlySet<string> = new Set(['w:tr'])
const cellNames: ReadonlySet<string> = new Set(['w:tc'])
const isRemoved = (row: XmlNode): boolean => childOf(childOf(row, 'w:trPr'), 'w:del') !== undefined

export interface RichTableOptions {
  readonly view: View
  readonly readParagraph: ReadParagraph
  /** Whether a paragraph is an item of a list. */
  readonly isItem: (paragraph: XmlNode) => boolean
}

/** Undefined when there is nothing in it. */
export function readRichTable(table: XmlNode, options: RichTableOptions): TableContent | undefined {
  const { view } = options
  const rows: Cell[][] = []
  let pages = 0
  /** By column: the cell that the next row may go on from. */
  let above: ReadonlyMap<number, Cell> = new Map()
  for (const row of blocksOf(table, rowNames, view)) {
    if (isRemoved(row) && !view.deletions) continue
    const { cells, columns } = readRow(row, above, options)
    rows.push(cells)
    above = columns
    pages += cells.reduce((most, { content }) => Math.max(most, content.pages), 0)
  }
  const text = rows.map((cells) =>
    joined(
      cells.map(({ content }) => content.text),
      ' ',
    ),
  )
  if (rows.every((cells) => cells.every(({ content }) => content.html === ''))) return undefined
  return { text: joined(text, '\n'), html: `<table>${rows.map(rowHtml).join('')}</table>`, pages }
}

const joined = (texts: readonly string[], separator: string): string =>
  texts.filter((text) => text !== '').join(separator)

function readRow(row: XmlNode, above: ReadonlyMap<number, Cell>, options: RichTableOptions) {
  const heading = isOn(childOf(row, 'w:trPr'), 'w:tblHeader')
  const cells: Cell[] = []
  const columns = new Map<number, Cell>()
  let column = columnsLeftOut(row, 'w:gridBefore')
  if (column > 0) cells.push({ column: 0, columns: column, rows: 1, heading, content: nothing })
  for (const node of blocksOf(row, cellNames, options.view)) {
    const continued = isContinued(node) ? above.get(column) : undefined
    if (continued) continued.rows += 1
    const cell = continued ?? {
      column,
      columns: spanOf(node),
      rows: 1,
      heading,
      content: readCell(node, options),
    }
    if (!continued) cells.push(cell)
    columns.set(column, cell)
    column += spanOf(node)
  }
  return { cells, columns }
}

function readCell(cell: XmlNode, options: RichTableOptions): TableContent {
  const texts: string[] = []
  let pages = 0
  const parts: { readonly html: string; readonly item: boolean }[] = []
  for (const block of blocksOf(cell, paragraphsAndTables, options.view)) {
    const isTable = block.name === 'w:tbl'
    const content = isTable ? readRichTable(block, options) : paragraph(block, options)
    pages += content?.pages ?? 0
    if (!content || content.html === '') continue
    texts.push(collapseSpace(content.text))
    parts.push({ html: content.html, item: !isTable && options.isItem(block) })
  }
  return { text: joined(texts, ' '), html: cellHtml(parts), pages }
}

function cellHtml(parts: readonly { readonly html: string; readonly item: boolean }[]): string {
  return parts
    .map(({ html, item }, index) => {
      const before = parts[index - 1]
      const after = parts[index + 1]
      if (!item) return before && !before.item ? `<br/>${html}` : html
      return `${before?.item ? '' : '<ul>'}<li>${html}</li>${after?.item ? '' : '</ul>'}`
    })
    .join('')
}

function paragraph(node: XmlNode, { readParagraph }: RichTableOptions): TableContent {
  const pieces = readParagraph(node)
  const text = pieces.map(textOfPiece).join('')
  const pages = pieces.filter(({ kind }) => kind === 'page').length
  return { text, html: pieces.map(htmlOfPiece).join('').trim(), pages }
}

function textOfPiece(piece: Piece): string {
  if (piece.kind === 'picture') return ` ${piece.picture.alt} `
  return piece.kind === 'words' ? piece.text : ''
}

function htmlOfPiece(piece: Piece): string {
  if (piece.kind === 'picture') return `<img alt="${escapeHtml(piece.picture.alt)}"/>`
  if (piece.kind !== 'words') return ''
  const html = escapeHtml(piece.text).replaceAll('\n', '<br/>')
  return piece.link ? `<a href="${escapeHtml(piece.link.url)}">${html}</a>` : html
}

function rowHtml(cells: readonly Cell[]): string {
  const html = cells.map(({ columns, rows, heading, content }) => {
    const name = heading ? 'th' : 'td'
    const spans = (columns > 1 ? ` colspan="${columns}"` : '') + (rows > 1 ? ` rowspan="${rows}"` : '')
    return content.html === '' ? `<${name}${spans}/>` : `<${name}${spans}>${content.html}</${name}>`
  })
  return `<tr>${html.join('')}</tr>`
}
