/**
 * What a run knows of documents, in memory, and what it notes of them. The same for a whole run, which knows all of them, and for whoever
 * has some of them in hand.
 *
 * @module
 */

import type { Destination, Listed, Stored } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import type { Stage } from '../model/events.ts'
import type { Delivered, DocumentState, LedgerEntry, Leftover } from '../model/ledger.ts'
import type { DocumentPermissions } from '../model/permissions.ts'
import { claimAccess, claimUpload } from './claims.ts'
import { accessDigest, contentDigest } from './digest.ts'
import {
  identity,
  isBehindPartitioner,
  type Subject,
  sameEntry,
  storedOf,
  type Why,
  whyNot,
  whyNotListed,
} from './entries.ts'
import type { Halfway, ListedDocument, Processed } from './process.ts'
import type { Recipe } from './recipe.ts'
import type { Writer } from './writer.ts'

/** What a listed document needs: everything, new permissions, or nothing. */
type Need = 'process' | 'access' | 'nothing'

/** What is known of documents, and what came of them. */
export interface Notes {
  needOf(document: Document, stale: boolean): Need
  /** What the destination holds of a document. */
  stored(id: string): Stored | undefined
  delivered(id: string): Delivered | undefined
  entry(id: string): LedgerEntry | undefined
  /** What was known before of one that is claimed; of any other, what is known. */
  unclaimed(id: string): LedgerEntry | undefined
  /** Where an earlier try of just this content left it, if nothing but the document itself is in it. */
  halfway(document: Document): Promise<Halfway | undefined>
  /** Writes down, before the destination is touched, that these are about to be done. Those that need nothing are left alone. */
  claim(listed: readonly ListedDocument[]): Promise<void>
  /** The same of documents that get other permissions, whatever the source says of them. */
  claimAccess(entries: readonly LedgerEntry[]): Promise<void>
  /** These two resolve once there is room for more; what was noted is written by `flush` at the latest. */
  noteProcessed(document: Document, processed: Processed): Promise<void>
  noteAccess(document: Document): Promise<void>
  noteUnchanged(document: Document): Promise<void>
  /** What the source could not or would not list. */
  noteListed(listed: Exclude<Listed, { type: 'document' | 'truncated' }>): Promise<void>
  /** Kept by the destination, with these permissions from now on. */
  noteHeld(entry: LedgerEntry, permissions: DocumentPermissions, reason: string): Promise<void>
  noteRemoved(entry: LedgerEntry, reason: string): Promise<void>
  /** Out of sight, and not held by the destination any more either. */
  noteLost(entry: LedgerEntry, reason: string): Promise<void>
  /** The permissions of what the destination holds, whatever became of the document itself. */
  noteAccessOf(id: string, permissions: DocumentPermissions): Promise<void>
}

export interface NotesOptions {
  readonly recipe: Recipe
  readonly destination: Destination
  /** Whether a document is to be processed whatever is known of it. */
  readonly again: (id: string) => boolean
  /** What is known, and is kept up to date here. */
  readonly entries: Map<string, LedgerEntry>
  /** What was known before of those that are claimed and not noted since. */
  readonly claimed: Map<string, LedgerEntry | undefined>
  /** Whether the destination does not hold it any more, although it was delivered. */
  readonly isLost: (id: string) => boolean
  readonly leftover: (id: string) => Promise<Leftover | undefined>
  readonly writer: Writer
}

/** Beside what delivery needs, what a document was delivered as, if that is as it is now. */
export interface OpenNotes extends Notes {
  asDelivered(document: Document): Delivered | undefined
}

export function createNotes(options: NotesOptions): OpenNotes {
  const { recipe, destination, again, entries, claimed, isLost, leftover, writer } = options

  const asDelivered = (document: Document): Delivered | undefined => {
    const { delivered } = entries.get(document.id) ?? {}
    if (!delivered || again(document.id) || isLost(document.id)) return undefined
    const same = delivered.recipe === recipe.digest && delivered.contentDigest === contentDigest(document)
    return same ? delivered : undefined
  }

  function needOf(document: Document, stale: boolean): Need {
    const delivered = stale ? undefined : asDelivered(document)
    if (!delivered) return 'process'
    return delivered.accessDigest === accessDigest(document.permissions) ? 'nothing' : 'access'
  }

  const unclaimed = (id: string) => (claimed.has(id) ? claimed.get(id) : entries.get(id))

  function claimFor(document: Document, need: 'process' | 'access'): LedgerEntry {
    const entry = entries.get(document.id)
    if (need === 'access' && destination.updateAccess) return claimAccess(entry!)
    const receipt = destination.receiptOf?.(document, storedOf(entry)) ?? entry?.delivered?.receipt ?? ''
    return claimUpload({ ...identity(document), recipe: recipe.digest, receipt }, entry)
  }

  async function noteClaims(claims: readonly LedgerEntry[]): Promise<void> {
    for (const claim of claims) {
      const { id } = claim.document
      if (!claimed.has(id)) claimed.set(id, entries.get(id))
      entries.set(id, claim)
    }
    if (claims.length > 0) await writer.writeNow(claims)
  }

  async function note(entry: LedgerEntry): Promise<void> {
    const { id } = entry.document
    if (!claimed.delete(id) && sameEntry(entries.get(id), entry)) return
    entries.set(id, entry)
    await writer.write(entry)
  }

  async function noteDone(document: Document, delivered: Delivered): Promise<void> {
    const left = unclaimed(document.id)?.stage !== undefined
    await note({ ...identity(document), state: 'done', attempts: 0, delivered })
    if (left) await writer.drop(document.id)
  }

  /** Not delivered as it is now; what was delivered before stays known. */
  async function noteNotDone(
    subject: Subject,
    state: DocumentState,
    why: Why,
    delivered: Delivered | undefined,
  ): Promise<void> {
    const { attempts = 0 } = entries.get(subject.document.id) ?? {}
    const tries = state === 'failed' ? attempts + 1 : 0
    await note({ ...subject, state, attempts: tries, ...why, ...(delivered && { delivered }) })
  }

  const noteGone = ({ document, place, version }: LedgerEntry, state: DocumentState, reason: string) =>
    note({ document, place, version, state, attempts: 0, reason })

  /**
   * What the destination holds of a document that failed: what it held before, unless it failed while it was touched. Whoever may read it
   * there is not known, if that is to change, until it is noted.
   */
  function leftInPlace({ id, permissions }: Document, stage: Stage | undefined): Delivered | undefined {
    const entry = stage === 'upload' ? entries.get(id) : unclaimed(id)
    if (entry?.delivered?.accessDigest === accessDigest(permissions)) return entry.delivered
    return entry && claimAccess(entry).delivered
  }

  return {
    asDelivered,
    needOf,
    stored: (id) => storedOf(entries.get(id)),
    delivered: (id) => entries.get(id)?.delivered,
    entry: (id) => entries.get(id),
    unclaimed,
    async halfway(document) {
      const entry = unclaimed(document.id)
      if (entry?.state !== 'failed' || !isBehindPartitioner(entry.stage) || again(document.id))
        return undefined
      const left = await leftover(document.id)
      if (left?.contentDigest !== contentDigest(document) || left.recipe !== recipe.digest) return undefined
      const halfway = JSON.parse(new TextDecoder().decode(left.elements)) as Halfway
      // What it shows of the wiki around it may be for fewer people now: that is asked anew.
      return halfway.traces.length === 0 ? halfway : undefined
    },
    claim: (listed) =>
      noteClaims(
        listed.flatMap(({ document, stale = false }) => {
          const need = needOf(document, stale)
          return need === 'nothing' ? [] : [claimFor(document, need)]
        }),
      ),
    claimAccess: (held) => noteClaims(held.map(claimAccess)),
    async noteProcessed(document, { event, delivered, halfway }) {
      if (delivered)
        return noteDone(document, {
          version: document.version,
          contentDigest: contentDigest(document),
          accessDigest: accessDigest(document.permissions),
          recipe: recipe.digest,
          ...delivered,
        })
      const subject = identity(document)
      const [state, why] = whyNot(event)
      const elements = halfway && encoded(halfway)
      if (elements && why.stage !== undefined)
        await writer.keep({
          documentId: document.id,
          stage: why.stage,
          contentDigest: contentDigest(document),
          recipe: recipe.digest,
          elements,
        })
      return noteNotDone(subject, state, why, leftInPlace(document, why.stage))
    },
    noteAccess: (document) =>
      noteDone(document, {
        ...entries.get(document.id)!.delivered!,
        accessDigest: accessDigest(document.permissions),
      }),
    noteUnchanged: (document) => noteDone(document, entries.get(document.id)!.delivered!),
    async noteListed(listed) {
      const known = entries.get(listed.document.id)
      const place = listed.place ?? known?.place
      if (!place) return
      const subject = { document: listed.document, place, version: known?.version ?? '' }
      const [state, why] = whyNotListed(listed)
      return noteNotDone(subject, state, why, known?.delivered)
    },
    async noteHeld(entry, permissions, reason) {
      const { stage: _, error: __, ...rest } = entry
      const delivered = { ...entry.delivered!, accessDigest: accessDigest(permissions) }
      await note({ ...rest, state: 'held', attempts: 0, reason, delivered })
    },
    noteRemoved: (entry, reason) => noteGone(entry, 'removed', reason),
    noteLost: (entry, reason) => noteGone(entry, 'not_permitted', reason),
    async noteAccessOf(id, permissions) {
      const entry = entries.get(id)!
      await note({
        ...entry,
        delivered: { ...entry.delivered!, accessDigest: accessDigest(permissions) },
      })
    },
  }
}

/** Undefined for more than one text can hold: such a document begins anew when it is tried again. */
function encoded(halfway: Halfway): Uint8Array | undefined {
  try {
    return new TextEncoder().encode(JSON.stringify(halfway))
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}
