/**
 * Writes the story of a running job down while it is told: its events, the last word on each document, and how far it is. On the way it learns
 * whether somebody wants the job stopped, and whether it still is this worker's.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Coverage, RunEvent } from '../../model/events.ts'
import { createTally } from '../../pipeline/tally.ts'
import type { Store } from '../../store/index.ts'
import type { DocumentEvent } from '../../store/job-story.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Records } from '../../store/records.ts'
import { TakenOver } from './claim.ts'
import { type Counted, countedBy, type Earlier } from './earlier.ts'
import type { TellNews } from './end-job.ts'
import type { Heard } from './heard.ts'

/** How often it is written down, in milliseconds. */
const interval = 250
/** Events that are kept at most before they are written down. */
const mostEvents = 1000

export interface Teller {
  counted(): Counted
  /** Resolves when there is room for more. @returns whether it is news, and was not told by an earlier try */
  tell(event: RunEvent): Promise<boolean>
  /** Writes down what is left, as part of the transaction that ends the job. */
  last(records: Records, events: readonly RunEvent[]): Promise<void>
  /** No more is written from here on. */
  close(): Promise<void>
}

interface TellerOptions {
  readonly store: Store
  readonly news: TellNews
  /** Seconds between two pieces of news on how far it is. */
  readonly progressEvery: number
  readonly job: JobRow
  /** What was told of a document in an earlier try is counted, and not told twice. */
  readonly earlier: Earlier
  readonly heard: Heard
  readonly onCancel: () => void
  /** Another worker has it, or the database cannot be reached: nothing more may be done. */
  readonly onLost: (thrown: unknown) => void
}

export function createTeller(options: TellerOptions): Teller {
  const { store, job, earlier, heard, onCancel, onLost } = options
  const tally = createTally()
  const progressNews = createProgressNews(options)
  let waiting: RunEvent[] = []
  let parcels: number[] = []
  let writing: Promise<void> = Promise.resolve()
  const closing = new AbortController()
  const ticking = tick()

  async function tick(): Promise<void> {
    while (!closing.signal.aborted) {
      await pause(interval, undefined, { signal: closing.signal }).catch(() => {})
      if (!closing.signal.aborted) await flush()
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(async () => {
      const [events, numbers] = [waiting, parcels]
      waiting = []
      parcels = []
      try {
        await store.transaction(async (records) => {
          await write(records, events, numbers)
          await progressNews(records, earlier.coverage(tally.coverage()))
        })
        heard.settle(numbers)
      } catch (thrown) {
        onLost(thrown)
      }
    })
    return writing
  }

  async function write(
    records: Records,
    events: readonly RunEvent[],
    numbers: readonly number[],
  ): Promise<void> {
    const { id, attempt } = job
    const coverage = earlier.coverage(tally.coverage())
    const row = await records.jobs.advance(id, attempt, { coverage, events: events.length })
    if (!row) throw new TakenOver(job)
    await records.story.append(id, row.lastEvent, events)
    await records.story.note(id, events.filter(isLastWord))
    await records.parcels.markHeard(numbers)
    if (row.cancelRequested) onCancel()
  }

  return {
    counted: () => countedBy(tally, earlier),
    async tell(event) {
      tally.count(event)
      if ('document' in event) earlier.see(event.document.id)
      const parcel = heard.endingWith(event)
      if (parcel !== undefined) parcels.push(parcel)
      if (isToldAlready(event, earlier)) return false
      if (!isWorthTelling(event)) return true
      waiting.push(event)
      if (waiting.length >= mostEvents) await flush()
      return true
    },
    async last(records, events) {
      await write(records, [...waiting, ...events], parcels)
    },
    async close() {
      closing.abort()
      await ticking
      await writing
    },
  }
}

/** News of a job for those who listen: now and then, and only where something has come of it since. */
function createProgressNews({ job, news, progressEvery }: TellerOptions) {
  let due = performance.now() + progressEvery * 1000
  let told: string | undefined
  return async (records: Records, coverage: Coverage) => {
    const now = JSON.stringify(coverage)
    if (performance.now() < due || now === told) return
    due = performance.now() + progressEvery * 1000
    told = now
    await news(records, { ...job, coverage }, 'job.progress')
  }
}

/** Counted, not told one by one: of 100,000 documents that stayed as they were, there is nothing to tell. */
const isWorthTelling = ({ type }: RunEvent) => type !== 'document.found' && type !== 'document.unchanged'

function isLastWord(event: RunEvent): event is DocumentEvent {
  return 'document' in event && isWorthTelling(event)
}

/** The very event that was read back from the story. */
function isToldAlready(event: RunEvent, { done }: Earlier): boolean {
  return 'document' in event && done.get(event.document.id) === event
}
