/**
 * Reads what stands in a paragraph of an OpenDocument text.
 *
 * @module
 */

import type { Link, NoteKind, Piece } from '../office/pieces.ts'
import { childOf, childrenOf, textOf, type XmlNode } from '../office/xml.ts'
import type { Styles } from './styles.ts'

export interface InlineOptions {
  readonly enhanced: boolean
  readonly styles: Styles
  /** Whether the archive has an entry of this name. */
  readonly has: (part: string) => boolean
}

interface Look {
  readonly bold: boolean
  readonly italic: boolean
  readonly link?: Link
}

/** White space that a document states by number. */
const mostSpaces = 1000
const whiteSpace = /[ \t\r\n]+/g

/** Read elsewhere, or not shown where they stand. */
const passedOver: ReadonlySet<string> = new Set([
  'text:bookmark',
  'text:tracked-changes',
  'text:note-citation',
  'office:annotation-end',
  'office:event-listeners',
  'office:forms',
])

/** @param node `text:p` or `text:h` */
export function readInline(node: XmlNode, { enhanced, styles, has }: InlineOptions): Piece[] {
  const pieces: Piece[] = []
  /** White space is one space, and none at a paragraph's beginning. */
  let afterSpace = true

  function words(text: string, { bold, italic, link }: Look): void {
    if (text !== '') pieces.push({ kind: 'words', text, bold, italic, formula: false, ...(link && { link }) })
  }

  function written(text: string, look: Look): void {
    const even = text.replace(whiteSpace, ' ')
    const shown = afterSpace && even.startsWith(' ') ? even.slice(1) : even
    if (shown !== '') afterSpace = shown.endsWith(' ')
    words(shown, look)
  }

  function stated(text: string, look: Look): void {
    afterSpace = false
    words(text, look)
  }

  function inlines(parent: XmlNode, look: Look): void {
    for (const child of parent.children) {
      if (typeof child === 'string') written(child, look)
      else inline(child, look)
    }
  }

  function inline(child: XmlNode, look: Look): void {
    const { name, attributes } = child
    if (name === 'text:s') stated(' '.repeat(spaces(attributes['text:c'])), look)
    else if (name === 'text:tab') stated(enhanced ? '\t' : ' ', look)
    else if (name === 'text:line-break') stated('\n', look)
    else if (name === 'text:span') inlines(child, styled(look, attributes['text:style-name']))
    else if (name === 'text:a') inlines(child, linked(look, attributes['xlink:href']))
    else if (name === 'text:note') note(noteKind(attributes), child, 'text:note-body')
    else if (name === 'office:annotation') note('comment', child)
    else if (name === 'text:soft-page-break') pieces.push({ kind: 'page' })
    else if (name === 'draw:frame') frame(child)
    else if (name === 'text:ruby') inlines(childOf(child, 'text:ruby-base') ?? child, look)
    else if (!passedOver.has(name)) inlines(child, look)
  }

  function styled(look: Look, style: string | undefined): Look {
    return {
      ...look,
      bold: styles.isBold(style) ?? look.bold,
      italic: styles.isItalic(style) ?? look.italic,
    }
  }

  function note(kind: NoteKind, child: XmlNode, body?: string): void {
    const content = body === undefined ? child : childOf(child, body)
    if (content) pieces.push({ kind: 'note', note: kind, id: '', content })
  }

  function frame(child: XmlNode): void {
    const alt =
      ['svg:desc', 'svg:title'].map((name) => textOf(childOf(child, name)).trim()).find(Boolean) ?? ''
    const image = childOf(child, 'draw:image')
    const box = childOf(child, 'draw:text-box')
    if (box) pieces.push({ kind: 'box', content: box })
    else if (image) pieces.push({ kind: 'picture', picture: { alt, ...source(image) } })
    if (childOf(child, 'draw:object')) pieces.push({ kind: 'graphic', what: 'object' })
  }

  function source({ attributes }: XmlNode) {
    const href = (attributes['xlink:href'] ?? '').replace(/^\.\//, '')
    if (has(href)) return { part: href }
    return /^https?:/i.test(href) ? { url: href } : {}
  }

  inlines(node, {
    bold: (enhanced && styles.isBold(node.attributes['text:style-name'])) ?? false,
    italic: (enhanced && styles.isItalic(node.attributes['text:style-name'])) ?? false,
  })
  return pieces
}

const noteKind = (attributes: XmlNode['attributes']): NoteKind =>
  attributes['text:note-class'] === 'endnote' ? 'endnote' : 'footnote'

function linked(look: Look, url: string | undefined): Look {
  return url === undefined || url === '' || url.startsWith('#') ? look : { ...look, link: { url } }
}

function spaces(count: string | undefined): number {
  const stated = Number.parseInt(count ?? '1', 10)
  return Number.isNaN(stated) ? 1 : Math.min(Math.max(stated, 0), mostSpaces)
}

/** What stands in a body, a cell, a frame or a note, outside of lists: its blocks, each with its depth in lists, 0 = in none. */
export function* blocksOf(parent: XmlNode, depth = 0): Generator<{ block: XmlNode; depth: number }> {
  for (const child of childrenOf(parent)) {
    if (blocks.has(child.name)) yield { block: child, depth }
    else if (child.name === 'text:list') yield* blocksOf(child, depth + 1)
    else if (containers.has(child.name)) yield* blocksOf(child, depth)
  }
}

const blocks: ReadonlySet<string> = new Set([
  'text:p',
  'text:h',
  'table:table',
  'draw:frame',
  'text:soft-page-break',
])
const containers: ReadonlySet<string> = new Set([
  'text:list-item',
  'text:list-header',
  'text:section',
  'text:numbered-paragraph',
  'text:index-body',
  'text:index-title',
  'text:table-of-content',
  'text:alphabetical-index',
  'text:bibliography',
  'text:illustration-index',
  'text:table-index',
  'text:object-index',
  'text:user-index',
  'draw:a',
])
