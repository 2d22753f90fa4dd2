/**
 * The hands of a job: assignments travel as parcels, through the database, to whichever worker has room; outcomes come back the same way.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { type DocumentRef, documentRef } from '../../model/document.ts'
import { asOutflowError, type ErrorReport, type OutflowError } from '../../model/errors.ts'
import type { Assignment, Hands, OpenHands, Outcome } from '../../pipeline/hands.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Queue } from '../../store/queue.ts'

/** What is in a parcel, as JSON. */
export interface ParcelContent {
  /** Which source and destination of the workflow; see `routes.ts`. */
  readonly route: number
  readonly reprocessAll: boolean
  readonly assignments: readonly Assignment[]
}

/** What came of it: an outcome, or parcels that it was divided into, one for each of its documents. */
export type ParcelOutcome = Outcome | { readonly dividedInto: readonly number[] }

/** A parcel that is not heard yet. */
interface Sent {
  readonly size: number
  readonly documents: readonly DocumentRef[]
}

/** A parcel is sent when it holds so many documents or characters, or when its first document has waited so long, in milliseconds. */
const mostDocuments = 25
const mostCharacters = 256_000
const patience = 100

/** Characters on their way, above which the run that lists documents waits. */
const mostOnTheirWay = 128_000_000

/** How often outcomes are looked for, in milliseconds. */
const interval = 100

/** Tries to reach the database, a second apart, before the job is given back for another worker to go on with. */
const patienceWithDatabase = 30

interface HandsOptions {
  readonly store: Store
  readonly queue: Queue
  readonly job: JobRow
  readonly route: number
  readonly reprocessAll: boolean
  /** How many jobs of the workspace share its turn. */
  readonly weight: () => number
}

export function openParcelHands({ store, queue, job, route, reprocessAll, weight }: HandsOptions): OpenHands {
  return (hear, { signal }): Hands => {
    const { parcels } = store.records
    const outstanding = new Map<number, Sent>()
    let onTheirWay = 0
    let box: Assignment[] = []
    let boxed = 0
    let timer: NodeJS.Timeout | undefined
    let sending: Promise<void> = Promise.resolve()
    let hearing: Promise<void> | undefined
    let trouble: OutflowError | undefined
    let lastTag = 0
    let room = Promise.withResolvers<void>()

    function fail(thrown: unknown): void {
      trouble ??= asOutflowError(thrown)
      room.resolve()
    }

    /** One after the other, so that tags go up. */
    function send(): Promise<void> {
      clearTimeout(timer)
      timer = undefined
      if (box.length === 0) return sending
      const assignments = box
      box = []
      boxed = 0
      sending = sending.then(() => sendOne(assignments)).catch(fail)
      return sending
    }

    /**
     * So many tags further on as jobs of the workspace share its turn, so that all of them together go on by one. They begin side by side, each
     * at a place of its own.
     */
    function step(jobs: number): number {
      if (lastTag > 0) return jobs
      return (job.number % jobs) + 0.5
    }

    async function sendOne(assignments: readonly Assignment[]): Promise<void> {
      const text = JSON.stringify({ route, reprocessAll, assignments } satisfies ParcelContent)
      const content = new TextEncoder().encode(text)
      const number = await store.transaction(async (records) => {
        lastTag = Math.max(lastTag, await records.parcels.front()) + step(weight())
        const { id, attempt } = job
        const [made] = await records.parcels.insert([
          { job: id, attempt, tag: lastTag, documents: assignments.length, content },
        ])
        const priority = -Math.round(lastTag)
        await queue.send('parcel', { job: id, number: made! }, { priority, within: records })
        return made!
      })
      const documents = assignments.map(({ document }) => documentRef(document))
      outstanding.set(number, { size: text.length, documents })
      onTheirWay += text.length
      hearing ??= listen().catch(fail)
    }

    async function listen(): Promise<void> {
      let tries = 0
      while (outstanding.size > 0 && !trouble) {
        try {
          await hearOnce()
          tries = 0
        } catch (thrown) {
          if (++tries > patienceWithDatabase) throw thrown
          await pause(1000)
        }
        await pause(interval)
      }
      hearing = undefined
    }

    async function hearOnce(): Promise<void> {
      if (signal.aborted) await takeBack()
      const heard = await parcels.unheard<ParcelOutcome>(job.id, 200)
      for (const { number, outcome } of heard) hearOf(number, outcome)
      await parcels.markHeard(heard.map(({ number }) => number))
      if (onTheirWay < mostOnTheirWay) {
        room.resolve()
        room = Promise.withResolvers<void>()
      }
    }

    function hearOf(number: number, outcome: ParcelOutcome | null): void {
      const sent = outstanding.get(number)
      if (!sent) return
      outstanding.delete(number)
      onTheirWay -= sent.size
      const { documents } = sent
      if (outcome === null) hear({ events: documents.map(notDone), entries: [] })
      else if ('dividedInto' in outcome)
        for (const [place, part] of outcome.dividedInto.entries())
          outstanding.set(part, { size: 0, documents: documents.slice(place, place + 1) })
      else hear(outcome)
    }

    async function takeBack(): Promise<void> {
      await queue.cancel('parcel', { job: job.id })
      await parcels.withdraw(job.id)
    }

    return {
      async give(assignment) {
        while (onTheirWay >= mostOnTheirWay && !trouble && !signal.aborted) await room.promise
        if (trouble) throw trouble
        if (signal.aborted) return hear({ events: [notDone(assignment.document)], entries: [] })
        box.push(assignment)
        boxed += sizeOf(assignment)
        if (box.length >= mostDocuments || boxed >= mostCharacters) await send()
        else timer ??= setTimeout(() => void send(), patience)
      },
      async drain() {
        await send()
        while (outstanding.size > 0 && !trouble) await hearing
        if (trouble) throw trouble
      },
    }
  }
}

/** The claim in the ledger says the same, and the next run comes back to it. */
const notDone = (document: DocumentRef) =>
  ({ type: 'document.failed', document: documentRef(document), stage: 'index', error: takenBack }) as const

const takenBack: ErrorReport = {
  kind: 'transient',
  code: 'run.interrupted',
  message: 'The job was stopped before this document was done.',
  fix: 'Run the workflow again: it is done then.',
}

/** Roughly; elements are what is large in one. */
function sizeOf({ packed, halfway }: Assignment): number {
  const texts = halfway?.elements.map(
    ({ text, metadata }) => text.length + (metadata.text_as_html?.length ?? 0),
  )
  return 2000 + (packed?.length ?? 0) + (texts ?? []).reduce((sum, length) => sum + length + 600, 0)
}
