/**
 * Reads `text_as_html`: rows and cells with their texts, and the same in as few characters as can be.
 *
 * @module
 */

import { type Handler, Parser } from 'htmlparser2'
import { collapseSpace, isSpace } from '../kit/whitespace.ts'
import { escapeText, escapeValue } from '../util/escape.ts'

/** A cell or a row; its markup without anything but structure. */
interface Piece {
  readonly html: string
  readonly text: string
}

export interface Row extends Piece {
  readonly cells: readonly Piece[]
  /** Stands in a head, or says nothing but in header cells; a row that its first cell heads is none. */
  readonly isHeader: boolean
  /** The row's own markup, as it was. */
  readonly source: string
}

/** Of these, only the content is kept. */
const grouping: ReadonlySet<string> = new Set(['thead', 'tbody', 'tfoot', 'colgroup'])
const cellTags: ReadonlySet<string> = new Set(['td', 'th'])
/** Nothing of a table of data is deeper. */
const deepest = 100

/** Markup that is being written: an open tag stays open until it is known whether anything is inside. */
interface Writing {
  html: string
  /** The last thing written is an open tag without its `>`. */
  pending: boolean
  /** The last thing written is white space; asking the growing text for its end would copy it each time. */
  spaced: boolean
}

interface OpenRow {
  readonly from: number
  readonly cells: Piece[]
  readonly inHead: boolean
  hasHeadings: boolean
  /** There are words in it that head nothing. */
  hasData: boolean
}

/** Rows of the first table, without those that a cell's own table has; none when there is no table. */
export function readRows(html: string): Row[] {
  const rows: Row[] = []
  const writing: Writing = { html: '', pending: false, spaced: false }
  let tables = 0
  let depth = 0
  let inHead = false
  let row: OpenRow | undefined
  let cell: { text: string; readonly isHeading: boolean } | undefined

  const handler: Partial<Handler> = {
    onopentag(name, attributes) {
      depth++
      if (name === 'table') tables++
      if (tables === 0 || depth > deepest) return
      if (cell === undefined) openOutside(name, attributes)
      else if (!grouping.has(name)) {
        if (name === 'br') cell.text += ' '
        write(writing, openTag(name, attributes))
      }
    },
    ontext(text) {
      if (cell === undefined) return
      cell.text += text
      writeText(writing, text)
    },
    onclosetag(name) {
      depth--
      if (tables > 0 && depth < deepest) close(name)
      if (name === 'table') tables--
    },
  }
  // An empty cell is written `<td/>`, and a heading cell behind it is not inside of it.
  const parser = new Parser(handler, { recognizeSelfClosing: true })

  function openOutside(name: string, attributes: Record<string, string>): void {
    if (tables > 1) return
    if (name === 'thead') inHead = true
    if (name === 'tr')
      row = { from: parser.startIndex, cells: [], inHead, hasHeadings: false, hasData: false }
    if (name === 'caption')
      row = { from: parser.startIndex, cells: [], inHead: false, hasHeadings: false, hasData: false }
    if (row === undefined || (!cellTags.has(name) && name !== 'caption')) return
    cell = { text: '', isHeading: name === 'th' }
    Object.assign(writing, { html: '', pending: false, spaced: false })
    write(writing, openTag('td', attributes))
  }

  function close(name: string): void {
    const ends = tables === 1 && (cellTags.has(name) || name === 'caption')
    if (cell !== undefined && row !== undefined && ends) {
      const text = collapseSpace(cell.text)
      row.cells.push({ html: closed(writing, 'td'), text })
      if (cell.isHeading) row.hasHeadings = true
      else if (text !== '') row.hasData = true
      cell = undefined
      if (name === 'caption') endRow()
    } else if (cell !== undefined && !grouping.has(name)) {
      closeTag(writing, nameInCell(name))
      if (blocks.has(name)) cell.text += ' '
    } else if (cell === undefined && tables === 1) {
      if (name === 'thead') inHead = false
      if (name === 'tr') endRow()
    }
  }

  function endRow(): void {
    if (row === undefined) return
    rows.push(rowOf(row, html.slice(row.from, parser.endIndex + 1)))
    row = undefined
  }

  parser.end(html)
  return rows
}

/** Between the texts of these there is a space, whether or not their markup has one. */
const blocks: ReadonlySet<string> = new Set(['p', 'div', 'li', 'ul', 'ol', 'td', 'th', 'tr', 'table', 'pre'])

const nameInCell = (name: string) => (name === 'th' ? 'td' : name)

function rowOf({ cells, inHead, hasHeadings, hasData }: OpenRow, source: string): Row {
  return {
    cells,
    isHeader: inHead || (hasHeadings && !hasData),
    html: rowHtml(cells),
    text: textOf(cells),
    source: source.endsWith('</tr>') ? source : `${source}</tr>`,
  }
}

/** A row of these cells. */
export const rowHtml = (cells: readonly Piece[]) =>
  cells.length === 0 ? '<tr/>' : `<tr>${cells.map(({ html }) => html).join('')}</tr>`

/** The texts of cells or rows, those that have any, with a space between. */
export function textOf(pieces: readonly { readonly text: string }[]): string {
  return pieces.flatMap(({ text }) => (text === '' ? [] : text)).join(' ')
}

/** A table of these rows. */
export const tableOf = (rows: readonly Pick<Row, 'html'>[]) =>
  `<table>${rows.map(({ html }) => html).join('')}</table>`

function openTag(name: string, { colspan, rowspan }: Record<string, string>): string {
  const spans = [
    colspan && ` colspan="${escapeValue(colspan)}"`,
    rowspan && ` rowspan="${escapeValue(rowspan)}"`,
  ]
  return `<${nameInCell(name)}${spans.filter(Boolean).join('')}`
}

function write(writing: Writing, open: string): void {
  finishTag(writing)
  writing.html += open
  writing.pending = true
  writing.spaced = false
}

function finishTag(writing: Writing): void {
  if (writing.pending) writing.html += '>'
  writing.pending = false
}

/** White space becomes one space; none at the beginning of a tag's content, nor behind another. */
function writeText(writing: Writing, text: string): void {
  const even = collapseInside(text)
  const kept = (writing.pending || writing.spaced) && even.startsWith(' ') ? even.slice(1) : even
  if (kept === '') return
  finishTag(writing)
  writing.html += escapeText(kept)
  writing.spaced = kept.endsWith(' ')
}

/** As `collapseSpace`, but for one space that stays at each end that had any. */
function collapseInside(text: string): string {
  const even = collapseSpace(text)
  if (even === '') return text === '' ? '' : ' '
  const before = isSpace(text.charCodeAt(0)) ? ' ' : ''
  const behind = isSpace(text.charCodeAt(text.length - 1)) ? ' ' : ''
  return before + even + behind
}

function closeTag(writing: Writing, name: string): void {
  if (writing.pending) writing.html += '/>'
  else writing.html += `</${name}>`
  writing.pending = false
  writing.spaced = false
}

/** All that was written, its tag closed and no space before that. */
function closed(writing: Writing, name: string): string {
  if (writing.spaced) writing.html = writing.html.slice(0, -1)
  closeTag(writing, name)
  return writing.html
}
