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

/** A case in which compat mode differs from the reference, and why. */
export interface Known {
  readonly suite: string
  /** How the case's name begins or what it holds. */
  readonly name: string
  readonly reason: string
}
