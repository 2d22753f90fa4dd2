/**
 * Makes markup of paragraphs and table cells as they end.
 *
 * @module
 */

import type { MarkupSink } from '../../model/markup.ts'

/** How a run of text looks, and where it leads. */
interface Looks {
  readonly bold: boolean
  readonly italic: boolean
  /** The address that it is a link to. */
  readonly href: string | undefined
}

/** What a paragraph is. */
interface ParagraphKind {
  /** 0 for the highest heading. */
  readonly heading: number | undefined
  /** 0 for a list's outermost items. */
  readonly list: number | undefined
  readonly inTable: boolean
}

export interface Writer {
  text(text: string, looks: Looks): void
  /** @param source a `data:` address */
  picture(source: string, looks: Looks): void
  endParagraph(kind: ParagraphKind): void
  endCell(): void
  /** Cells are described: a row begins. */
  beginRow(): void
  endRow(): void
  /** What comes until `endNote` is a note on the paragraph that is being written, and follows it. */
  beginNote(): void
  endNote(): void
  end(): void
}

interface Piece extends Looks {
  text: string
  readonly picture?: string
}

type Paragraph = Piece[]
type Cell = Paragraph[]

const plain: ParagraphKind = { heading: undefined, list: undefined, inTable: false }
const deepestList = 8

/** @param strictRows a row that is not described belongs to the one above (the reference's rule) */
export function createWriter(sink: MarkupSink, strictRows: boolean): Writer {
  let pieces: Paragraph = []
  let cell: Cell = []
  let row: Cell[] = []
  let rows: Cell[][] = []
  let described = false
  const notes: Paragraph[] = []
  const interrupted: Paragraph[] = []

  function add(piece: Piece): void {
    const last = pieces.at(-1)
    if (last && last.picture === undefined && piece.picture === undefined && sameLooks(last, piece))
      last.text += piece.text
    else pieces.push(piece)
  }

  function take(): Paragraph {
    const taken = pieces
    pieces = []
    return taken
  }

  function endTable(): void {
    if (row.length > 0) endRow()
    if (rows.length > 0) writeTable(sink, rows)
    rows = []
  }

  function endRow(): void {
    const above = rows.at(-1)
    if (strictRows && !described && above) for (const each of row) above.push(each)
    else if (row.length > 0) rows.push(row)
    described = false
    row = []
  }

  function endParagraph(kind: ParagraphKind): void {
    if (interrupted.length > 0) notes.push(take())
    else if (kind.inTable) cell.push(take())
    else if (pieces.length > 0) {
      endTable()
      writeBlock(sink, tagsOf(kind), kind.heading === undefined ? take() : take().map(asTitle))
      for (const note of notes.splice(0)) writeBlock(sink, ['p'], note)
    }
  }

  return {
    text: (text, looks) => add({ ...looks, text }),
    picture: (picture, looks) => add({ ...looks, text: '', picture }),
    endParagraph,
    endCell() {
      cell.push(take())
      row.push(cell)
      cell = []
    },
    beginRow() {
      described = true
    },
    endRow,
    beginNote: () => void interrupted.push(take()),
    endNote() {
      notes.push(take())
      pieces = interrupted.pop() ?? []
    },
    end() {
      pieces = [...cell.flat(), ...pieces]
      cell = []
      endParagraph(plain)
      endTable()
      for (const note of notes.splice(0)) writeBlock(sink, ['p'], note)
    },
  }
}

/** How a heading looks is its level's business. */
const asTitle = (piece: Piece): Piece => ({ ...piece, bold: false, italic: false })

const sameLooks = (one: Looks, other: Looks): boolean =>
  one.bold === other.bold && one.italic === other.italic && one.href === other.href

function tagsOf({ heading, list }: ParagraphKind): string[] {
  if (heading !== undefined) return [`h${Math.min(heading, 5) + 1}`]
  if (list === undefined) return ['p']
  return [...Array.from({ length: Math.min(list, deepestList) + 1 }, () => 'ul'), 'li']
}

function writeBlock(sink: MarkupSink, tags: readonly string[], paragraph: Paragraph): void {
  for (const tag of tags) sink.open(tag, {})
  writePieces(sink, paragraph)
  for (const tag of tags.toReversed()) sink.close(tag)
}

function writePieces(sink: MarkupSink, paragraph: Paragraph): void {
  let href: string | undefined
  for (const piece of paragraph) {
    if (href !== undefined && piece.href !== href) sink.close('a')
    if (piece.href !== undefined && piece.href !== href) sink.open('a', { href: piece.href })
    href = piece.href
    writePiece(sink, piece)
  }
  if (href !== undefined) sink.close('a')
}

function writePiece(sink: MarkupSink, { text, bold, italic, picture }: Piece): void {
  if (bold) sink.open('b', {})
  if (italic) sink.open('i', {})
  if (picture !== undefined) writeEmpty(sink, 'img', { src: picture })
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) writeEmpty(sink, 'br')
    sink.text(line)
  }
  if (italic) sink.close('i')
  if (bold) sink.close('b')
}

function writeEmpty(sink: MarkupSink, tag: string, attributes: Readonly<Record<string, string>> = {}): void {
  sink.open(tag, attributes)
  sink.close(tag)
}

function writeTable(sink: MarkupSink, rows: readonly Cell[][]): void {
  sink.open('table', {})
  for (const cells of rows) {
    sink.open('tr', {})
    for (const cell of cells) writeCell(sink, cell)
    sink.close('tr')
  }
  sink.close('table')
}

function writeCell(sink: MarkupSink, cell: Cell): void {
  sink.open('td', {})
  const paragraphs = cell.filter((paragraph) => paragraph.length > 0)
  if (paragraphs.length === 1) writePieces(sink, paragraphs[0]!)
  else for (const paragraph of paragraphs) writeBlock(sink, ['p'], paragraph)
  sink.close('td')
}
