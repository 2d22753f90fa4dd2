/**
 * Characters to lines, as pdfminer does it (its documentation, "Layout analysis algorithm"): neighbours in the order of drawing that stand
 * beside each other make a line, a gap in it makes a space.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import { type Box, height, width } from './geometry.ts'

export interface Character extends Box {
  readonly text: string
}

export interface Line extends Box {
  /** With {@link gap} wherever a space is to be read that nobody drew. */
  readonly characters: readonly Character[]
}

/** A space that is not on the page. */
export const gap: Character = { text: ' ', x0: 0, y0: 0, x1: 0, y1: 0 }

/** Share of the lower character's height by which neighbours have to overlap. */
const lineOverlap = 0.5
/** In widths of the wider character: neighbours further apart are not in one line. */
const characterMargin = 2
/** In sizes of the character: a wider gap is a space. */
const wordMargin = 0.185

/** How far apart, and at most 0 when they overlap, two spans are. */
const apart = (from: number, to: number, otherFrom: number, otherTo: number): number =>
  Math.max(from, otherFrom) - Math.min(to, otherTo)

function areBeside(one: Character, other: Character): boolean {
  if (apart(one.y0, one.y1, other.y0, other.y1) > 0) return false
  const overlap = Math.min(Math.abs(one.y0 - other.y1), Math.abs(one.y1 - other.y0))
  if (overlap <= Math.min(height(one), height(other)) * lineOverlap) return false
  const touch = apart(one.x0, one.x1, other.x0, other.x1) <= 0
  const distance = touch ? 0 : Math.min(Math.abs(one.x0 - other.x1), Math.abs(one.x1 - other.x0))
  return distance < Math.max(width(one), width(other)) * characterMargin
}

function spaced(run: readonly Character[]): Character[] {
  const characters: Character[] = []
  let end = Number.POSITIVE_INFINITY
  for (const character of run) {
    const margin = wordMargin * Math.max(width(character), height(character))
    if (end < character.x0 - margin) characters.push(gap)
    characters.push(character)
    end = character.x1
  }
  return characters
}

function lineOf(run: readonly Character[]): Line {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity]
  for (const character of run) {
    x0 = Math.min(x0, character.x0)
    y0 = Math.min(y0, character.y0)
    x1 = Math.max(x1, character.x1)
    y1 = Math.max(y1, character.y1)
  }
  return { x0, y0, x1, y1, characters: spaced(run) }
}

const isVisible = (line: Line): boolean =>
  width(line) > 0 && height(line) > 0 && line.characters.some(({ text }) => !isBlank(text))

/** The lines that show something. @param characters in the order of drawing */
export function groupLines(characters: readonly Character[]): Line[] {
  const lines: Line[] = []
  let run: Character[] = []
  for (const character of characters) {
    const last = run.at(-1)
    if (last !== undefined && !areBeside(last, character)) {
      lines.push(lineOf(run))
      run = []
    }
    run.push(character)
  }
  if (run.length > 0) lines.push(lineOf(run))
  return lines.filter(isVisible)
}
