/**
 * Tells the paragraphs of a text without markup, and what each of them is.
 *
 * @module
 */

import { bullet, isBulleted } from '../../kit/text-type.ts'
import type { Element } from '../../model/element.ts'
import { elementFromText } from '../element-from-text.ts'
import type { FileOptions } from '../file.ts'

/** Lines that tell how the text is written. */
const telling = 2000
/** Share of blank lines from which on they are what separates paragraphs. */
const blankShare = 0.1
/** Lines with fewer words are not the lines of a broken paragraph. */
const fewWords = 5

/** Elements of the paragraphs, without ids, languages and parents. */
export const draftText = (text: string, { mode }: Pick<FileOptions, 'mode'>): Element[] =>
  paragraphsOf(text, mode === 'compat' ? joinLinesAsReference : joinLines)
    .filter((paragraph) => !(paragraph.length === 1 && isBulleted(paragraph)))
    .map((paragraph) => elementFromText(paragraph, {}, mode === 'enhanced'))

/** Paragraphs end at blank lines where those are frequent, else at each line's end (the reference's rule). */
function paragraphsOf(text: string, join: (lines: readonly string[]) => string[]): string[] {
  const lines = text.split(/\r\n|[\n\r]/).map((line) => line.trim())
  const told = lines.slice(0, telling)
  const blank = told.filter((line) => line === '').length
  if (blank / told.length < blankShare) return lines.filter((line) => line !== '')
  return blocksOf(lines).flatMap(join)
}

function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = []
  let open = false
  for (const line of lines) {
    if (line !== '' && open) blocks.at(-1)!.push(line)
    else if (line !== '') blocks.push([line])
    open = line !== ''
  }
  return blocks
}

/** A paragraph that was broken into lines is one again; lists and addresses keep their lines. */
function joinLines(lines: readonly string[]): string[] {
  if (isBulleted(lines[0]!)) return joinItems(lines)
  if (lines.every((line) => line.split(' ').length < fewWords)) return [...lines]
  return [lines.join(' ')]
}

function joinItems(lines: readonly string[]): string[] {
  const items: string[] = []
  for (const line of lines) {
    const item = items.at(-1)
    if (item === undefined || isBulleted(line)) items.push(line)
    else items[items.length - 1] = `${item} ${line}`
  }
  return items
}

const beforeBullet = new RegExp(`(?=${bullet})(?<!${bullet})`)
const atBulletOrLine = new RegExp(`(?:${bullet}|\\s*\\n\\s*)(?!${bullet}|$)`)
const lineEnd = /\s*\n\s*/g

/**
 * The same as the reference does it, to which a hyphen is a bullet wherever it stands: items end at each, and pieces between hyphens are
 * kept apart where all of them have few words (observed in its recorded documents: “plain-text message” becomes two).
 */
function joinLinesAsReference(lines: readonly string[]): string[] {
  const block = lines.join('\n')
  if (isBulleted(block)) return block.split(beforeBullet).map((item) => item.trim().replace(lineEnd, ' '))
  const pieces = block.split(atBulletOrLine)
  if (pieces.some((piece) => piece.trim().split(' ').length >= fewWords)) return [block.replace(lineEnd, ' ')]
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}
