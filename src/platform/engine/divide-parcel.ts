/**
 * Parcels whose tries are used up. One of its documents may be what kills whoever touches it: each gets a parcel of its own, so that this one
 * fails alone.
 *
 * @module
 */

import { documentRef } from '../../model/document.ts'
import type { ErrorReport } from '../../model/errors.ts'
import type { Assignment, Outcome } from '../../pipeline/hands.ts'
import type { Task } from '../../store/queue.ts'
import { claimLost } from './claim.ts'
import { contentOf, type ParcelOptions, sendParts } from './fulfil-parcel.ts'
import type { ParcelOutcome } from './parcel.ts'

/** @throws when it has to be tried again */
export async function divideParcel(
  task: Task<'parcel-dead'>,
  { store, queue }: Pick<ParcelOptions, 'store' | 'queue'>,
): Promise<void> {
  const { job, number } = task.data
  await store.transaction(async (records) => {
    const taken = await records.parcels.take(number)
    if (!taken) await records.parcels.finish(number, null)
    else {
      const { assignments, ...rest } = contentOf(taken)
      const [only, second] = assignments
      const parts = assignments.map((assignment) => ({ ...rest, assignments: [assignment] }))
      const outcome: ParcelOutcome = second
        ? { dividedInto: await sendParts(parts, { ...taken, job }, queue, records) }
        : givenUp(only!)
      await records.parcels.finish(number, outcome)
    }
    if (!(await task.complete(records))) throw claimLost()
  })
}

/** Its claim stays in the ledger, so that the next run comes back to it. */
function givenUp({ document }: Assignment): Outcome {
  const error: ErrorReport = {
    kind: 'bug',
    code: 'document.given_up',
    message: 'Every worker that had this document died, or failed in a way that nobody foresaw.',
    fix: 'See the logs and the memory of the workers. The next run tries it again.',
  }
  return {
    events: [{ type: 'document.failed', document: documentRef(document), stage: 'index', error }],
    entries: [],
  }
}
