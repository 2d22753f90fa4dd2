/**
 * Items of lists on a page (enhanced mode): their marks stand apart from their text, and one item stands as tight above the next as its own
 * lines do.
 *
 * @module
 */

import { strip } from '../../kit/whitespace.ts'
import { isBulletItem, isNumberedItem } from '../element-from-text.ts'
import { type TextBox, textBoxOf } from './boxes.ts'
import { height } from './geometry.ts'
import { gap, type Line } from './lines.ts'
import { lineText } from './text.ts'

const loneNumber = /^(?:\d{1,3}|[a-z])[.)]$/i
/** In heights of a line: how far to the right of its mark an item may begin. */
const reach = 4
/** Share of the mark's height that its line has to share with the text. */
const level = 0.5
/** Of one page; one with more is a drawing. */
const mostMarks = 1_000

function isMark(line: Line): boolean {
  const text = strip(lineText(line))
  return loneNumber.test(text) || (Array.from(text).length === 1 && isBulletItem(`${text} x`, true))
}

function belongs(text: Line, mark: Line): boolean {
  const shared = Math.min(text.y1, mark.y1) - Math.max(text.y0, mark.y0)
  const distance = text.x0 - mark.x1
  const size = Math.max(height(mark), height(text))
  return shared > level * height(mark) && distance >= 0 && distance <= reach * size
}

/** Lines with the marks that stood alone before them. They stay where they were, so that lines of one item still stand below each other. */
export function joinMarks(lines: readonly Line[]): Line[] {
  const marks = lines.filter(isMark)
  if (marks.length === 0 || marks.length > mostMarks) return [...lines]
  const alone = new Set(marks)
  const texts = lines.filter((line) => !alone.has(line))
  const markOf = new Map<Line, Line>()
  for (const mark of marks) {
    const beside = texts.filter((line) => belongs(line, mark))
    const [nearest] = beside.sort((one, other) => one.x0 - other.x0)
    if (nearest && !markOf.has(nearest)) markOf.set(nearest, mark)
  }
  const joined = new Set(markOf.values())
  return lines.flatMap((line) => {
    const mark = markOf.get(line)
    if (mark) return [{ ...line, characters: [...mark.characters, gap, ...line.characters] }]
    return joined.has(line) ? [] : [line]
  })
}

const isBeginning = (line: Line): boolean => {
  const text = strip(lineText(line))
  return isBulletItem(text, true) || isNumberedItem(text)
}

/**
 * A box for each item. A line may begin like one by chance, with a year or a number of a paragraph; a list has a second one, begins with
 * one, or has bullets.
 */
export function splitItems(box: TextBox): TextBox[] {
  const beginnings = new Set(box.lines.filter(isBeginning))
  const isList =
    beginnings.size > 1 ||
    [...beginnings].some((line) => line === box.lines[0] || isBulletItem(strip(lineText(line)), true))
  if (!isList) return [box]
  const items: Line[][] = []
  for (const line of box.lines) {
    const item = items.at(-1)
    if (!item || beginnings.has(line)) items.push([line])
    else item.push(line)
  }
  return items.map(textBoxOf)
}
