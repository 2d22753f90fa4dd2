/**
 * The contracts between the pipeline and its plugins. Small on purpose: what is optional has its fallback written once, in
 * the pipeline.
 *
 * @module
 */

import type { CallContext } from './call.ts'
import type { Probe } from './checks.ts'
import type { Content, Loss, Trace } from './content.ts'
import type { Document, DocumentRef, Place } from './document.ts'
import type { Element } from './element.ts'
import type { ErrorReport } from './errors.ts'
import type { JobFinished, NotDone, RemovalReason, RunEvent, Truncation } from './events.ts'
import type { DocumentPermissions } from './permissions.ts'

export interface IndexContext extends CallContext {
  /** For news that is not about one document: waiting, warnings, spaces beginning and ending. */
  readonly emit: (event: RunEvent) => void
  /**
   * Given when something has been delivered before, so that bodies need only be fetched of what changed: the traces of a document that
   * the destination holds with the same content, as far as the document itself tells; `undefined` when it has to be processed. Costs
   * microseconds, once what is known has been read.
   */
  readonly recall?: (document: Document) => Promise<readonly Trace[] | undefined>
}

/**
 * One answer of `index`. Every document that the source learns of leaves exactly one of the first five. What is no document, such as a
 * space that could not be listed, comes without a place.
 */
export type Listed =
  | {
      readonly type: 'document'
      readonly document: Document
      /** Given when the listing brought the body along, so that no `download` is needed. Call once. */
      readonly content?: (context: CallContext) => Promise<Content>
      /**
       * Given with `content` where another process can make the same of it without asking for the body again: what it needs for that, in a
       * text that only the source reads; see `Source.unpack`.
       */
      readonly packed?: () => string
      /** What it was made of changed, although the document itself did not. */
      readonly stale?: true
    }
  | {
      readonly type: 'skipped'
      readonly document: DocumentRef
      readonly place?: Place
      readonly rule: string
      /** By the settings it is none of ours, as opposed to one that could not be taken this time. */
      readonly outOfScope?: true
    }
  | {
      readonly type: 'not_permitted'
      readonly document: DocumentRef
      readonly place?: Place
      readonly error: ErrorReport
    }
  | {
      readonly type: 'unsupported'
      readonly document: DocumentRef
      readonly place?: Place
      readonly reason: string
    }
  | {
      readonly type: 'failed'
      readonly document: DocumentRef
      readonly place?: Place
      readonly error: ErrorReport
      /** Who may read it now, where that alone is known: what was delivered of it before follows. */
      readonly permissions?: DocumentPermissions
    }
  /** A limit of the settings cut the listing of one space (or of the spaces: `*`). Never silent. */
  | ({ readonly type: 'truncated'; readonly space: string } & Truncation)

/** Enough of a document that was seen before to ask for it again. */
export interface Known {
  readonly document: DocumentRef
  readonly place: Place
}

/** What became of a document that no list brought, by the source's own answer about it. */
export type Revisited = { readonly id: string } /** There after all: listed, or why not. */ & (
  | { readonly found: Extract<Listed, { readonly document: DocumentRef }> }
  /**
   * Proved: the last `index` listed to its end the place that it was in, and the source's own answer about it says so. The sentence tells
   * that answer. Out of sight alone is `lost_access`: it may be deleted for good, or closed to this account.
   */
  | { readonly gone: RemovalReason; readonly message: string }
  /** It cannot be opened any more, by the source's own answer, and no complete list proves it gone: it is held, never removed. */
  | { readonly closed: RemovalReason; readonly message: string }
  /** Nothing is known: a list was incomplete, or the question was not answered. */
  | { readonly unproved: string }
)

/** A part of a source that somebody may want to read. */
export interface BrowsedPlace {
  readonly id: string
  readonly kind: 'space' | 'page'
  readonly title: string
  readonly url: string
  /** Whether there is anything below. */
  readonly hasChildren: boolean
}

/** An id of a person or a group; without a name it names nobody that can be seen. */
export interface NamedIdentity {
  readonly id: string
  readonly kind: 'user' | 'group'
  readonly name?: string
}

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
  /** The content of a document that was packed when it was listed, perhaps by another process. */
  unpack?(packed: string, document: Document, context: CallContext): Promise<Content>
  /** Asks for known documents by themselves; each is answered once, unless the call throws. Without it nothing is ever removed. */
  revisit?(known: readonly Known[], context: IndexContext): AsyncIterable<Revisited>
  /** Finds one document from an address a person pasted; for `inspect`. */
  locate?(address: string, context: CallContext): Promise<Document>
  /** What is below a place, for people to choose from; without one, what is at the top. */
  browse?(parent: string | undefined, context: CallContext): Promise<readonly BrowsedPlace[]>
  /** Who is behind ids of `permissions_data`, in the order of the ids. */
  identities?(ids: readonly string[], context: CallContext): Promise<readonly NamedIdentity[]>
  usage(): SourceUsage
  close(): Promise<void>
}

interface PartitionContext extends CallContext {
  /** Tells what of the document is not in its elements, or not as its author meant it. */
  readonly lose?: (loss: Loss) => void
}

export interface Partitioner {
  readonly role: 'partition'
  readonly name: string
  accepts(mediaType: string): boolean
  /** Content to elements with ids and hierarchy. Throws `content` errors; by the code `file.unsupported` the document counts as such. */
  partition(content: Content, document: Document, context: PartitionContext): Promise<readonly Element[]>
  /** Ends what it keeps running for further documents. */
  close?(): Promise<void>
}

/** Elements in, elements out; one document at a time. */
interface ElementStep<Role extends string> {
  readonly role: Role
  readonly name: string
  apply(elements: readonly Element[], document: Document, context: CallContext): Promise<readonly Element[]>
}

/** Makes a vector of each text, in order, all of one length. */
export type Embed = (texts: string[]) => Promise<readonly (readonly number[])[]>

export type Enricher = ElementStep<'enrich'>
export type Chunker = ElementStep<'chunk'>
export type Embedder = ElementStep<'embed'>

/** A workflow's steps between source and destination. */
export type Step = Partitioner | Enricher | Chunker | Embedder

/** A document that the destination holds. */
export interface Stored {
  readonly id: string
  readonly version: string
  /** What `upload` gave back. */
  readonly receipt: string
}

export interface Destination {
  readonly role: 'destination'
  readonly name: string
  /** Names the place for ever, without secrets: `files:/srv/wiki`. What was delivered there is remembered under it. */
  readonly identity?: string
  /** The folder it writes to, where it is one: what is remembered goes beside it unless said otherwise. */
  readonly folder?: string
  /** Proves that it can be written to, before the source is asked for anything. Throws `config` errors. */
  open(context: CallContext): Promise<void>
  /**
   * Replaces everything known of this document. Idempotent.
   *
   * @param before what the destination holds of it already, perhaps under another path
   * @returns the receipt, by which the destination finds the document again
   */
  upload(
    document: Document,
    elements: readonly Element[],
    context: CallContext,
    before?: Stored,
  ): Promise<string>
  /**
   * What `upload` of this document would give back, noted before it is uploaded, so that a run that dies meanwhile loses sight of nothing.
   * With `before`, it finds the document where it was and where it will be. Costs microseconds. Without it, documents are found by their id.
   */
  receiptOf?(document: Document, before?: Stored): string
  /** Replaces the permissions in what it holds, and touches nothing else. Throws `missing` when it does not hold the document. */
  updateAccess?(stored: Stored, permissions: DocumentPermissions, context: CallContext): Promise<void>
  /** Idempotent: what is not there is removed. */
  remove?(stored: Stored, context: CallContext): Promise<void>
  /** What it holds of a document; `undefined` when that is nothing. Without it, nobody can look. */
  read?(stored: Stored, context: CallContext): Promise<readonly Element[] | undefined>
  /** Ids of those that it does not hold any more, because somebody else took them out. */
  missing?(stored: readonly Stored[], context: CallContext): Promise<readonly string[]>
  /** Called once, with the last event and with what was found and did not arrive. */
  finish(summary: JobFinished, notDone: readonly NotDone[]): Promise<void>
  close(): Promise<void>
}
