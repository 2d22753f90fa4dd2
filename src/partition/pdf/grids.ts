/**
 * Rulings that cross make grids; a grid with several rows and columns is a table.
 *
 * @module
 */

import type { Box } from './geometry.ts'
import type { Ruling } from './rulings.ts'

/** A cell of a table with how many columns and rows of the grid it covers. */
export interface GridCell extends Box {
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

export interface Grid extends Box {
  readonly rows: number
  readonly columns: number
  /** Row by row from the top, left to right. */
  readonly cells: readonly GridCell[]
  /** The cell in which a point lies. */
  cellAt(x: number, y: number): GridCell | undefined
}

/** Points by which lines may miss each other. */
const tolerance = 3
/** Fields of one grid; one with more is graph paper. */
const mostFields = 5_000
/** Share of a cell's edge that has to be ruled. */
const ruledShare = 0.6

function touch(one: Ruling, other: Ruling): boolean {
  if (one.axis === other.axis)
    return (
      Math.abs(one.at - other.at) <= tolerance &&
      one.from <= other.to + tolerance &&
      other.from <= one.to + tolerance
    )
  return (
    one.at >= other.from - tolerance &&
    one.at <= other.to + tolerance &&
    other.at >= one.from - tolerance &&
    other.at <= one.to + tolerance
  )
}

/** Points by which the edges of two cells that share one are drawn apart. */
const sameEdge = 1

/** One ruling for all that lie in one line and touch: many programs draw a box around each cell. */
function joined(rulings: readonly Ruling[]): Ruling[] {
  const lines: Ruling[][] = []
  const order = (one: Ruling, other: Ruling) => one.axis.localeCompare(other.axis) || one.at - other.at
  for (const ruling of rulings.toSorted(order)) {
    const first = lines.at(-1)?.[0]
    if (first?.axis === ruling.axis && ruling.at - first.at <= sameEdge) lines.at(-1)!.push(ruling)
    else lines.push([ruling])
  }
  return lines.flatMap(joinedInLine)
}

function joinedInLine(line: readonly Ruling[]): Ruling[] {
  const found: Ruling[] = []
  for (const ruling of line.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1)
    if (last && ruling.from <= last.to + tolerance)
      found[found.length - 1] = { ...last, to: Math.max(last.to, ruling.to) }
    else found.push(ruling)
  }
  return found
}

/** More rulings than that are not compared with each other. */
const mostCompared = 3_000

/** Rulings that hang together. */
function connected(rulings: readonly Ruling[]): Ruling[][] {
  if (rulings.length > mostCompared) return []
  const left = new Set(rulings)
  const groups: Ruling[][] = []
  for (const first of rulings) {
    if (!left.delete(first)) continue
    const group = [first]
    for (let at = 0; at < group.length; at++)
      for (const other of left)
        if (touch(group[at]!, other)) {
          left.delete(other)
          group.push(other)
        }
    groups.push(group)
  }
  return groups
}

/** Positions of lines, those that are nearly the same as one, ascending. */
function positions(rulings: readonly Ruling[], axis: Ruling['axis']): number[] {
  const sorted = rulings
    .filter((ruling) => ruling.axis === axis)
    .map(({ at }) => at)
    .sort((one, other) => one - other)
  const kept: number[] = []
  for (const at of sorted) if (kept.length === 0 || at - kept.at(-1)! > tolerance) kept.push(at)
  return kept
}

/** Whether lines cover most of a stretch at a position. */
function isRuled(
  rulings: readonly Ruling[],
  axis: Ruling['axis'],
  at: number,
  from: number,
  to: number,
): boolean {
  let covered = 0
  for (const ruling of rulings)
    if (ruling.axis === axis && Math.abs(ruling.at - at) <= tolerance)
      covered += Math.max(0, Math.min(to, ruling.to) - Math.max(from, ruling.from))
  return covered >= ruledShare * (to - from)
}

/** Grows each free field to the right and down, as long as no line is between. */
function cellsOf(xs: readonly number[], ys: readonly number[], rulings: readonly Ruling[]): GridCell[] {
  const [columns, rows] = [xs.length - 1, ys.length - 1]
  /** Row 0 is the highest. */
  const low = (row: number) => ys[rows - row - 1]!
  const high = (row: number) => ys[rows - row]!
  const taken = new Set<number>()
  const isOpenRight = (row: number, column: number) =>
    column + 1 < columns &&
    !taken.has(row * columns + column + 1) &&
    !isRuled(rulings, 'y', xs[column + 1]!, low(row), high(row))
  const isOpenBelow = (row: number, from: number, to: number) => {
    if (row + 1 >= rows) return false
    for (let column = from; column <= to; column++)
      if (isRuled(rulings, 'x', low(row), xs[column]!, xs[column + 1]!)) return false
    return true
  }
  const cells: GridCell[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (taken.has(row * columns + column)) continue
      let [right, bottom] = [column, row]
      while (isOpenRight(row, right)) right++
      while (isOpenBelow(bottom, column, right)) bottom++
      for (let y = row; y <= bottom; y++) for (let x = column; x <= right; x++) taken.add(y * columns + x)
      const box = { x0: xs[column]!, x1: xs[right + 1]!, y0: low(bottom), y1: high(row) }
      cells.push({ ...box, row, column, rowspan: bottom - row + 1, colspan: right - column + 1 })
    }
  return cells
}

function gridOf(rulings: readonly Ruling[]): Grid[] {
  const [xs, ys] = [positions(rulings, 'y'), positions(rulings, 'x')]
  if (xs.length < 3 || ys.length < 3 || (xs.length - 1) * (ys.length - 1) > mostFields) return []
  const cells = cellsOf(xs, ys, rulings)
  if (cells.length < 4) return []
  const box = { x0: xs[0]!, x1: xs.at(-1)!, y0: ys[0]!, y1: ys.at(-1)! }
  const [columns, rows] = [xs.length - 1, ys.length - 1]
  const owners = new Map<number, GridCell>()
  for (const cell of cells)
    for (let row = cell.row; row < cell.row + cell.rowspan; row++)
      for (let column = cell.column; column < cell.column + cell.colspan; column++)
        owners.set(row * columns + column, cell)
  const cellAt = (x: number, y: number) => {
    const column = xs.findLastIndex((at) => at <= x)
    const row = rows - 1 - ys.findLastIndex((at) => at <= y)
    return column < columns && row >= 0 ? owners.get(row * columns + column) : undefined
  }
  return [{ ...box, rows, columns, cells, cellAt }]
}

/** Grids of at least two rows and two columns. */
export const findGrids = (rulings: readonly Ruling[]): Grid[] => connected(joined(rulings)).flatMap(gridOf)
