/**
 * A sheet as its cells, whatever file they came from.
 *
 * @module
 */

import type { Cell } from '../cells.ts'

export interface Sheet {
  readonly name: string
  /** From 1. */
  readonly number: number
  /** Its author keeps it out of sight. */
  readonly hidden: boolean
  /** Cells with something in them, by {@link placeOf}. */
  readonly cells: ReadonlyMap<number, SheetCell>
  /** Cells that are one. */
  readonly merged: readonly Area[]
}

export interface SheetCell {
  readonly value: Exclude<Cell, undefined>
  /** As it is displayed. */
  readonly text: string
}

/** Rows and columns from 0, ends included. */
export interface Area {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Columns that any program knows. */
export const mostColumns = 16_384
export const mostRows = 1_048_576

/** One number for a cell's row and column. */
export const placeOf = (row: number, column: number): number => row * mostColumns + column
export const rowOf = (place: number): number => Math.floor(place / mostColumns)
export const columnOf = (place: number): number => place % mostColumns
