/**
 * Documents that were in hand when a worker died. It may have died of one of them: of a size that no memory holds, of something in it that
 * ends the process. Where the conductor of the job dies with it, each time, nobody else would ever find out.
 *
 * So they travel alone from then on; who was in hand at another death, one after the other, behind everything else; and in the end not at all.
 *
 * @module
 */

import { documentRef } from '../../model/document.ts'
import type { ErrorReport } from '../../model/errors.ts'
import type { Assignment, Outcome } from '../../pipeline/hands.ts'
import type { Records } from '../../store/records.ts'
import { contentOf } from './parcel.ts'

/** Deaths after which a document is given up: as many as tries of a parcel whose conductor lives. */
export const mostDeaths = 5

/** How often a worker died that had a document in hand. */
export async function deathsOf(job: string, { parcels }: Records): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>()
  for (const lost of await parcels.lost(job)) {
    const { assignments } = contentOf(lost)
    // Of several, most are there by chance.
    const deaths = assignments.length === 1 ? lost.deaths : 1
    for (const { document } of assignments) sums.set(document.id, (sums.get(document.id) ?? 0) + deaths)
  }
  return sums
}

/** Its claim stays in the ledger, so that the next run comes back to it. */
export function givenUp({ document }: Pick<Assignment, 'document'>): Outcome {
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
