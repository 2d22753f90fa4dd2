/**
 * A job that was begun before is taken over: what its parcels have come to is told, and the others are taken back.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { HeardParcel } from '../../store/parcels.ts'
import type { Queue } from '../../store/queue.ts'
import { TakenOver } from './claim.ts'
import type { ParcelOutcome } from './parcel.ts'
import { withdrawParcels } from './taken-back.ts'

interface TakeOverOptions {
  readonly store: Store
  readonly queue: Queue
  readonly signal: AbortSignal
}

/** How often it is looked what has become of parcels that somebody has in hand, in milliseconds. */
const interval = 500
/** Told at once. */
const mostAtOnce = 200

/**
 * Resolves when nobody has any parcel of an earlier try in hand.
 *
 * @throws {TakenOver}; the signal's reason
 */
export async function takeOver(job: JobRow, { store, queue, signal }: TakeOverOptions): Promise<void> {
  if (job.attempt === 1) return
  const { parcels } = store.records
  for (;;) {
    await withdrawParcels(job, { store, queue })
    const { parcels: open } = await parcels.countOpen(job.id)
    const heard = await parcels.unheard<ParcelOutcome>(job.id, { limit: mostAtOnce })
    await tell(job, heard, store)
    if (heard.length > 0) continue
    if (open === 0) return
    await pause(interval, undefined, { signal })
  }
}

/** Also where there is nothing to tell: whose job it is, is found out. */
function tell(
  job: JobRow,
  heard: readonly HeardParcel<ParcelOutcome>[],
  { transaction }: Store,
): Promise<void> {
  const events = heard.flatMap(({ outcome }) => (outcome && 'events' in outcome ? outcome.events : []))
  return transaction(async (records) => {
    const row = await records.jobs.advance(job.id, job.attempt, { events: events.length })
    if (!row) throw new TakenOver(job)
    await records.story.append(job.id, row.lastEvent, events)
    await records.story.note(
      job.id,
      events.flatMap((event) => ('document' in event ? [event] : [])),
    )
    await records.parcels.markHeard(heard.map(({ number }) => number))
  })
}
