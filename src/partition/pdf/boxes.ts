/**
 * Lines to boxes, as pdfminer does it: lines of one height that are near and start, end or centre alike make a paragraph.
 *
 * @module
 */

import { type Box, height, union } from './geometry.ts'
import type { Line } from './lines.ts'
import { createPlane, type Plane } from './plane.ts'

export interface TextBox extends Box {
  /** Top to bottom. */
  readonly lines: readonly Line[]
}

/** In heights of a line: how far away the next one may be, and how different in height and in edges. */
const lineMargin = 0.5

function neighbours(line: Line, plane: Plane<Line>): Line[] {
  const reach = lineMargin * height(line)
  const near = { x0: line.x0, x1: line.x1, y0: line.y0 - reach, y1: line.y1 + reach }
  const isAlike = (other: Line): boolean =>
    Math.abs(height(other) - height(line)) <= reach &&
    (Math.abs(other.x0 - line.x0) <= reach ||
      Math.abs(other.x1 - line.x1) <= reach ||
      Math.abs((other.x0 + other.x1 - line.x0 - line.x1) / 2) <= reach)
  return plane.find(near).filter(isAlike)
}

/** Members of a group in the order in which they came to it; whoever finds a member of another group takes all of that over. */
function groupsOf(lines: readonly Line[], plane: Plane<Line>): Set<Set<Line>> {
  const groupOf = new Map<Line, Set<Line>>()
  for (const line of lines) {
    const members = new Set([line])
    for (const neighbour of neighbours(line, plane)) {
      members.add(neighbour)
      for (const member of groupOf.get(neighbour) ?? []) members.add(member)
    }
    for (const member of members) groupOf.set(member, members)
  }
  return new Set(lines.flatMap((line) => groupOf.get(line) ?? []))
}

/** @param lines top to bottom */
export const textBoxOf = (lines: readonly Line[]): TextBox => ({
  ...lines.map((line): Box => line).reduce(union),
  lines,
})

const boxOf = (members: ReadonlySet<Line>): TextBox =>
  textBoxOf([...members].sort((one, other) => other.y1 - one.y1))

/** More lines than any page of text has: they stay as they are, since comparing them takes their number squared. */
const mostLines = 5_000

/** @param page lines wholly outside of it stay alone */
export function groupBoxes(lines: readonly Line[], page: Box): TextBox[] {
  if (lines.length > mostLines) return lines.map((line) => boxOf(new Set([line])))
  const plane = createPlane<Line>(page)
  for (const line of lines) plane.add(line)
  return [...groupsOf(lines, plane)].map(boxOf)
}
