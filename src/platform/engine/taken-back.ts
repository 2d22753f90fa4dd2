/**
 * Parcels that nobody is going to do: their job is to stop, or begins anew, or their task is lost.
 *
 * @module
 */

import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { OpenParcel } from '../../store/parcels.ts'
import type { Queue } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import { hold } from './claim.ts'
import { sendTasks } from './send-parcels.ts'

interface Places {
  readonly store: Store
  readonly queue: Queue
}

/** Takes back what nobody has in hand. What somebody has is done, or comes back by itself. @throws {TakenOver} */
export function withdrawParcels(job: JobRow, { store, queue }: Places): Promise<void> {
  return store.transaction(async (records) => {
    await hold(records, job)
    const orphans = await queue.orphaned('parcel', { job: job.id }, { within: records })
    await queue.cancel('parcel', { job: job.id }, { within: records })
    await records.parcels.lose(orphans.map(({ data: { number }, deaths }) => ({ number, deaths })))
    const lost = await withoutTask(job, queue, records)
    if (lost.length > 0)
      await records.parcels.withdraw(
        job.id,
        lost.map(({ number }) => number),
      )
  })
}

/** Puts those on their way again whose task is lost, whatever may have become of it. @throws {TakenOver} */
export function resendParcels(job: JobRow, { store, queue }: Places): Promise<void> {
  return store.transaction(async (records) => {
    await hold(records, job)
    const lost = await withoutTask(job, queue, records)
    await sendTasks(job.id, lost, queue, records)
  })
}

/** Parcels first: of one that is made or done in between, the task is there, or not needed. */
async function withoutTask({ id }: JobRow, queue: Queue, records: Records): Promise<readonly OpenParcel[]> {
  const open = await records.parcels.open(id)
  const pending = await queue.pending('parcel', { job: id }, { within: records })
  const numbers = new Set(pending.map(({ number }) => number))
  return open.filter(({ number }) => !numbers.has(number))
}
