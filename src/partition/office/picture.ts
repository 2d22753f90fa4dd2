/**
 * Pictures inside office documents.
 *
 * @module
 */

/** A picture where a document shows it. */
export interface Picture {
  /** What its author says it shows; may be empty. */
  readonly alt: string
  /** Entry of the archive that holds it. */
  readonly part?: string
  /** Where it is, when it is outside. */
  readonly url?: string
}
