/**
 * The file: gzip of lines of JSON. The first says what it is and which tables with which columns follow; then come rows, an array each of the
 * table's name and every value as PostgreSQL writes it; the last has how many there were, and a digest of them.
 *
 * ```text
 * {"format":"outflow-state","version":1,"exportedAt":"…","migrations":["001-ledger",…],"tables":{"documents":["workflow","id",…],…}}
 * ["documents", "/srv/wiki", "confluence:acme.atlassian.net/page/1", …]
 * {"rows":{"documents":1},"sha256":"…"}
 * ```
 *
 * A value as text is exact, whatever it is: a time to the microsecond, JSON whose value is `null` beside no JSON at all. Two exports of the
 * same state differ in the first line only.
 *
 * @module
 */

import { createHash, type Hash } from 'node:crypto'
import type { TableShape } from './tables.ts'

export const format = 'outflow-state'

/** Raised when an older Outflow could no longer read it. */
export const version = 1

export interface Header {
  readonly format: typeof format
  readonly version: number
  /** ISO 8601. */
  readonly exportedAt: string
  /** The steps that made the tables. */
  readonly migrations: readonly string[]
  /** Columns of each table, in the order of their values. */
  readonly tables: Readonly<Record<string, readonly string[]>>
}

export interface Closing {
  /** Every table, empty ones too. */
  readonly rows: Readonly<Record<string, number>>
  /** Of all lines between the first and this one, line ends and all. */
  readonly sha256: string
}

export function headerOf(tables: readonly TableShape[], migrations: readonly string[], at: Date): Header {
  const columns = tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])
  return {
    ...{ format, version, exportedAt: at.toISOString() },
    ...{ migrations, tables: Object.fromEntries(columns) },
  }
}

/** Adds up what the last line says. */
export class Tally {
  readonly #rows: Map<string, number>
  readonly #hash: Hash = createHash('sha256')

  constructor(tables: Iterable<string>) {
    this.#rows = new Map([...tables].map((name) => [name, 0]))
  }

  /** @param text that many lines, each with its end */
  add(table: string, rows: number, text: string | Uint8Array): void {
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows)
    this.#hash.update(text)
  }

  /** Nothing can be added any more. */
  close(): Closing {
    return { rows: Object.fromEntries(this.#rows), sha256: this.#hash.digest('hex') }
  }
}
