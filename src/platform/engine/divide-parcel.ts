/**
 * Parcels whose tries are used up. One of its documents may be what kills whoever touches it: each gets a parcel of its own, so that this one
 * fails alone.
 *
 * @module
 */

import type { Task } from '../../store/queue.ts'
import { claimLost } from './claim.ts'
import type { ParcelOptions } from './fulfil-parcel.ts'
import { contentOf, type ParcelOutcome } from './parcel.ts'
import { sendParcels } from './send-parcels.ts'
import { givenUp, mostDeaths } from './suspects.ts'

/** @throws when it has to be tried again */
export async function divideParcel(
  task: Task<'parcel-dead'>,
  { store, queue }: Pick<ParcelOptions, 'store' | 'queue'>,
): Promise<void> {
  const { job, number } = task.data
  await store.transaction(async (records) => {
    const taken = await records.parcels.take(number)
    if (!taken) await records.parcels.lose([{ number, deaths: mostDeaths }])
    else {
      const { assignments, ...rest } = contentOf(taken)
      const [only, second] = assignments
      const parts = assignments.map((assignment) => ({ ...rest, assignments: [assignment] }))
      const divided = second ? await sendParcels(parts, { ...taken, job }, queue, records) : []
      const outcome: ParcelOutcome = second
        ? { dividedInto: divided.map((part) => part.number) }
        : givenUp(only!)
      await records.parcels.finish(number, outcome)
    }
    if (!(await task.complete(records))) throw claimLost()
  })
}
