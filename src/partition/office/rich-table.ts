/**
 * Text and HTML of a table with all that a reader sees in it: merged cells, heading cells, lists, links, nested tables. The text has one
 * line for each row.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import { escapeValue } from '../../util/escape.ts'
import type { Piece } from './pieces.ts'

export interface TableContent {
  readonly text: string
  readonly html: string
  /** How many pages end in it. */
  readonly pages: number
}

/** A cell, or what stands in it. */
export interface RichCell {
  readonly columns: number
  /** Grows while further rows turn out to belong to it. */
  rows: number
  readonly heading: boolean
  readonly content: TableContent
}

/** A paragraph or a nested table of a cell. */
export interface RichBlock {
  readonly content: TableContent
  /** An item of a list. */
  readonly item: boolean
}

export const emptyContent: TableContent = { text: '', html: '', pages: 0 }

const joined = (texts: readonly string[], separator: string): string =>
  texts.filter((text) => text !== '').join(separator)

/** Undefined when there is nothing in it. */
export function richTable(rows: readonly (readonly RichCell[])[]): TableContent | undefined {
  if (rows.every((cells) => cells.every(({ content }) => content.html === ''))) return undefined
  const lines = rows.map((cells) =>
    joined(
      cells.map(({ content }) => content.text),
      ' ',
    ),
  )
  return {
    text: joined(lines, '\n'),
    html: `<table>${rows.map(rowHtml).join('')}</table>`,
    pages: rows.reduce((pages, cells) => pages + mostPages(cells), 0),
  }
}

/** A page's end is told in each cell that goes over it. */
const mostPages = (cells: readonly RichCell[]): number =>
  cells.reduce((most, { content }) => Math.max(most, content.pages), 0)

function rowHtml(cells: readonly RichCell[]): string {
  const html = cells.map(({ columns, rows, heading, content }) => {
    const name = heading ? 'th' : 'td'
    const spans = (columns > 1 ? ` colspan="${columns}"` : '') + (rows > 1 ? ` rowspan="${rows}"` : '')
    return content.html === '' ? `<${name}${spans}/>` : `<${name}${spans}>${content.html}</${name}>`
  })
  return `<tr>${html.join('')}</tr>`
}

/** What stands in a cell. */
export function richCell(blocks: readonly RichBlock[]): TableContent {
  const seen = blocks.filter(({ content }) => content.html !== '')
  return {
    text: joined(
      seen.map(({ content }) => collapseSpace(content.text)),
      ' ',
    ),
    html: seen
      .map(({ content, item }, index) => blockHtml(content.html, item, seen[index - 1], seen[index + 1]))
      .join(''),
    pages: blocks.reduce((pages, { content }) => pages + content.pages, 0),
  }
}

/** Items stand in a list, other blocks on lines of their own. */
function blockHtml(html: string, item: boolean, before?: RichBlock, after?: RichBlock): string {
  if (!item) return before && !before.item ? `<br/>${html}` : html
  return `${before?.item ? '' : '<ul>'}<li>${html}</li>${after?.item ? '' : '</ul>'}`
}

/** What stands in a paragraph. */
export function richParagraph(pieces: readonly Piece[]): TableContent {
  return {
    text: pieces.map(pieceText).join(''),
    html: pieces.map(pieceHtml).join('').trim(),
    pages: pieces.filter(({ kind }) => kind === 'page').length,
  }
}

function pieceText(piece: Piece): string {
  if (piece.kind === 'picture') return ` ${piece.picture.alt} `
  return piece.kind === 'words' ? piece.text : ''
}

function pieceHtml(piece: Piece): string {
  if (piece.kind === 'picture') return `<img alt="${escapeValue(piece.picture.alt)}"/>`
  if (piece.kind !== 'words') return ''
  const html = escapeValue(piece.text).replaceAll('\n', '<br/>')
  return piece.link ? `<a href="${escapeValue(piece.link.url)}">${html}</a>` : html
}
