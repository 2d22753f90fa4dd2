/**
 * The ledger as one run uses it: what was delivered before is looked up in memory, and what comes of each document is written down in
 * batches. A batch is one transaction; what a killed run had not written down yet, the next one does again.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Trace } from '../model/content.ts'
import type { Destination, Known } from '../model/contracts.ts'
import type { Document, Place } from '../model/document.ts'
import type { JobFinished } from '../model/events.ts'
import type { Ledger, LedgerEntry } from '../model/ledger.ts'
import { isClaimed } from './claims.ts'
import { countBySpace, spaceOf, storedOf } from './entries.ts'
import { createNotes, type Notes } from './notes.ts'
import { changesSince, type Recipe } from './recipe.ts'
import { createWriter } from './writer.ts'

/** Where a run remembers, and under which name. */
export interface Memory {
  readonly ledger: Ledger
  /** Names where documents come from and go to; one destination is one workflow. */
  readonly workflow: string
}

export interface Books extends Notes {
  /** Whether anything at all was delivered before, that may be left as it is. */
  readonly anyDelivered: boolean
  /** Everything that is known has been read. */
  readonly loaded: Promise<void>
  /** It is there: listed, whatever will come of it. */
  see(id: string): void
  /** See `IndexContext.recall`. */
  recall(document: Document): Promise<readonly Trace[] | undefined>
  /** Written down by another process already. */
  learn(entries: readonly LedgerEntry[]): void
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
  /** Process everything again, */
  readonly reprocessAll: boolean
  /** but what was done in an earlier try of this run. */
  readonly earlier?: { has(id: string): boolean } | undefined
  readonly job: { readonly id: string; readonly startedAt: Date }
}

/**
 * Notes that a job begins and reads all that is known of the workflow. Returns once it is clear whether anything was delivered; the rest is
 * read while the source gets going, and everything but `recall` has to wait for `loaded`.
 */
export async function openBooks(options: BooksOptions, context: CallContext): Promise<Books> {
  const { memory, recipe, destination, reprocessAll, earlier, job } = options
  const again = (id: string) => reprocessAll && earlier?.has(id) !== true
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

  const notes = createNotes({
    ...{ recipe, destination, again, entries, claimed, writer },
    isLost: (id) => lost.has(id),
    leftover: (id) => ledger.leftover(workflow, id),
  })

  const unseen = () =>
    [...entries.values()].filter(({ document, delivered }) => delivered && !seen.has(document.id))

  return {
    ...notes,
    anyDelivered: anyDelivered && (!reprocessAll || earlier !== undefined),
    loaded,
    see: (id) => void seen.add(id),
    async recall(document) {
      await loaded
      return notes.asDelivered(document)?.traces
    },
    learn(known) {
      for (const entry of known) {
        claimed.delete(entry.document.id)
        entries.set(entry.document.id, entry)
      }
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
