/**
 * What stands in a paragraph of an office document, in its order, and what its words say beside their text: emphasis, links, changes.
 *
 * @module
 */

import { strip } from '../../kit/whitespace.ts'
import type { ElementMetadata } from '../../model/element.ts'
import type { Picture } from './picture.ts'
import type { XmlNode } from './xml.ts'

/** One for each place where a link stands, so that its words are known by it. */
export interface Link {
  readonly url: string
}

export type Change = 'inserted' | 'deleted'

export type NoteKind = 'footnote' | 'endnote' | 'comment'

export interface Words {
  readonly kind: 'words'
  readonly text: string
  readonly bold: boolean
  readonly italic: boolean
  readonly link?: Link
  /** Part of an equation. */
  readonly formula: boolean
  /** Where changes are told. */
  readonly change?: Change
}

export type Piece =
  | Words
  /** A page ends here; with a link, inside of it. */
  | { readonly kind: 'page'; readonly link?: Link }
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** Paragraphs and tables in a frame of their own. */
  | { readonly kind: 'box'; readonly content: XmlNode }
  /** A chart, a diagram, an object of another program; its id leads to its data. */
  | { readonly kind: 'graphic'; readonly what: string; readonly id?: string }
  /** A note, by its id or with its content. */
  | { readonly kind: 'note'; readonly note: NoteKind; readonly id: string; readonly content?: XmlNode }

interface LinkText {
  readonly url: string
  text: string
  /** Code points before it. */
  readonly start: number
}

/** The words alone, as they follow each other. */
export const textOfPieces = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'words' ? piece.text : '')).join('')

export const wordsIn = (pieces: readonly Piece[]): Words[] => pieces.filter((piece) => piece.kind === 'words')

/**
 * Each emphasised run; one that is bold and italic counts as both.
 *
 * @param inLinks count words in links, too, which the reference passes over
 */
export function emphasisOf(words: readonly Words[], inLinks: boolean): ElementMetadata {
  const contents: string[] = []
  const tags: string[] = []
  for (const { text, bold, italic, link } of words) {
    const content = bold || italic ? strip(text) : ''
    if (content === '' || (link && !inLinks)) continue
    for (const tag of [...(bold ? ['b'] : []), ...(italic ? ['i'] : [])]) {
      contents.push(content)
      tags.push(tag)
    }
  }
  return contents.length === 0 ? {} : { emphasized_text_contents: contents, emphasized_text_tags: tags }
}

/**
 * Links with where they begin, in code points.
 *
 * @param removed code points that the element's text lacks at its beginning
 */
export function linksOf(words: readonly Words[], removed = 0): ElementMetadata {
  const links = linkTexts(words)
  if (links.length === 0) return {}
  return {
    link_texts: links.map(({ text }) => text),
    link_urls: links.map(({ url }) => url),
    links: links.map(({ text, url, start }) => ({ text, url, start_index: Math.max(0, start - removed) })),
  }
}

/** Links of several paragraphs, as those in a table, where there is no one place to count from. */
export function tableLinksOf(paragraphs: readonly (readonly Words[])[]): ElementMetadata {
  const links = paragraphs.flatMap(linkTexts)
  if (links.length === 0) return {}
  return { link_texts: links.map(({ text }) => text), link_urls: links.map(({ url }) => url) }
}

function linkTexts(words: readonly Words[]): LinkText[] {
  const found: LinkText[] = []
  let open: Link | undefined
  let start = 0
  for (const { text, link } of words) {
    if (link && link === open) found.at(-1)!.text += text
    else if (link) found.push({ url: link.url, text, start })
    open = link
    start += codePoints(text)
  }
  return found
}

/** Ours: which words were put in or taken out, where changes are told. */
export function changesOf(words: readonly Words[]): ElementMetadata {
  const changes = words.flatMap(({ change, text }) => (change ? [{ change, text }] : []))
  return changes.length === 0 ? {} : { tracked_change: changes }
}

export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
