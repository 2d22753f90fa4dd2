/**
 * The hands of a job: assignments travel as parcels, through the database, to whichever worker has room; outcomes come back the same way.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { type DocumentRef, documentRef } from '../../model/document.ts'
import { asOutflowError, type OutflowError } from '../../model/errors.ts'
import type { RunEvent } from '../../model/events.ts'
import type { Assignment, Hands, OpenHands } from '../../pipeline/hands.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Queue } from '../../store/queue.ts'
import { claimLost, hold, TakenOver } from './claim.ts'
import type { Heard } from './heard.ts'
import { notDone, type ParcelContent, type ParcelOutcome, sizeOf } from './parcel.ts'
import { sendParcels } from './send-parcels.ts'
import { givenUp, mostDeaths } from './suspects.ts'
import { resendParcels, withdrawParcels } from './taken-back.ts'

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

/** Before each document that several workers died with, in milliseconds. */
const mostPause = 2000

/** How often outcomes are looked for, in milliseconds. */
const interval = 100

/** How often it is looked for parcels whose task is lost, and, once the job is to stop, for those that are to be taken back; in milliseconds. */
const lookInterval = 30_000
const stopInterval = 500

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
  readonly heard: Heard
  /** How often a worker died that had a document in hand. */
  readonly deaths: ReadonlyMap<string, number>
  /** Told when a worker has heard before us that the job is to stop. */
  readonly onTakenBack: () => void
  /** Aborted when another worker has the job, or is to have it: then its parcels are none of ours any more. */
  readonly leaving: AbortSignal
}

export function openParcelHands(options: HandsOptions): OpenHands {
  const { store, queue, job, route, reprocessAll, weight, heard, deaths, onTakenBack, leaving } = options
  return (hear, { signal }): Hands => {
    const { parcels } = store.records
    const outstanding = new Map<number, Sent>()
    let onTheirWay = 0
    let box: Assignment[] = []
    let boxed = 0
    /** Each is sent when everything else has come back. */
    let suspects: Assignment[] = []
    let timer: NodeJS.Timeout | undefined
    let sending: Promise<void> = Promise.resolve()
    let hearing: Promise<void> | undefined
    let trouble: OutflowError | undefined
    let lastLook = performance.now()
    let lastTag = 0
    let room = Promise.withResolvers<void>()
    const troubled = Promise.withResolvers<void>()

    function fail(thrown: unknown): void {
      trouble ??= asOutflowError(thrown)
      room.resolve()
      troubled.resolve()
    }

    if (leaving.aborted) fail(claimLost())
    else leaving.addEventListener('abort', () => fail(claimLost()), { once: true })

    function send(): Promise<void> {
      clearTimeout(timer)
      timer = undefined
      if (box.length === 0) return sending
      const assignments = box
      box = []
      boxed = 0
      return sendNext(assignments)
    }

    /** One after the other, so that tags go up. */
    function sendNext(assignments: readonly Assignment[]): Promise<void> {
      sending = sending.then(() => sendOrTell(assignments))
      return sending
    }

    async function sendOrTell(assignments: readonly Assignment[]): Promise<void> {
      try {
        if (!trouble && !signal.aborted) return await sendOne(assignments)
      } catch (thrown) {
        fail(thrown)
      }
      tellNotDone(assignments.map(({ document }) => documentRef(document)))
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
      const content: ParcelContent = { route, reprocessAll, assignments }
      const { number, size } = await store.transaction(async (records) => {
        await hold(records, job)
        lastTag = Math.max(lastTag, await records.parcels.front()) + step(weight())
        const place = { job: job.id, attempt: job.attempt, tag: lastTag }
        const [sent] = await sendParcels([content], place, queue, records)
        return sent!
      })
      const documents = assignments.map(({ document }) => documentRef(document))
      outstanding.set(number, { size, documents })
      onTheirWay += size
      hearing ??= listen().catch(fail)
    }

    async function listen(): Promise<void> {
      let tries = 0
      while (outstanding.size > 0 && !trouble) {
        try {
          await hearOnce()
          tries = 0
        } catch (thrown) {
          if (thrown instanceof TakenOver || ++tries > patienceWithDatabase) throw thrown
          await pause(1000)
        }
        await pause(interval)
      }
      hearing = undefined
    }

    async function hearOnce(): Promise<void> {
      await look()
      const which = { attempt: job.attempt, except: heard.unsettled(), limit: 200 }
      const silent: number[] = []
      for (const { number, outcome } of await parcels.unheard<ParcelOutcome>(job.id, which)) {
        const last = hearOf(number, outcome)
        if (last) heard.add(last, number)
        else silent.push(number)
      }
      await parcels.markHeard(silent)
      if (onTheirWay < mostOnTheirWay) {
        room.resolve()
        room = Promise.withResolvers<void>()
      }
    }

    async function look(): Promise<void> {
      if (performance.now() - lastLook < (signal.aborted ? stopInterval : lookInterval)) return
      await (signal.aborted ? withdrawParcels : resendParcels)(job, { store, queue })
      lastLook = performance.now()
    }

    /** @returns the last event that is told of it */
    function hearOf(number: number, outcome: ParcelOutcome | null): RunEvent | undefined {
      const sent = outstanding.get(number)
      if (!sent) return undefined
      outstanding.delete(number)
      onTheirWay -= sent.size
      const { documents } = sent
      if (outcome === null) hearTakenBack(documents)
      else if ('dividedInto' in outcome)
        for (const [place, part] of outcome.dividedInto.entries())
          outstanding.set(part, { size: 0, documents: documents.slice(place, place + 1) })
      else return hearOutcome(outcome, documents)
      return undefined
    }

    function hearOutcome(
      { rest, ...outcome }: Exclude<ParcelOutcome, { readonly dividedInto: unknown }>,
      documents: readonly DocumentRef[],
    ): RunEvent | undefined {
      const told = new Set(outcome.events.map((event) => 'document' in event && event.document.id))
      const others = documents.filter(({ id }) => !told.has(id))
      if (rest !== undefined) outstanding.set(rest, { size: 0, documents: others })
      hear(outcome)
      if (outcome.fatal) tellNotDone(others)
      else if (rest === undefined && others.length > 0) hearTakenBack(others)
      return outcome.events.at(-1)
    }

    function hearTakenBack(documents: readonly DocumentRef[]): void {
      onTakenBack()
      tellNotDone(documents)
    }

    function tellNotDone(documents: readonly DocumentRef[]): void {
      // Whoever has the job next tells what comes of them.
      if (leaving.aborted) return
      if (documents.length > 0) hear({ events: documents.map(notDone), entries: [] })
    }

    /** @throws what keeps it from coming back */
    async function comeBack(): Promise<void> {
      while (outstanding.size > 0 && !trouble) await Promise.race([hearing, troubled.promise])
      if (!trouble) return
      giveUp()
      throw trouble
    }

    /** So that everything that was found is accounted for, whatever ends the run. */
    function giveUp(): void {
      for (const { documents } of outstanding.values()) tellNotDone(documents)
      tellNotDone(suspects.map(({ document }) => documentRef(document)))
      outstanding.clear()
      suspects = []
    }

    return {
      async give(assignment) {
        while (onTheirWay >= mostOnTheirWay && !trouble && !signal.aborted) await room.promise
        if (leaving.aborted) throw claimLost()
        if (signal.aborted || trouble) return tellNotDone([documentRef(assignment.document)])
        const died = deaths.get(assignment.document.id) ?? 0
        if (died >= mostDeaths) return hear(givenUp(assignment))
        if (died === 1) return sendNext([assignment])
        if (died > 1) return void suspects.push(assignment)
        box.push(assignment)
        boxed += sizeOf(assignment)
        if (box.length >= mostDocuments || boxed >= mostCharacters) await send()
        else timer ??= setTimeout(() => void send(), patience)
      },
      async drain() {
        await send()
        await comeBack()
        for (let next = suspects.shift(); next; next = suspects.shift()) {
          // Other jobs may have suspects, too; they are not to be in hand together at each death.
          if (!signal.aborted) await pause(Math.random() * mostPause, undefined, { signal }).catch(() => {})
          await sendNext([next])
          await comeBack()
        }
      },
    }
  }
}
