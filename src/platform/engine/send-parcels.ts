/**
 * Puts parcels on their way: their rows and their tasks come to be together.
 *
 * @module
 */

import type { TakenParcel } from '../../store/parcels.ts'
import type { Queue } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import type { ParcelContent } from './parcel.ts'

/** Whose they are, and where in the queue they stand. */
type Place = Pick<TakenParcel, 'attempt' | 'tag'> & { readonly job: string }

interface SentParcel {
  readonly number: number
  /** In characters. */
  readonly size: number
}

/** All at one place, as part of the transaction of `records`. @returns them in the order in which they were given */
export async function sendParcels(
  contents: readonly ParcelContent[],
  { job, attempt, tag }: Place,
  queue: Queue,
  records: Records,
): Promise<readonly SentParcel[]> {
  const texts = contents.map((content) => JSON.stringify(content))
  const numbers = await records.parcels.insert(
    contents.map(({ assignments }, place) => ({
      ...{ job, attempt, tag, documents: assignments.length },
      content: new TextEncoder().encode(texts[place]),
    })),
  )
  await sendTasks(
    job,
    numbers.map((number) => ({ number, tag })),
    queue,
    records,
  )
  return numbers.map((number, place) => ({ number, size: texts[place]!.length }))
}

/** The tasks alone, of parcels that are there. The lower the tag, the sooner. */
export async function sendTasks(
  job: string,
  parcels: readonly { readonly number: number; readonly tag: number }[],
  queue: Queue,
  records: Records,
): Promise<void> {
  const tasks = parcels.map(({ number, tag }) => ({ data: { job, number }, priority: -Math.round(tag) }))
  if (tasks.length > 0) await queue.sendAll('parcel', tasks, { within: records })
}
