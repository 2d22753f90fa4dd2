/**
 * Which cells of a sheet belong together: blocks of cells that touch, in the order in which they stand.
 *
 * @module
 */

import { type Area, columnOf, placeOf, rowOf, type Sheet } from './sheet.ts'

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
  let area = areaOf(start)
  const pending = [start]
  seen.add(start)
  while (pending.length > 0) {
    const place = pending.pop()!
    area = around(area, areaOf(place))
    for (const next of neighbours(place)) {
      if (seen.has(next) || !cells.has(next)) continue
      seen.add(next)
      pending.push(next)
    }
  }
  return area
}

function neighbours(place: number): readonly number[] {
  const [row, column] = [rowOf(place), columnOf(place)]
  const beside = [placeOf(row - 1, column), placeOf(row + 1, column), placeOf(row, column + 1)]
  return column > 0 ? [...beside, placeOf(row, column - 1)] : beside
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
