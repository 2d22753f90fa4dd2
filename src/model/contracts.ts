/**
 * The contracts between the pipeline and its plugins. Small on purpose: what is optional has its fallback written once, in
 * the pipeline.
 *
 * @module
 */

import type { CallContext } from './call.ts'
import type { Probe } from './checks.ts'
import type { Content } from './content.ts'
import type { Document, DocumentRef } from './document.ts'
import type { Element } from './element.ts'
import type { ErrorReport } from './errors.ts'
import type { JobFinished, NotDone, RunEvent, Truncation } from './events.ts'

export interface IndexContext extends CallContext {
  /** For news that is not about one document: waiting, warnings, spaces beginning and ending. */
  readonly emit: (event: RunEvent) => void
}

/** One answer of `index`. Every document that the source learns of leaves exactly one of the first five. */
export type Listed =
  | {
      readonly type: 'document'
      readonly document: Document
      /** Given when the listing brought the body along, so that no `download` is needed. Call once. */
      readonly content?: (context: CallContext) => Promise<Content>
    }
  | { readonly type: 'skipped'; readonly document: DocumentRef; readonly rule: string }
  | { readonly type: 'not_permitted'; readonly document: DocumentRef; readonly error: ErrorReport }
  | { readonly type: 'unsupported'; readonly document: DocumentRef; readonly reason: string }
  | { readonly type: 'failed'; readonly document: DocumentRef; readonly error: ErrorReport }
  /** A limit of the settings cut the listing of one space (or of the spaces: `*`). Never silent. */
  | ({ readonly type: 'truncated'; readonly space: string } & Truncation)

/** What a source cost so far. */
export interface SourceUsage {
  readonly requests: number
  readonly retries: number
  readonly waitedSeconds: number
}

export interface Source {
  readonly role: 'source'
  readonly name: string
  /** Named probes of everything that a run will use, in order. Each is independent and never throws. */
  checks(): readonly Probe[]
  /** Lists all documents in scope. Throws only what must stop the run (config, credentials, throttled, transient). */
  index(context: IndexContext): AsyncIterable<Listed>
  /** Fetches one document's content by its own request. */
  download(document: Document, context: CallContext): Promise<Content>
  /** Finds one document from an address a person pasted; for `inspect`. */
  locate?(address: string, context: CallContext): Promise<Document>
  usage(): SourceUsage
  close(): Promise<void>
}

export interface Partitioner {
  readonly role: 'partition'
  readonly name: string
  accepts(mediaType: string): boolean
  /** Content to elements with ids and hierarchy. Throws `content` errors. */
  partition(content: Content, document: Document, context: CallContext): Promise<readonly Element[]>
}

/** Elements in, elements out; one document at a time. */
interface ElementStep<Role extends string> {
  readonly role: Role
  readonly name: string
  apply(elements: readonly Element[], document: Document, context: CallContext): Promise<readonly Element[]>
}

export type Enricher = ElementStep<'enrich'>
export type Chunker = ElementStep<'chunk'>
export type Embedder = ElementStep<'embed'>

/** A workflow's steps between source and destination. */
export type Step = Partitioner | Enricher | Chunker | Embedder

export interface Destination {
  readonly role: 'destination'
  readonly name: string
  /** Proves that it can be written to, before the source is asked for anything. Throws `config` errors. */
  open(context: CallContext): Promise<void>
  /** Replaces everything known of this document. Idempotent. */
  upload(document: Document, elements: readonly Element[], context: CallContext): Promise<void>
  /** Called once, with the last event and with what was found and did not arrive. */
  finish(summary: JobFinished, notDone: readonly NotDone[]): Promise<void>
  close(): Promise<void>
}
