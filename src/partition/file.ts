/**
 * What a format reader gets and gives. Each file format is one function in a file of its own; `formats.ts` says which one reads what.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'

/** A file's bytes and what is known of them before anybody looks inside. */
export interface FileInput {
  readonly bytes: Uint8Array
  /** A name only, no folder. */
  readonly filename?: string
  /** What its sender says it is; content decides. */
  readonly mediaType?: string
}

/**
 * How pages without text are read. `fast` = what text the file holds; `ocr_only` = everything from its picture; `auto` = page by page,
 * text where there is some; `hi_res` = as `auto`, with regions told apart by layout rules, since no layout model comes with Outflow.
 */
type Strategy = 'auto' | 'fast' | 'hi_res' | 'ocr_only'

/** Options of all formats; each uses those that concern it. Names and defaults: `options.ts`. */
export interface FileOptions {
  /** `compat` = the reference's rules to the letter; `enhanced` = nothing visible is lost, structure is kept. */
  readonly mode: 'enhanced' | 'compat'
  readonly strategy: Strategy
  /** The document's web address; base of relative links. */
  readonly url?: string
  /** ISO 639-3 codes to set; `['auto']` detects; `['']` sets none. */
  readonly languages: readonly string[]
  readonly detectLanguagePerElement: boolean
  /** Tesseract's names of the languages to look for in pictures: `['eng']`. */
  readonly ocrLanguages: readonly string[]
  /** Put a PageBreak element where a page or slide ends. */
  readonly includePageBreaks: boolean
  /** Add `metadata.coordinates`, for formats that know them. */
  readonly coordinates: boolean
  readonly skipHeadersAndFooters: boolean
  /** Pictures become Image elements with `image_base64`. Without it, enhanced mode still tells where one stands. */
  readonly imageData: boolean
  /** Character encoding of text files; detected when absent. */
  readonly encoding?: string
  /** CSV, TSV: the first row is a heading and not data. */
  readonly includeHeader: boolean
  /** Spreadsheets: each block of cells is a table of its own. */
  readonly findSubtable: boolean
  /** XML: the whole document as text, tags included. */
  readonly xmlKeepTags: boolean
  readonly includeSlideNotes: boolean
  /** Comments of office documents become elements (`metadata.comment` true). */
  readonly includeComments: boolean
  /** `final` = as if accepted; `all` = deleted text as well (`metadata.tracked_change` tells which). */
  readonly trackedChanges: 'final' | 'all'
  /** E-mail: attached files are read, too. */
  readonly processAttachments: boolean
  /** Opens documents that are encrypted with it. */
  readonly password?: string
  /** Number of the first page. */
  readonly startingPageNumber: number
}

export interface ReadContext extends CallContext {
  /** Tells what cannot be shown, by name; the report counts it. */
  readonly lose: (loss: Loss) => void
  /**
   * Reads a file that is inside this one, with finished elements. Counts the depth.
   *
   * @throws {OutflowError} kind `content`, also code `file.unsupported`, for the caller to make a loss of
   */
  readonly nested: (file: FileInput) => Promise<Element[]>
  /** Folder with Tesseract's language data, where there is one. */
  readonly tessdata?: string
  /** LibreOffice's program, where there is one. */
  readonly soffice?: string
}

/**
 * Content to elements without ids, languages, file name or parents, which `finish.ts` adds; an element that has `attached_to_filename` is
 * finished already.
 *
 * @throws {OutflowError} kind `content`; see `problems.ts`
 */
export type ReadFile = (file: FileInput, options: FileOptions, context: ReadContext) => Promise<Element[]>
