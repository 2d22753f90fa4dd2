/**
 * A sheet as its cells, whatever file they came from.
 *
 * @module
 */

import type { Cell } from '../cells.ts'
import type { Comment } from '../office/comments.ts'
import type { NumberFormat } from '../office/number-formats.ts'
import { damaged, tooMuch } from '../problems.ts'

/** What a file tells of a sheet's inside. */
export interface SheetContent {
  /** Cells with something in them, by {@link placeOf}. */
  readonly cells: ReadonlyMap<number, SheetCell>
  /** Cells that are one. */
  readonly merged: readonly Area[]
  /** Addresses that cells lead to, by {@link placeOf}. */
  readonly links: ReadonlyMap<number, string>
  /** In the order of the file. */
  readonly comments: readonly Comment[]
}

export interface Sheet extends SheetContent {
  readonly name: string
  /** From 1. */
  readonly number: number
  /** Its author keeps it out of sight. */
  readonly hidden: boolean
}

export interface SheetCell {
  readonly value: Exclude<Cell, undefined>
  /** As it is displayed. */
  readonly text: string
}

/** What the cells of all sheets refer to. */
export interface Book {
  readonly strings: readonly string[]
  /** By the number of a style. */
  readonly formats: (style: number) => NumberFormat
}

/** Rows and columns from 0, ends included. */
export interface Area {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Columns that any program knows. */
const mostColumns = 16_384
const mostRows = 1_048_576
/** Cells of one sheet. */
const mostCells = 2_000_000

/** One number for a cell's row and column. */
export const placeOf = (row: number, column: number): number => row * mostColumns + column
export const rowOf = (place: number): number => Math.floor(place / mostColumns)
export const columnOf = (place: number): number => place % mostColumns
/** Whether there is such a cell. */
export const isPlace = (row: number, column: number): boolean =>
  row >= 0 && column >= 0 && row < mostRows && column < mostColumns

export const textCell = (text: string): SheetCell => ({ value: text, text })
/** @throws {OutflowError} code `file.damaged`: other programs refuse such a file, too */
export function sharedText(strings: Book['strings'], index: number, what: string): string {
  const text = strings[index]
  if (text === undefined) throw damaged(what, 'a cell shows a text that is not in it')
  return text
}

export const truthCell = (value: boolean): SheetCell => ({ value, text: value ? 'TRUE' : 'FALSE' })

/**
 * Cells to fill; those that show nothing are left out.
 *
 * @param what the format, for messages
 */
export function createCells(what: string): {
  readonly cells: ReadonlyMap<number, SheetCell>
  /** @throws {OutflowError} code `file.too_much` */
  readonly set: (place: number, cell: SheetCell) => void
} {
  const cells = new Map<number, SheetCell>()
  return {
    cells,
    set(place, cell) {
      if (cell.text.trim() === '') return
      cells.set(place, cell)
      if (cells.size > mostCells)
        throw tooMuch(what, `more than ${mostCells.toLocaleString('en')} cells in a sheet`)
    },
  }
}
