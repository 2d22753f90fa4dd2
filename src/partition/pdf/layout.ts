/**
 * Characters to boxes of text.
 *
 * @module
 */

import { groupBoxes } from './boxes.ts'
import type { DrawnCharacter, Turn } from './characters.ts'
import type { PdfPage } from './document.ts'
import { inFlow } from './flow.ts'
import { type Box, identity, type Matrix, transform } from './geometry.ts'
import { groupLines, type Line } from './lines.ts'
import { type LinkEntry, linksOn, type PdfLink } from './links.ts'
import { joinMarks, splitItems } from './list-items.ts'

export interface TextPart {
  /** On the page as it is seen, y up. */
  readonly box: Box
  /** Top to bottom. */
  readonly lines: readonly Line[]
  readonly links: readonly LinkEntry[]
}

/** How to turn a page so that text that runs this way runs to the right; and back. */
function turns({ width, height }: PdfPage, turn: Turn): readonly [Matrix, Matrix] {
  if (turn === 'up')
    return [
      [0, -1, 1, 0, 0, width],
      [0, 1, -1, 0, width, 0],
    ]
  if (turn === 'left')
    return [
      [-1, 0, 0, -1, width, height],
      [-1, 0, 0, -1, width, height],
    ]
  if (turn === 'down')
    return [
      [0, 1, -1, 0, height, 0],
      [0, -1, 1, 0, 0, height],
    ]
  return [identity, identity]
}

/**
 * Boxes in the order in which they are read.
 *
 * @param enhanced text that runs upwards, downwards or upside down is laid out by itself, along its own lines; items of lists are boxes of
 *   their own
 */
export function layOut(
  page: PdfPage,
  characters: readonly DrawnCharacter[],
  { links, enhanced }: { readonly links: readonly PdfLink[]; readonly enhanced: boolean },
): TextPart[] {
  const groups = enhanced
    ? Map.groupBy(characters, ({ turn }) => turn)
    : new Map([['right' as const, characters]])
  return [...groups].flatMap(([turn, group]) => {
    const [there, back] = turns(page, turn)
    const turned = <T extends Box>(box: T): T =>
      turn === 'right' ? box : { ...box, ...transform(box, there) }
    const bounds = transform({ x0: 0, y0: 0, x1: page.width, y1: page.height }, there)
    const turnedLinks = links.map((link) => turned(link))
    const lines = groupLines(group.map((character) => turned(character)))
    const boxes = inFlow(groupBoxes(enhanced ? joinMarks(lines) : lines, bounds), bounds)
    return (enhanced ? boxes.flatMap(splitItems) : boxes).map((box) => ({
      box: transform(box, back),
      lines: box.lines,
      links: linksOn(box, box.lines, { links: turnedLinks, isFaithful: !enhanced }),
    }))
  })
}
