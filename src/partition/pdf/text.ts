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
export function charactersOnce(line: Line): Character[] {
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

/** Runs of letters and digits, and each other visible character by itself. */
export function wordsOf(lines: readonly Line[]): Word[] {
  const words: { text: string; box: Box; start: number }[] = []
  let before = ''
  for (const line of lines) {
    let inWord = false
    for (const character of charactersOnce(line)) {
      const isLetter = alphanumeric.test(character.text)
      const last = words.at(-1)
      if (isLetter && inWord && last !== undefined) {
        last.text += character.text
        last.box = union(last.box, character)
      } else if (!isBlank(character.text))
        words.push({ text: character.text, box: character, start: [...tidy(`${before}x`)].length - 1 })
      inWord = isLetter
      before += character.text
    }
    before += '\n'
  }
  return words
}
