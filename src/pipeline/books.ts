/**
 * The ledger as one run uses it: what was delivered before is looked up in memory, and what comes of each document is written down in
 * batches. A batch is one transaction; what a killed run had not written down yet, the next one does again.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Trace } from '../model/content.ts'
import type { Destination, Known, Listed, Stored } from '../model/contracts.ts'
import type { Document, Place } from '../model/document.ts'
import type { JobFinished, Stage } from '../model/events.ts'
import type { Delivered, DocumentState, Ledger, LedgerEntry } from '../model/ledger.ts'
import type { DocumentPermissions } from '../model/permissions.ts'
import { claimAccess, claimUpload, isClaimed } from './claims.ts'
import { accessDigest, contentDigest } from './digest.ts'
import {
  countBySpace,
  identity,
  isBehindPartitioner,
  type Subject,
  sameEntry,
  spaceOf,
  storedOf,
  type Why,
  whyNot,
  whyNotListed,
} from './entries.ts'
import type { Halfway, ListedDocument, Processed } from './process.ts'
import { changesSince, type Recipe } from './recipe.ts'
import { createWriter } from './writer.ts'

/** Where a run remembers, and under which name. */
export interface Memory {
  readonly ledger: Ledger
  /** Names where documents come from and go to; one destination is one workflow. */
  readonly workflow: string
}

/** What a listed document needs: everything, new permissions, or nothing. */
type Need = 'process' | 'access' | 'nothing'

export interface Books {
  /** Whether anything at all was delivered before, that may be left as it is. */
  readonly anyDelivered: boolean
  /** Everything that is known has been read. */
  readonly loaded: Promise<void>
  /** It is there: listed, whatever will come of it. */
  see(id: string): void
  /** See `IndexContext.recall`. */
  recall(document: Document): Promise<readonly Trace[] | undefined>
  needOf(document: Document, stale: boolean): Need
  /** What the destination holds of a document. */
  stored(id: string): Stored | undefined
  delivered(id: string): Delivered | undefined
  entry(id: string): LedgerEntry | undefined
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
  /** Delivered before, and not seen in this run. */
  unseen(): readonly LedgerEntry[]
  /** Unseen, and where they were in the destination is a document of this run: their site has another address now. */
  replaced(): readonly LedgerEntry[]
  /** Failed in an earlier run, and not seen in this one. */
  failed(): readonly Known[]
  /** How many documents of a space the destination held when the run began. */
  deliveredIn(place: Place): number
  /** What of the recipe changed since the last run, in words, and how many documents were made by the old one. */
  recipeNews(): { readonly changes: readonly string[]; readonly documents: number } | undefined
  /** Documents that the destination has lost since. */
  lost(): number
  flush(): Promise<void>
  finish(job: JobFinished): Promise<void>
}

interface BooksOptions {
  readonly memory: Memory
  readonly recipe: Recipe
  readonly destination: Destination
  /** Process everything again. */
  readonly reprocessAll: boolean
  readonly job: { readonly id: string; readonly startedAt: Date }
}

/**
 * Notes that a job begins and reads all that is known of the workflow. Returns once it is clear whether anything was delivered; the rest is
 * read while the source gets going, and everything but `recall` has to wait for `loaded`.
 */
export async function openBooks(options: BooksOptions, context: CallContext): Promise<Books> {
  const { memory, recipe, destination, reprocessAll, job } = options
  const { ledger, workflow } = memory
  const lastJob = await ledger.lastJob(workflow)
  await ledger.recordJob(workflow, { ...job, recipe: recipe.json })
  const entries = new Map<string, LedgerEntry>()
  const batches = ledger.entries(workflow, context)[Symbol.asyncIterator]()
  let anyDelivered = false
  while (!anyDelivered && (await takeBatch(batches, entries)))
    anyDelivered = entries.values().some(({ delivered }) => delivered !== undefined && !isClaimed(delivered))
  let lost: ReadonlySet<string> = new Set()
  let bySpace: ReadonlyMap<string, number> = new Map()
  const seen = new Set<string>()
  /** What was known before of those that are claimed and not noted since. */
  const claimed = new Map<string, LedgerEntry | undefined>()
  const writer = createWriter(ledger, workflow)
  const loaded = load()
  // Whoever waits for it is told; nobody may be waiting yet.
  loaded.catch(() => undefined)

  async function load(): Promise<void> {
    while (await takeBatch(batches, entries));
    lost = await lostBy(destination, entries.values(), context)
    bySpace = countBySpace(entries.values())
  }

  const asDelivered = (document: Document): Delivered | undefined => {
    const { delivered } = entries.get(document.id) ?? {}
    if (!delivered || reprocessAll || lost.has(document.id)) return undefined
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

  const unseen = () =>
    [...entries.values()].filter(({ document, delivered }) => delivered && !seen.has(document.id))

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
    anyDelivered: anyDelivered && !reprocessAll,
    loaded,
    see: (id) => void seen.add(id),
    async recall(document) {
      await loaded
      return asDelivered(document)?.traces
    },
    needOf,
    stored: (id) => storedOf(entries.get(id)),
    delivered: (id) => entries.get(id)?.delivered,
    entry: (id) => entries.get(id),
    async halfway(document) {
      const entry = unclaimed(document.id)
      if (entry?.state !== 'failed' || !isBehindPartitioner(entry.stage) || reprocessAll) return undefined
      const left = await ledger.leftover(workflow, document.id)
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
      if (halfway && why.stage !== undefined)
        await writer.keep({
          documentId: document.id,
          stage: why.stage,
          contentDigest: contentDigest(document),
          recipe: recipe.digest,
          elements: new TextEncoder().encode(JSON.stringify(halfway)),
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
    unseen,
    replaced() {
      // Only where a receipt names a place is it told apart by it.
      if (!destination.receiptOf) return []
      const taken = new Set([...seen].map((id) => entries.get(id)?.delivered?.receipt))
      return unseen().filter(({ delivered }) => taken.has(delivered!.receipt))
    },
    failed: () =>
      [...entries.values()].filter(({ state, document }) => state === 'failed' && !seen.has(document.id)),
    deliveredIn: (place) => bySpace.get(spaceOf(place)) ?? 0,
    recipeNews() {
      if (!lastJob || lastJob.recipe === recipe.json || !anyDelivered) return undefined
      const documents = entries
        .values()
        .filter(({ delivered }) => delivered && delivered.recipe !== recipe.digest)
      return { changes: changesSince(lastJob.recipe, recipe.json), documents: [...documents].length }
    },
    lost: () => lost.size,
    flush: writer.flush,
    async finish(finished) {
      await writer.flush()
      await ledger.recordJob(workflow, { ...job, recipe: recipe.json, finished })
    },
  }
}

/** @returns whether there was one */
async function takeBatch(
  batches: AsyncIterator<readonly LedgerEntry[]>,
  entries: Map<string, LedgerEntry>,
): Promise<boolean> {
  const { value, done = false } = await batches.next()
  if (!done) for (const entry of value as readonly LedgerEntry[]) entries.set(entry.document.id, entry)
  return !done
}

/** Ids of what somebody took out of the destination. What is claimed was perhaps never there. */
async function lostBy(
  destination: Destination,
  entries: Iterable<LedgerEntry>,
  context: CallContext,
): Promise<ReadonlySet<string>> {
  const stored = [...entries].flatMap((entry) =>
    entry.delivered && !isClaimed(entry.delivered) ? [storedOf(entry)!] : [],
  )
  return new Set(stored.length > 0 ? await destination.missing?.(stored, context) : [])
}
