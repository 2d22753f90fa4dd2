/**
 * The text of boxes, and where in it the words of the page stand.
 *
 * @module
 */

import { isBlank, strip } from '../../kit/whitespace.ts'
import { type Box, height, sharedArea, union, width } from './geometry.ts'
import { type Character, gap, type Line } from './lines.ts'

/** Points by which a character may be off the one that it is drawn over to look bold. */
const boldOffset = 2
/** Share of the smaller one that both cover. */
const boldOverlap = 0.5

function isDrawnAgain(character: Character, before: Character): boolean {
  if (character.text !== before.text || character === gap) return false
  if (Math.abs(character.x0 - before.x0) >= boldOffset || Math.abs(character.y0 - before.y0) >= boldOffset)
    return false
  const smaller = Math.min(width(character) * height(character), width(before) * height(before))
  return smaller > 0 && sharedArea(character, before) / smaller > boldOverlap
}

/** A line's characters, each once, however often it is drawn in one place. */
function charactersOnce(line: Line): Character[] {
  const kept: Character[] = []
  for (const character of line.characters) {
    const before = kept.at(-1)
    if (before === undefined || !isDrawnAgain(character, before)) kept.push(character)
  }
  return kept
}

/** What the line says. */
export const lineText = (line: Line): string =>
  charactersOnce(line)
    .map(({ text }) => text)
    .join('')

/** One space for line breaks, no-break spaces and runs of spaces. Tabs stay, as in the reference. */
export const tidy = (text: string): string => strip(text.replace(/[\xa0\n]/g, ' ').replace(/ {2,}/g, ' '))

export interface Word {
  readonly text: string
  readonly box: Box
  /** In characters, of the tidy text of all lines. */
  readonly start: number
}

const alphanumeric = /[\p{L}\p{N}]/u

type Kind = 'blank' | 'letter' | 'sign'

function kindOf(text: string): Kind {
  if (isBlank(text)) return 'blank'
  return alphanumeric.test(text) ? 'letter' : 'sign'
}

/** How many characters a text has, as people and Python count them. */
const countCharacters = (text: string): number => Array.from(text).length

/** What {@link tidy} makes one space of. */
const isGap = (text: string): boolean => text === ' ' || text === '\xa0'

/** Runs of letters and digits, and runs of other visible characters. */
export function wordsOf(lines: readonly Line[]): Word[] {
  const words: { text: string; box: Box; start: number }[] = []
  /** Characters of the tidy text so far, and whether a space is to follow. */
  let [position, isPending] = [0, false]
  for (const line of lines) {
    let open: Kind = 'blank'
    for (const character of charactersOnce(line)) {
      const kind = kindOf(character.text)
      if (isGap(character.text)) isPending = position > 0
      else if (kind !== 'blank' || position > 0) {
        if (isPending) position++
        isPending = false
        const last = words.at(-1)
        if (kind !== 'blank' && kind === open && last !== undefined) {
          last.text += character.text
          last.box = union(last.box, character)
        } else if (kind !== 'blank') words.push({ text: character.text, box: character, start: position })
        position += countCharacters(character.text)
      }
      open = kind
    }
    isPending = position > 0
  }
  return words
}
