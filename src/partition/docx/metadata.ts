/**
 * What the words of a paragraph or a table say beside their text: emphasis, links, tracked changes.
 *
 * @module
 */

import { strip } from '../../kit/whitespace.ts'
import type { ElementMetadata } from '../../model/element.ts'
import type { Link } from './fields.ts'
import type { Piece, Words } from './inline.ts'
import type { View } from './names.ts'

interface LinkText {
  readonly url: string
  text: string
  /** Code points before it. */
  readonly start: number
}

export const wordsIn = (pieces: readonly Piece[]): Words[] => pieces.filter((piece) => piece.kind === 'words')

/** Each emphasised run; one that is bold and italic counts as both. The reference passes over those in links. */
export function emphasisOf(words: readonly Words[], view: View): ElementMetadata {
  const contents: string[] = []
  const tags: string[] = []
  for (const { text, bold, italic, link } of words) {
    const content = bold || italic ? strip(text) : ''
    if (content === '' || (link && !view.enhanced)) continue
    for (const tag of [...(bold ? ['b'] : []), ...(italic ? ['i'] : [])]) {
      contents.push(content)
      tags.push(tag)
    }
  }
  return contents.length === 0 ? {} : { emphasized_text_contents: contents, emphasized_text_tags: tags }
}

export function linksIn(words: readonly Words[]): LinkText[] {
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

/** @param removed code points that the element's text lacks at its beginning */
export function linkMetadata(links: readonly LinkText[], removed = 0): ElementMetadata {
  if (links.length === 0) return {}
  return {
    link_texts: links.map(({ text }) => text),
    link_urls: links.map(({ url }) => url),
    links: links.map(({ text, url, start }) => ({ text, url, start_index: Math.max(0, start - removed) })),
  }
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
