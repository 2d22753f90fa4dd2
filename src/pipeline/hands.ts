/**
 * Hands: others who do what listed documents need, in other processes or later in this one. The run that lists them hands documents over as
 * assignments, and hears what came of each. `platform/` says how they travel.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Destination } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import { type ErrorReport, OutflowError, reportError } from '../model/errors.ts'
import type { RunEvent } from '../model/events.ts'
import type { LedgerEntry, Leftover } from '../model/ledger.ts'
import { createPool } from '../util/pool.ts'
import type { Memory } from './books.ts'
import { createDelivery } from './delivery.ts'
import { createNotes } from './notes.ts'
import type { Halfway, ListedDocument, Machinery } from './process.ts'
import { recipeOf } from './recipe.ts'
import type { Writer } from './writer.ts'

/** A document and what is known of it, as JSON can carry it; see `parseAssignments`. */
export interface Assignment {
  readonly document: Document
  /** What it was made of changed, although the document itself did not. */
  readonly stale: boolean
  /** What the ledger said before the document was claimed, and says now. */
  readonly before?: LedgerEntry
  readonly claim?: LedgerEntry
  /** What the source needs to make its content without asking for the body again; see `Source.unpack`. */
  readonly packed?: string
  /** How far the run that listed it has brought it. */
  readonly halfway?: Halfway
}

/** What came of assignments, for the run that gave them. */
export interface Outcome {
  readonly events: readonly RunEvent[]
  /** As they are written down. */
  readonly entries: readonly LedgerEntry[]
  /** Every other document would fail the same way. */
  readonly fatal?: ErrorReport
}

/** The other end of a run. */
export interface Hands {
  /** Resolves when there is room for more. @throws what keeps it from being handed over, which stops the run */
  give(assignment: Assignment): Promise<void>
  /** Resolves when everything that was given is done and has been heard, or, once the run is stopped, taken back. */
  drain(): Promise<void>
}

/** @param hear called with each outcome, one at a time */
export type OpenHands = (hear: (outcome: Outcome) => void, context: CallContext) => Hands

/** The value of JSON with assignments in it, their dates being dates again. */
export function parseAssignments<Value>(text: string): Value {
  return JSON.parse(text, (name, value: unknown) =>
    (name === 'createdAt' || name === 'modifiedAt') && typeof value === 'string' ? new Date(value) : value,
  ) as Value
}

export interface FulfilOptions extends CallContext {
  readonly memory: Memory
  /** As the run that gave them does. */
  readonly reprocessAll: boolean
  /** Documents under way at the same time. */
  readonly concurrency: number
  /** Aborted: no further document is begun. Those under way go on, until `signal` is. */
  readonly stop?: AbortSignal
  /** Asked before the destination is touched. @throws when they are somebody else's by now */
  readonly confirm?: () => Promise<void>
}

/** What has to be written down, in one transaction with saying that it is done. */
export interface Fulfilled {
  readonly outcome: Outcome
  readonly keep: readonly Leftover[]
  /** Ids of documents of which nothing is left over any more. */
  readonly drop: readonly string[]
}

/**
 * Does what each of these documents needs, in opened machinery. Never throws for what concerns one document; what would stop a run is in the
 * outcome.
 *
 * @throws {OutflowError} codes `state.…` when a claim cannot be written
 */
export async function fulfil(
  machinery: Machinery,
  assignments: readonly Assignment[],
  { memory, reprocessAll, concurrency, signal, stop = signal, confirm }: FulfilOptions,
): Promise<Fulfilled> {
  const events: RunEvent[] = []
  const pages = createPages(memory)
  const { source, plan, destination } = machinery
  const steps = [...plan.partitioners, ...plan.elementSteps]
  const notes = createNotes({
    recipe: recipeOf({ source, steps, destination }),
    destination,
    again: () => reprocessAll,
    entries: mapOf(assignments, ({ claim }) => claim),
    claimed: new Map(assignments.map(({ document, before }) => [document.id, before])),
    isLost: () => false,
    leftover: (id) => memory.ledger.leftover(memory.workflow, id),
    writer: pages.writer,
  })
  const confirmed = confirm
    ? { ...machinery, destination: withConfirmation(destination, confirm) }
    : machinery
  const delivery = createDelivery(confirmed, { emit: (event) => events.push(event), notes, signal })
  const pool = createPool(concurrency)
  let fatal: OutflowError | undefined
  let thrown: { readonly error: unknown } | undefined
  for (const { document, stale, packed, halfway } of assignments) {
    if (stop.aborted || signal.aborted || fatal || thrown) break
    await pool.add(async () => {
      try {
        const listed: ListedDocument = {
          type: 'document',
          document,
          ...(stale && { stale }),
          ...(packed !== undefined && {
            content: (context) => source.unpack!(packed, document, context),
          }),
        }
        const reason = await delivery.changed(listed, halfway)
        fatal ??= reason
      } catch (error) {
        if (error instanceof OutflowError) fatal ??= error
        else thrown ??= { error }
      }
    })
  }
  await pool.drain()
  if (thrown) throw thrown.error
  const { entries, keep, drop } = pages.written()
  return { outcome: { events, entries, ...(fatal && { fatal: reportError(fatal) }) }, keep, drop }
}

/** Nothing reaches it without being confirmed. */
function withConfirmation(destination: Destination, confirm: () => Promise<void>): Destination {
  return {
    ...destination,
    async upload(...given) {
      await confirm()
      return destination.upload(...given)
    },
    ...(destination.updateAccess && {
      async updateAccess(...given) {
        await confirm()
        await destination.updateAccess!(...given)
      },
    }),
  }
}

function mapOf(
  assignments: readonly Assignment[],
  pick: (assignment: Assignment) => LedgerEntry | undefined,
): Map<string, LedgerEntry> {
  return new Map(
    assignments.flatMap((assignment) => {
      const entry = pick(assignment)
      return entry ? [[assignment.document.id, entry] as const] : []
    }),
  )
}

/** Keeps what is noted, to be written later; a claim alone cannot wait. */
function createPages({ ledger, workflow }: Memory) {
  const entries = new Map<string, LedgerEntry>()
  const keep: Leftover[] = []
  const drop: string[] = []
  const writer: Writer = {
    write: async (entry) => void entries.set(entry.document.id, entry),
    writeNow: (claims) => ledger.record(workflow, claims),
    keep: async (leftover) => void keep.push(leftover),
    drop: async (id) => void drop.push(id),
    flush: async () => {},
  }
  return { writer, written: () => ({ entries: [...entries.values()], keep, drop }) }
}
