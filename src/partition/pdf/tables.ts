/**
 * Tables: grids with the text in their cells.
 *
 * @module
 */

import { escapeText } from '../../util/escape.ts'
import type { Box } from './geometry.ts'
import type { Grid, GridCell } from './grids.ts'
import { type Character, groupLines } from './lines.ts'
import { lineText, tidy } from './text.ts'

export interface Table {
  readonly box: Box
  /** One line for each row. */
  readonly text: string
  readonly html: string
}

const cellOf = (grid: Grid, { x0, x1, y0, y1 }: Box): GridCell | undefined =>
  grid.cellAt((x0 + x1) / 2, (y0 + y1) / 2)

function cellText(characters: readonly Character[]): string {
  const lines = groupLines(characters)
  const inOrder = lines.toSorted((one, other) => {
    const isSameRow = Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0) > 0
    return isSameRow ? one.x0 - other.x0 : other.y1 - one.y1
  })
  return tidy(inOrder.map(lineText).join('\n'))
}

const span = (name: string, count: number): string => (count > 1 ? ` ${name}="${count}"` : '')

const cellHtml = ({ colspan, rowspan }: GridCell, text: string): string =>
  `<td${span('colspan', colspan)}${span('rowspan', rowspan)}>${escapeText(text)}</td>`

/** Undefined when most of the grid is empty: a frame or a drawing. */
function tableOf(grid: Grid, characters: readonly Character[]): Table | undefined {
  const rows = Array.from({ length: grid.rows }, (): { text: string; html: string }[] => [])
  const inCells = Map.groupBy(characters, (character) => cellOf(grid, character))
  for (const cell of grid.cells) {
    const text = cellText(inCells.get(cell) ?? [])
    rows[cell.row]!.push({ text, html: cellHtml(cell, text) })
  }
  const filled = rows.flat().filter(({ text }) => text !== '').length
  if (filled < 3 || filled * 3 < grid.cells.length) return undefined
  const filledRows = rows.filter((row) => row.length > 0)
  const rowText = (row: readonly { text: string }[]) =>
    row
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' ')
  return {
    box: grid,
    text: filledRows
      .map(rowText)
      .filter((text) => text !== '')
      .join('\n'),
    html: `<table>${rows.map((row) => `<tr>${row.map(({ html }) => html).join('')}</tr>`).join('')}</table>`,
  }
}

/** Takes tables out of the characters of a page. */
export function takeTables<T extends Character>(
  grids: readonly Grid[],
  characters: readonly T[],
): { readonly tables: Table[]; readonly rest: T[] } {
  const tables: Table[] = []
  let rest = [...characters]
  for (const grid of grids) {
    const inside = rest.filter((character) => cellOf(grid, character) !== undefined)
    const table = inside.length === 0 ? undefined : tableOf(grid, inside)
    if (table === undefined) continue
    tables.push(table)
    const taken = new Set<Character>(inside)
    rest = rest.filter((character) => !taken.has(character))
  }
  return { tables, rest }
}
