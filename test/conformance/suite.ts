/**
 * What a conformance suite is.
 *
 * @module
 */

export interface Case {
  readonly name: string
  /** The first difference; absent = equal. */
  readonly difference?: string
}

export interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}
