/**
 * Whose a job is: of whoever began it last. A worker that stood still for a while goes on afterwards, and does not know that another one has
 * its job: whatever it writes on behalf of the job has to look first, in the same transaction.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import type { Ledger } from '../../model/ledger.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Records } from '../../store/records.ts'

export type JobClaim = Pick<JobRow, 'id' | 'attempt'>

/** The job is another worker's now, or has ended. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver'
  constructor({ id }: Pick<JobRow, 'id'>) {
    super(`Job ${id} is another worker's now, or has ended.`)
  }
}

/** Until the end of the transaction nobody takes it over. @throws {TakenOver} */
export async function hold(records: Records, job: JobClaim): Promise<void> {
  if (!(await records.jobs.holds(job.id, job.attempt))) throw new TakenOver(job)
}

/** Entries in one transaction. */
const mostAtOnce = 500

/** What is written to the ledger counts only as long as `check` lets it pass. */
export function guardLedger(
  { ledger, transaction }: Store,
  check: (records: Records) => Promise<void>,
): Ledger {
  const write = (work: (ledger: Records['ledger']) => Promise<void>) =>
    transaction(async (records) => {
      await check(records)
      await work(records.ledger)
    })
  return {
    ...ledger,
    async record(workflow, entries) {
      for (let from = 0; from < entries.length; from += mostAtOnce)
        await write((inside) => inside.record(workflow, entries.slice(from, from + mostAtOnce)))
    },
    keep: (workflow, leftovers) => write((inside) => inside.keep(workflow, leftovers)),
    drop: (workflow, ids) => write((inside) => inside.drop(workflow, ids)),
    recordJob: (workflow, job) => write((inside) => inside.recordJob(workflow, job)),
  }
}

/** Seen in logs alone: what is thrown where a worker does not go on with what it has in hand. */
export const claimLost = () =>
  new OutflowError({
    kind: 'transient',
    code: 'job.claim_lost',
    message: 'Another worker has this now, or this one is to end.',
  })
