/**
 * Puts the pieces of tables together again.
 *
 * @module
 */

import { collapseSpace } from '../kit/whitespace.ts'
import type { Element, ElementMetadata } from '../model/element.ts'
import { type Row, readRows, textOf } from './html-table.ts'

/**
 * The tables that chunks are pieces of, each where its first piece stands. Pieces are told by `table_id` and ordered by `chunk_index`,
 * those without one last; header rows that were repeated are there once. All other elements are left out.
 */
export function reconstructTables(chunks: Iterable<Element>): Element[] {
  const tables = new Map<string, Element[]>()
  for (const chunk of chunks) {
    const { table_id: id } = chunk.metadata
    if (chunk.type !== 'TableChunk' || id === undefined) continue
    const pieces = tables.get(id) ?? []
    tables.set(id, pieces)
    pieces.push(chunk)
  }
  return [...tables.values()].map((pieces) => reconstructed(pieces.toSorted(byIndex)))
}

const indexOf = ({ metadata }: Element) => metadata.chunk_index ?? Number.MAX_SAFE_INTEGER
const byIndex = (one: Element, other: Element) => indexOf(one) - indexOf(other)

/** A piece of a table, its repeated header rows told from its own. */
interface Piece {
  readonly carried: readonly Row[]
  readonly own: readonly Row[]
  readonly text: string
}

function pieceOf({ text, metadata }: Element): Piece {
  const rows = readRows(metadata.text_as_html ?? '')
  const carried = rows.slice(0, metadata.num_carried_over_header_rows ?? 0)
  const repeated = collapseSpace(textOf(carried))
  return {
    carried,
    own: rows.slice(carried.length),
    text: text.startsWith(repeated) ? text.slice(repeated.length).trimStart() : text,
  }
}

function reconstructed(chunks: readonly Element[]): Element {
  const pieces = chunks.map(pieceOf)
  const html = htmlOf(pieces)
  const { element_id = '', metadata: all = {} } = chunks[0] ?? {}
  const {
    table_id: _,
    chunk_index,
    num_carried_over_header_rows,
    is_continuation,
    text_as_html,
    ...rest
  } = all
  const metadata: ElementMetadata = html === undefined ? rest : { ...rest, text_as_html: html }
  return { type: 'Table', element_id, text: textOf(pieces), metadata }
}

/** The markup of all; undefined when no piece has any. */
function htmlOf(pieces: readonly Piece[]): string | undefined {
  const rows = pieces.flatMap(({ own }) => own)
  if (rows.length === 0) return undefined
  const carried = pieces.find((piece) => piece.carried.length > 0)?.carried ?? []
  const isHead = carried.length > 0 && carried.every(({ text }, at) => text === rows[at]?.text)
  const body = (isHead ? rows.slice(carried.length) : rows).map(({ source }) => source).join('')
  const head = isHead ? `<thead>${carried.map(({ source }) => source).join('')}</thead>` : ''
  return `<table>${head}${body}</table>`
}
