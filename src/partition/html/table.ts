/**
 * Reads one table as the reference does: rows of plain cells, everything inside a cell flattened to its words.
 *
 * @module
 */

import { collapseSpace, strip } from '../../kit/whitespace.ts'
import type { Attributes } from './hints.ts'

export interface TableContent {
  readonly text: string
  readonly html: string
  readonly links: readonly { readonly text: string; readonly url: string }[]
}

/** Receives what is inside `<table>`; `close` closes the element opened last. */
export interface TableReader {
  open(name: string, attributes: Attributes): void
  text(node: string): void
  close(): void
  /** Undefined when there is nothing to show. */
  content(): TableContent | undefined
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!)

function cellHtml(text: string): string {
  if (text === '') return '<td/>'
  return `<td>${collapseSpace(escapeHtml(text).replaceAll('\n', '<br/>'))}</td>`
}

/** The reference's HTML of a matrix of cell texts; rows without cells are left out, an empty matrix is an empty text. */
export function tableHtml(matrix: readonly (readonly string[])[]): string {
  if (matrix.length === 0) return ''
  const rows = matrix.filter((row) => row.length > 0)
  return `<table>${rows.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('')}</table>`
}

const sections: ReadonlySet<string> = new Set(['thead', 'tbody', 'tfoot'])

/** Rows are `tr` directly in the table or in one of its sections, cells `td` and `th` directly in a row; all else is lost. */
export function createPlainTable(): TableReader {
  const matrix: string[][] = []
  let cell: string[] | undefined
  /** Open elements inside the table; and at which of these depths a section, row, cell is open, 0 = none. */
  let depth = 0
  let section = 0
  let row = 0
  let inCell = 0

  return {
    open(name) {
      depth++
      if (inCell > 0) return
      if (row > 0) {
        if (depth !== row + 1 || (name !== 'td' && name !== 'th')) return
        inCell = depth
        cell = []
      } else if (name === 'tr' && depth === (section > 0 ? 2 : 1)) {
        row = depth
        matrix.push([])
      } else if (depth === 1 && sections.has(name)) section = 1
    },
    text(node) {
      const text = cell === undefined ? '' : strip(node)
      if (text !== '') cell!.push(text)
    },
    close() {
      if (depth === inCell) {
        matrix.at(-1)!.push(cell!.join(' '))
        cell = undefined
        inCell = 0
      } else if (depth === row) row = 0
      else if (depth === section) section = 0
      depth--
    },
    content() {
      const text = strip(matrix.map((cells) => cells.filter((each) => each !== '').join(' ')).join(' '))
      return text === '' ? undefined : { text, html: tableHtml(matrix), links: [] }
    },
  }
}
