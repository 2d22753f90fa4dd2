/**
 * Emoticons: the character where the page holds one, else the picture's name as people type it.
 *
 * @module
 */

import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

/** Names of Confluence's own emoticons, and the characters they stand for. */
const characters: Readonly<Record<string, string>> = {
  smile: '🙂',
  sad: '🙁',
  cheeky: '😛',
  laugh: '😀',
  wink: '😉',
  'thumbs-up': '👍',
  'thumbs-down': '👎',
  information: 'ℹ️',
  tick: '✅',
  cross: '❌',
  warning: '⚠️',
  plus: '➕',
  minus: '➖',
  question: '❓',
  'light-on': '💡',
  'light-off': '💡',
  'yellow-star': '⭐',
  'red-star': '⭐',
  'green-star': '⭐',
  'blue-star': '⭐',
  heart: '❤️',
  'broken-heart': '💔',
}

export function renderEmoticon({ attributes }: XmlElement, { out }: Renderer): void {
  out.element('img', { class: 'emoticon', alt: emoticonText(attributes) })
}

/** Cloud writes `blue-star` as the name of every emoji that older servers do not know: its own attributes come first. */
function emoticonText(attributes: XmlElement['attributes']): string {
  const fallback = attributes['ac:emoji-fallback'] ?? ''
  if (fallback !== '' && !isShortname(fallback)) return fallback
  const shortname = attributes['ac:emoji-shortname'] ?? fallback
  const name = attributes['ac:name'] ?? ''
  return (
    fromCodePoints(attributes['ac:emoji-id'] ?? '') ??
    (shortname !== '' && name === 'blue-star' ? shortname : undefined) ??
    characters[name] ??
    (shortname || (name && `(${name})`))
  )
}

function isShortname(text: string): boolean {
  return text.length > 2 && text.startsWith(':') && text.endsWith(':')
}

/** `1f469-200d-1f4bb` to its characters; `atlassian-…` ids name pictures that have none. */
function fromCodePoints(id: string): string | undefined {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(id)) return undefined
  const points = id.split('-').map((hex) => Number.parseInt(hex, 16))
  return points.every((point) => point <= 0x10ffff)
    ? String.fromCodePoint(...points).toWellFormed()
    : undefined
}
