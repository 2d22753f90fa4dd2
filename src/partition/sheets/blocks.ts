/**
 * Which cells of a sheet belong together: blocks of cells that touch, in the order in which they stand.
 *
 * @module
 */

import { type Area, columnOf, isPlace, placeOf, rowOf, type Sheet } from './sheet.ts'

/** Areas around cells that touch above, below or beside; those that share rows are one (the reference's rule). */
export function blocksOf({ cells }: Pick<Sheet, 'cells'>): readonly Area[] {
  const seen = new Set<number>()
  const areas: Area[] = []
  for (const place of [...cells.keys()].sort((one, other) => one - other))
    if (!seen.has(place)) areas.push(areaAround(place, cells, seen))
  return joined(areas.sort((one, other) => one.top - other.top))
}

/** The area around everything at hand. */
export function wholeArea({ cells }: Pick<Sheet, 'cells'>): Area {
  const places = [...cells.keys()]
  return places.map(areaOf).reduce(around)
}

const areaOf = (place: number): Area => ({
  ...{ top: rowOf(place), bottom: rowOf(place) },
  ...{ left: columnOf(place), right: columnOf(place) },
})

const around = (one: Area, other: Area): Area => ({
  top: Math.min(one.top, other.top),
  left: Math.min(one.left, other.left),
  bottom: Math.max(one.bottom, other.bottom),
  right: Math.max(one.right, other.right),
})

function areaAround(start: number, cells: ReadonlyMap<number, unknown>, seen: Set<number>): Area {
  let { top, left, bottom, right } = areaOf(start)
  const pending: number[] = []

  function visit(row: number, column: number): void {
    const place = placeOf(row, column)
    if (!isPlace(row, column) || seen.has(place) || !cells.has(place)) return
    seen.add(place)
    pending.push(place)
  }

  visit(top, left)
  while (pending.length > 0) {
    const place = pending.pop()!
    const [row, column] = [rowOf(place), columnOf(place)]
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
    left = Math.min(left, column)
    right = Math.max(right, column)
    visit(row - 1, column)
    visit(row + 1, column)
    visit(row, column - 1)
    visit(row, column + 1)
  }
  return { top, left, bottom, right }
}

/** @param areas by their first row */
function joined(areas: readonly Area[]): readonly Area[] {
  const all: Area[] = []
  for (const area of areas) {
    const last = all.at(-1)
    if (last && area.top <= last.bottom) all[all.length - 1] = around(last, area)
    else all.push(area)
  }
  return all
}
