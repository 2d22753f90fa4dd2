/**
 * Tables: grids with the text in their cells.
 *
 * @module
 */

import { escapeText } from '../../util/escape.ts'
import type { Box } from './geometry.ts'
import type { Grid, GridCell } from './grids.ts'
import type { Hyphens } from './hyphens.ts'
import { type Character, groupLines, type Line } from './lines.ts'
import { type LinkEntry, linksOn, type PdfLink } from './links.ts'
import { lineText, tidy } from './text.ts'

/** A grid with the lines of text in its cells. */
export interface FilledGrid {
  readonly box: Box
  /** From above, then from left to right. */
  readonly rows: readonly (readonly FilledCell[])[]
}

interface FilledCell {
  readonly cell: GridCell
  readonly lines: readonly Line[]
}

const cellOf = (grid: Grid, { x0, x1, y0, y1 }: Box): GridCell | undefined =>
  grid.cellAt((x0 + x1) / 2, (y0 + y1) / 2)

/** Those of one row from left to right. */
function linesOf(characters: readonly Character[]): Line[] {
  return groupLines(characters).toSorted((one, other) => {
    const isSameRow = Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0) > 0
    return isSameRow ? one.x0 - other.x0 : other.y1 - one.y1
  })
}

/** What stands in a cell, its lines as they end. */
export const cellLines = ({ lines }: Pick<FilledCell, 'lines'>): string => lines.map(lineText).join('\n')

/** Undefined when most of the grid is empty: a frame or a drawing. */
function filledGrid(grid: Grid, characters: readonly Character[]): FilledGrid | undefined {
  const rows = Array.from({ length: grid.rows }, (): FilledCell[] => [])
  const inCells = Map.groupBy(characters, (character) => cellOf(grid, character))
  for (const cell of grid.cells) rows[cell.row]!.push({ cell, lines: linesOf(inCells.get(cell) ?? []) })
  const filled = rows.flat().filter(({ lines }) => lines.length > 0).length
  if (filled < 3 || filled * 3 < grid.cells.length) return undefined
  return { box: grid, rows }
}

export interface Table {
  /** One line for each row. */
  readonly text: string
  readonly html: string
  readonly links: readonly LinkEntry[]
}

interface TableOptions {
  readonly hyphens: Hyphens
  readonly links: readonly PdfLink[]
}

/** What a filled grid says. */
export function tableOf({ rows }: FilledGrid, { hyphens, links }: TableOptions): Table {
  const cells = rows.map((row) =>
    row.map((each) => ({ ...each.cell, text: tidy(hyphens.join(cellLines(each))) })),
  )
  const rowTexts = cells.map((row) => row.flatMap(({ text }) => (text === '' ? [] : text)).join(' '))
  return {
    text: rowTexts.filter((text) => text !== '').join('\n'),
    html: `<table>${cells.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('')}</table>`,
    links: rows
      .flat()
      .flatMap(({ cell, lines }) =>
        lines.length > 0 ? linksOn(cell, lines, { links, isFaithful: false }) : [],
      ),
  }
}

const span = (name: string, count: number): string => (count > 1 ? ` ${name}="${count}"` : '')

function cellHtml({ colspan, rowspan, text }: GridCell & { readonly text: string }): string {
  const spans = `${span('colspan', colspan)}${span('rowspan', rowspan)}`
  return text === '' ? `<td${spans}/>` : `<td${spans}>${escapeText(text)}</td>`
}

/** Takes tables out of the characters of a page. */
export function takeTables<T extends Character>(
  grids: readonly Grid[],
  characters: readonly T[],
): { readonly tables: FilledGrid[]; readonly rest: T[] } {
  const tables: FilledGrid[] = []
  let rest = [...characters]
  for (const grid of grids) {
    const inside = rest.filter((character) => cellOf(grid, character) !== undefined)
    const table = inside.length === 0 ? undefined : filledGrid(grid, inside)
    if (table === undefined) continue
    tables.push(table)
    const taken = new Set<Character>(inside)
    rest = rest.filter((character) => !taken.has(character))
  }
  return { tables, rest }
}
