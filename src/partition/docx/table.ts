/**
 * Reads a table of a Word document as the reference does: a cell that goes over several columns or rows is repeated in each, all inside a
 * cell is flattened to its words.
 *
 * @module
 */

import { isBlank, strip } from '../../kit/whitespace.ts'
import { tableHtml } from '../html/table.ts'
import { type Piece, textOfPieces } from '../office/pieces.ts'
import type { TableContent } from '../office/rich-table.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import { tooMuch } from '../problems.ts'
import { countOf, valueIn } from './names.ts'

/** Reads what stands in a paragraph. */
export type ReadParagraph = (paragraph: XmlNode) => readonly Piece[]

/** Columns that Word allows. */
const mostColumns = 63
/** Characters that repeating merged cells may come to. */
const mostCharacters = 20_000_000

const named = (node: XmlNode, name: string): XmlNode[] =>
  childrenOf(node).filter((child) => child.name === name)

/** How many columns a cell takes. */
export function spanOf(cell: XmlNode): number {
  const span = countOf(valueIn(childOf(cell, 'w:tcPr'), 'w:gridSpan')) ?? 1
  return Math.min(Math.max(span, 1), mostColumns)
}

/** Whether a cell goes on from the one above. */
export function isContinued(cell: XmlNode): boolean {
  const merge = childOf(childOf(cell, 'w:tcPr'), 'w:vMerge')
  return merge !== undefined && (merge.attributes['w:val'] ?? 'continue') === 'continue'
}

/** Columns that a row leaves out, at its beginning or its end. */
export function columnsLeftOut(row: XmlNode, name: 'w:gridBefore' | 'w:gridAfter'): number {
  return Math.min(countOf(valueIn(childOf(row, 'w:trPr'), name)) ?? 0, mostColumns)
}

/** @param what the format, for messages @throws {OutflowError} code `file.too_much` */
export function readPlainTable(table: XmlNode, readParagraph: ReadParagraph, what: string): TableContent {
  let characters = 0

  function counted(text: string): string {
    characters += text.length + 1
    if (characters > mostCharacters)
      throw tooMuch(
        what,
        `merged cells that come to more than ${mostCharacters.toLocaleString('en')} characters`,
      )
    return text
  }

  function matrix(from: XmlNode): string[][] {
    const rows: string[][] = []
    let above: ReadonlyMap<number, Cell> = new Map()
    for (const row of named(from, 'w:tr')) {
      const cells = cellsOf(row, above)
      rows.push(cells ? [...cells.values()].flatMap(({ texts }) => texts) : [''])
      above = cells ?? new Map()
    }
    return rows
  }

  interface Cell {
    /** One for each column. */
    readonly texts: readonly string[]
  }

  /** By the column where each begins; undefined when a cell goes on from one that is not there. */
  function cellsOf(row: XmlNode, above: ReadonlyMap<number, Cell>): Map<number, Cell> | undefined {
    const before = columnsLeftOut(row, 'w:gridBefore')
    const cells = new Map<number, Cell>()
    if (before > 0) cells.set(-1, { texts: Array<string>(before).fill('') })
    let column = before
    for (const cell of named(row, 'w:tc')) {
      const span = spanOf(cell)
      const content = isContinued(cell) ? above.get(column) : repeated(cellText(cell), span)
      if (!content) return undefined
      cells.set(column, content)
      column += span
    }
    const after = columnsLeftOut(row, 'w:gridAfter')
    if (after > 0) cells.set(column, { texts: Array<string>(after).fill('') })
    return cells
  }

  const repeated = (text: string, span: number): Cell => ({
    texts: Array.from({ length: span }, () => counted(text)),
  })

  function cellText(cell: XmlNode): string {
    return childrenOf(cell)
      .flatMap((block) => {
        if (block.name === 'w:p') return textOfPieces(readParagraph(block))
        return block.name === 'w:tbl' ? matrix(block).flat() : []
      })
      .join(' ')
  }

  return { text: plainTexts(table, readParagraph).join(' '), html: tableHtml(matrix(table)), pages: 0 }
}

/** Texts of all paragraphs in a table that are not blank, each cell once. */
export function plainTexts(table: XmlNode, readParagraph: ReadParagraph): string[] {
  return named(table, 'w:tr')
    .flatMap((row) => named(row, 'w:tc'))
    .filter((cell) => !isContinued(cell))
    .flatMap((cell) => childrenOf(cell))
    .flatMap((block) => {
      if (block.name === 'w:tbl') return plainTexts(block, readParagraph)
      const text = block.name === 'w:p' ? textOfPieces(readParagraph(block)) : ''
      return isBlank(text) ? [] : [strip(text)]
    })
}
