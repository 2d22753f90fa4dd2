/**
 * Makes elements of the blocks of an OpenDocument text, as they come.
 *
 * @module
 */

import { isBulleted, withoutBullet } from '../../kit/text-type.ts'
import { isBlank, strip } from '../../kit/whitespace.ts'
import type { ElementMetadata, ElementType } from '../../model/element.ts'
import { isBulletItem } from '../element-from-text.ts'
import type { FileOptions, ReadContext } from '../file.ts'
import { commentMetadata } from '../office/comments.ts'
import type { Output } from '../office/output.ts'
import { paragraphType } from '../office/paragraph-type.ts'
import {
  codePoints,
  emphasisOf,
  linksOf,
  type NoteKind,
  type Piece,
  tableLinksOf,
  textOfPieces,
  type Words,
  wordsIn,
} from '../office/pieces.ts'
import { createSaid, type Said } from '../office/said.ts'
import { childOf, textOf, type XmlNode } from '../office/xml.ts'
import { blocksOf, type InlineOptions, readInline } from './inline.ts'
import { isParagraph, readPlainTable, readRichTable } from './table.ts'

export interface Writer {
  /** One child of the body. */
  block(node: XmlNode): void
  /** A header or footer, from the styles. */
  margin(type: 'Header' | 'Footer', node: XmlNode): void
  /** Call once, after the last block. */
  end(): void
}

interface WriterOptions extends Omit<InlineOptions, 'enhanced'> {
  readonly output: Output
  readonly options: FileOptions
  readonly context: ReadContext
}

interface Kind {
  readonly type: ElementType
  readonly text: string
  readonly depth: number
  readonly level?: number
}

/** A node to read one of whose children is this one. */
const around = (node: XmlNode): XmlNode => ({ name: '', attributes: {}, children: [node] })

export function createWriter({ output, options, context, styles, has }: WriterOptions): Writer {
  const enhanced = options.mode === 'enhanced'
  const endnotes: XmlNode[] = []
  const read = (node: XmlNode) => readInline(node, { enhanced, styles, has })

  function write(block: XmlNode, depth: number): void {
    if (isParagraph(block)) paragraph(block, depth)
    else if (block.name === 'table:table') table(block)
    else if (enhanced) for (const piece of read(around(block))) hanging(piece)
  }

  function paragraph(node: XmlNode, depth: number): void {
    const pieces = read(node)
    const first = pieces.findIndex((piece) => piece.kind === 'words' && !isBlank(piece.text))
    if (enhanced) for (const piece of first < 0 ? pieces : pieces.slice(0, first)) hanging(piece)
    if (first < 0) return
    text(node, wordsIn(pieces), depth)
    if (enhanced) for (const piece of pieces.slice(first)) hanging(piece)
  }

  function text(node: XmlNode, words: readonly Words[], depth: number): void {
    const whole = textOfPieces(words)
    const kind = kindOf(node, whole, depth)
    const removed = codePoints(whole.slice(0, Math.max(0, whole.indexOf(kind.text))))
    const metadata = {
      category_depth: kind.depth,
      ...emphasisOf(words, enhanced),
      ...linksOf(words, removed),
    }
    output.add(kind.type, kind.text, metadata, kind.level)
  }

  function kindOf(node: XmlNode, whole: string, depth: number): Kind {
    const text = strip(whole)
    if (node.name === 'text:h') {
      const level =
        Math.min(Math.max(Number.parseInt(node.attributes['text:outline-level'] ?? '1', 10) || 1, 1), 9) - 1
      return { type: 'Title', text, depth: level, level }
    }
    const bulleted = enhanced ? isBulletItem(text, true) : isBulleted(text)
    const item = bulleted ? withoutBullet(text) : text
    if ((bulleted || depth > 0) && item !== '')
      return { type: 'ListItem', text: item, depth: Math.max(0, depth - 1) }
    return (enhanced && namedKind(node, whole)) || { type: paragraphType(text), text, depth: 0 }
  }

  /** By the styles that every OpenDocument program has, and those based on them. */
  function namedKind(node: XmlNode, whole: string): Kind | undefined {
    const text = strip(whole)
    const names = styles.names(node.attributes['text:style-name'])
    if (names.includes('Title')) return { type: 'Title', text, depth: 0, level: -1 }
    if (names.includes('Subtitle')) return { type: 'Title', text, depth: 1, level: 0 }
    if (names.includes('Caption')) return { type: 'FigureCaption', text, depth: 0 }
    return names.includes('Preformatted_20_Text')
      ? { type: 'CodeSnippet', text: whole.trimEnd(), depth: 0 }
      : undefined
  }

  function hanging(piece: Piece): void {
    if (piece.kind === 'page') output.pageBreak()
    else if (piece.kind === 'picture') output.picture(piece.picture)
    else if (piece.kind === 'graphic') context.lose({ code: 'drawing_not_read', name: piece.what })
    else if (piece.kind === 'box') for (const { block, depth } of blocksOf(piece.content)) write(block, depth)
    else if (piece.kind === 'note' && piece.content) note(piece.note, piece.content)
  }

  function note(kind: NoteKind, content: XmlNode): void {
    if (kind === 'endnote') endnotes.push(content)
    else if (kind === 'footnote') tellNote(content, { note: kind })
    else if (options.includeComments) {
      tellNote(content, commentMetadata(textOf(childOf(content, 'dc:creator'))))
    }
  }

  function tellNote(content: XmlNode, metadata: ElementMetadata): void {
    const { text, pictures } = readStory(content)
    if (text !== '') output.add('NarrativeText', text, { ...metadata })
    for (const picture of pictures) output.picture(picture, { ...metadata })
  }

  /** What a header, a footer or a note says and shows. */
  function readStory(content: XmlNode): Said {
    const said = createSaid(context)
    const readShown = (node: XmlNode) => said.showing(read(node))

    function visit(parent: XmlNode): void {
      for (const { block } of blocksOf(parent)) {
        if (block.name === 'table:table') said.line(readPlainTable(block, readShown).text)
        else {
          const pieces = readShown(isParagraph(block) ? block : around(block))
          said.line(textOfPieces(pieces))
          for (const piece of pieces) if (piece.kind === 'box') visit(piece.content)
        }
      }
    }
    visit(content)
    return said.told()
  }

  function table(node: XmlNode): void {
    const paragraphs = new Map<XmlNode, Piece[]>()
    const readOnce = (each: XmlNode) => {
      const pieces = paragraphs.get(each) ?? read(each)
      paragraphs.set(each, pieces)
      return pieces
    }
    const content = enhanced ? readRichTable(node, readOnce) : readPlainTable(node, readOnce)
    const all = [...paragraphs.values()]
    const words = all.map(wordsIn)
    if (content) {
      output.add('Table', content.text, {
        text_as_html: content.html,
        ...emphasisOf(words.flat(), enhanced),
        ...(enhanced && tableLinksOf(words)),
      })
    }
    if (!enhanced) return
    for (const piece of all.flat()) if (piece.kind !== 'page') hanging(piece)
    for (let page = 0; page < (content?.pages ?? 0); page += 1) output.pageBreak()
  }

  return {
    block(node) {
      for (const { block, depth } of blocksOf(around(node))) write(block, depth)
    },
    margin(type, node) {
      output.elements.push(...output.margin(type, 'primary', readStory(node)))
    },
    end() {
      for (const content of endnotes) tellNote(content, { note: 'endnote' })
    },
  }
}
