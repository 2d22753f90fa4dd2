/**
 * Makes elements of the blocks of a Word document, as they come.
 *
 * @module
 */

import { collapseSpace, isBlank, strip } from '../../kit/whitespace.ts'
import type { ElementMetadata } from '../../model/element.ts'
import type { FileOptions, ReadContext } from '../file.ts'
import { commentMetadata } from '../office/comments.ts'
import { tellChart, tellDiagram } from '../office/graphic.ts'
import type { Output } from '../office/output.ts'
import {
  changesOf,
  codePoints,
  emphasisOf,
  type Link,
  linksOf,
  type NoteKind,
  type Piece,
  tableLinksOf,
  textOfPieces,
  type Words,
  wordsIn,
} from '../office/pieces.ts'
import type { Relationships } from '../office/relationships.ts'
import { createSaid, type Said } from '../office/said.ts'
import { childOf, type XmlNode } from '../office/xml.ts'
import { readInline } from './inline.ts'
import { compatKind, enhancedKind, type Kind, levelInList } from './kind.ts'
import { blocksOf, paragraphsAndTables, type View, valueIn } from './names.ts'
import type { Story, WordPackage } from './package.ts'
import { readRichTable } from './rich-table.ts'
import { createSections, type Sections } from './sections.ts'
import { plainTexts, readPlainTable } from './table.ts'

interface Writer {
  /** One child of the body. */
  block(node: XmlNode): void
  /** Call once, after the last block. */
  end(): void
}

interface WriterOptions {
  readonly document: WordPackage
  readonly output: Output
  readonly options: FileOptions
  readonly context: ReadContext
  /** The format, for messages. */
  readonly what: string
}

export function createWriter({ document, output, options, context, what }: WriterOptions): Writer {
  const enhanced = options.mode === 'enhanced'
  const view: View = { enhanced, deletions: enhanced && options.trackedChanges === 'all' }
  const kindOf = enhanced ? enhancedKind : compatKind
  const told = new Set<Story>()
  const endnotes: Story[] = []
  const sections: Sections = createSections({ document, output, options, what, read: readStory })

  const styleOf = (properties: XmlNode | undefined) => document.styles(valueIn(properties, 'w:pStyle'))

  function write(node: XmlNode, relationships: Relationships): void {
    if (node.name === 'w:tbl') table(node, relationships)
    else paragraph(node, relationships)
  }

  function paragraph(node: XmlNode, relationships: Relationships): void {
    const properties = childOf(node, 'w:pPr')
    const pieces = readInline(node, relationships, view)
    if (enhanced) wholeParagraph(pieces, properties, relationships)
    else tornParagraph(pieces, properties)
    const section = childOf(properties, 'w:sectPr')
    if (section) sections.end(section)
  }

  /** As the reference does, a page's end tears a paragraph in two. */
  function tornParagraph(pieces: readonly Piece[], properties: XmlNode | undefined): void {
    let part: Words[] = []
    /** A link in which a page ends: it comes as a whole, and the page's end after it. */
    let torn: Link | undefined
    const endPart = () => {
      text(part, properties)
      part = []
      output.pageBreak()
      torn = undefined
    }
    for (const piece of pieces) {
      const link = piece.kind === 'words' || piece.kind === 'page' ? piece.link : undefined
      if (torn && link !== torn) endPart()
      if (piece.kind === 'words') part.push(piece)
      else if (piece.kind === 'page' && link) torn = link
      else if (piece.kind === 'page') endPart()
    }
    if (torn) endPart()
    text(part, properties)
  }

  /** A paragraph stays whole, on the page where it begins; what hangs on it comes before or after. */
  function wholeParagraph(
    pieces: readonly Piece[],
    properties: XmlNode | undefined,
    relationships: Relationships,
  ): void {
    const first = pieces.findIndex((piece) => piece.kind === 'words' && !isBlank(piece.text))
    const before = first < 0 ? pieces : pieces.slice(0, first)
    for (const piece of before) hanging(piece, relationships)
    if (first < 0) return
    text(wordsIn(pieces), properties)
    for (const piece of pieces.slice(first)) hanging(piece, relationships)
  }

  function text(words: readonly Words[], properties: XmlNode | undefined): void {
    const whole = textOfPieces(words)
    if (isBlank(whole)) return
    const isFormula = words.every((each) => each.formula || isBlank(each.text))
    const kind: Kind | undefined = isFormula
      ? { type: 'Formula', text: strip(whole), depth: 0 }
      : kindOf(whole, properties, styleOf(properties))
    if (!kind) return
    const removed = enhanced ? codePoints(whole.slice(0, Math.max(0, whole.indexOf(kind.text)))) : 0
    const metadata = {
      category_depth: kind.depth,
      ...emphasisOf(words, enhanced),
      ...linksOf(words, removed),
      ...changesOf(words),
    }
    output.add(kind.type, kind.text, metadata, kind.level)
  }

  function hanging(piece: Piece, relationships: Relationships): void {
    if (piece.kind === 'page') output.pageBreak()
    else if (piece.kind === 'picture') output.picture(piece.picture)
    else if (piece.kind === 'graphic') graphic(piece.what, piece.id ?? '')
    else if (piece.kind === 'note') note(piece.note, piece.id)
    else if (piece.kind === 'box')
      for (const block of blocksOf(piece.content, paragraphsAndTables, view)) write(block, relationships)
  }

  /** Once, however often it is shown. */
  function graphic(kind: string, id: string): void {
    const story = document.graphics.get(id)
    if (!story) context.lose({ code: 'drawing_not_read', name: kind })
    else if (!told.has(story)) {
      told.add(story)
      if (kind === 'chart') tellChart(story.content, output.add)
      else tellDiagram(story.content, output.add)
    }
  }

  function note(kind: NoteKind, id: string): void {
    const story = document.notes[kind].get(id)
    if (!story || told.has(story) || (kind === 'comment' && !options.includeComments)) return
    told.add(story)
    if (kind === 'endnote') endnotes.push(story)
    else tellNote(kind, story)
  }

  function tellNote(kind: NoteKind, story: Story): void {
    const { text, pictures } = readStory(story)
    const author = story.content.attributes['w:author'] ?? ''
    const metadata: ElementMetadata = kind === 'comment' ? commentMetadata(author) : { note: kind }
    if (text !== '') output.add('NarrativeText', text, { ...metadata })
    for (const picture of pictures) output.picture(picture, { ...metadata })
  }

  /** What a header, a footer or a note says and shows. */
  function readStory({ content, relationships }: Story): Said {
    const said = createSaid(context)
    const read = (node: XmlNode) => said.showing(readInline(node, relationships, view))

    function visit(parent: XmlNode): void {
      for (const block of blocksOf(parent, paragraphsAndTables, view)) {
        if (block.name === 'w:tbl') {
          said.line(
            enhanced ? collapseSpace(richTable(block, read)?.text ?? '') : plainTexts(block, read).join(' '),
          )
          continue
        }
        const pieces = read(block)
        said.line(textOfPieces(pieces))
        for (const piece of pieces) if (piece.kind === 'box') visit(piece.content)
      }
    }
    visit(content)
    return said.told()
  }

  function table(node: XmlNode, relationships: Relationships): void {
    const paragraphs = new Map<XmlNode, Piece[]>()
    const read = (each: XmlNode) => {
      const pieces = paragraphs.get(each) ?? readInline(each, relationships, view)
      paragraphs.set(each, pieces)
      return pieces
    }
    const content = enhanced ? richTable(node, read) : readPlainTable(node, read, what)
    const all = [...paragraphs.values()]
    const words = all.map(wordsIn)
    if (content) {
      output.add('Table', content.text, {
        text_as_html: content.html,
        ...emphasisOf(words.flat(), enhanced),
        ...(enhanced && tableLinksOf(words)),
        ...changesOf(words.flat()),
      })
    }
    if (!enhanced) return
    for (const piece of all.flat()) if (piece.kind !== 'page') hanging(piece, relationships)
    for (let page = 0; page < (content?.pages ?? 0); page += 1) output.pageBreak()
  }

  function richTable(node: XmlNode, read: (paragraph: XmlNode) => Piece[]) {
    return readRichTable(node, { view, readParagraph: read, isItem })
  }

  function isItem(node: XmlNode): boolean {
    const properties = childOf(node, 'w:pPr')
    return levelInList(properties, styleOf(properties)) !== undefined
  }

  return {
    block(node) {
      if (node.name === 'w:sectPr') return sections.end(node)
      if (node.name === 'w:altChunk' && enhanced)
        return context.lose({ code: 'embedded_document_not_read', name: node.attributes['r:id'] ?? '' })
      const wrapped: XmlNode = { name: '', attributes: {}, children: [node] }
      for (const block of blocksOf(wrapped, paragraphsAndTables, view)) write(block, document.relationships)
    },
    end() {
      for (const story of endnotes) tellNote('endnote', story)
    },
  }
}
