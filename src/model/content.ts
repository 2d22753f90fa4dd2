/**
 * What a download brings: the content of one document, as text, as ready markup, or as a file.
 *
 * @module
 */

import type { Markup } from './markup.ts'

export interface Content {
  readonly mediaType: string
  /** Size of what the source sent, in bytes. */
  readonly bytes: number
  readonly body: ContentBody
  /** What could not be shown, by name, for the report: macros nobody could render, images that were not there. */
  readonly losses?: readonly Loss[]
  /** What was asked of the source around the document to make this; a later run asks again, to see whether it has become stale. */
  readonly traces?: readonly Trace[]
  /** Called once it has been partitioned, or will not be: what it occupies, such as its file, goes. Never throws. */
  readonly dispose?: () => Promise<void>
}

/** Exactly one of them: text, ready markup, a file's bytes, or the path of a file on this machine. */
export type ContentBody =
  | { readonly text: string }
  | { readonly markup: Markup }
  | { readonly bytes: Uint8Array }
  | { readonly file: string }

/** Something beside the document itself that its content was made of: a page it includes, a list of pages, the names of people. */
export interface Trace {
  /** Only the source reads it. */
  readonly question: string
  /** Digest of the answer. */
  readonly answer: string
}

/** One part of a document that is not in its elements, or not as its author meant it. */
export interface Loss {
  /** `unsupported_macro`, `include_not_permitted`, `include_missing`, `rendered_by_server`, … */
  readonly code: string
  /** What it was about: a macro's or a page's name. */
  readonly name: string
}
