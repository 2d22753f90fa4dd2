/**
 * Boxes on a page, in points. The y axis points up, as PDF has it, until coordinates are told.
 *
 * @module
 */

export interface Box {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

/** Six numbers a to f: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number]

export const identity: Matrix = [1, 0, 0, 1, 0, 0]

export const width = ({ x0, x1 }: Box): number => x1 - x0
export const height = ({ y0, y1 }: Box): number => y1 - y0

/** Does `first`, then `second`. */
export function multiply(first: Matrix, second: Matrix): Matrix {
  const [a, b, c, d, e, f] = first
  const [A, B, C, D, E, F] = second
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F]
}

/** The upright box around a transformed one. */
export function transform({ x0, y0, x1, y1 }: Box, [a, b, c, d, e, f]: Matrix): Box {
  const xs = [a * x0 + c * y0, a * x1 + c * y0, a * x0 + c * y1, a * x1 + c * y1]
  const ys = [b * x0 + d * y0, b * x1 + d * y0, b * x0 + d * y1, b * x1 + d * y1]
  return {
    x0: Math.min(...xs) + e,
    y0: Math.min(...ys) + f,
    x1: Math.max(...xs) + e,
    y1: Math.max(...ys) + f,
  }
}

/** The smallest box that holds both. */
export const union = (one: Box, other: Box): Box => ({
  x0: Math.min(one.x0, other.x0),
  y0: Math.min(one.y0, other.y0),
  x1: Math.max(one.x1, other.x1),
  y1: Math.max(one.y1, other.y1),
})

/** The area that both share; 0 = none. */
export function sharedArea(one: Box, other: Box): number {
  const wide = Math.min(one.x1, other.x1) - Math.max(one.x0, other.x0)
  const high = Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0)
  return wide > 0 && high > 0 ? wide * high : 0
}

/** The share of `part` that lies in `whole`, 0 to 1. */
export function shareWithin(part: Box, whole: Box): number {
  const area = width(part) * height(part)
  return area > 0 ? sharedArea(part, whole) / area : 0
}
