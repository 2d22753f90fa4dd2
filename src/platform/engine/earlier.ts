/**
 * What earlier tries of a job have told: it stays told, and counts, until this try comes by the same documents.
 *
 * @module
 */

import type { Coverage, JobFinished, RunEvent } from '../../model/events.ts'
import { createTally, type Tally } from '../../pipeline/tally.ts'
import type { Store } from '../../store/index.ts'
import type { DocumentEvent } from '../../store/job-story.ts'
import type { JobRow } from '../../store/jobs.ts'
import { routesOf } from './routes.ts'

export interface Earlier {
  /** What was done, by document: where nothing is left to be done, the run tells the very same event again. */
  readonly done: ReadonlyMap<string, RunEvent>
  /** This try comes by a document. */
  see(id: string): void
  /** What this try has counted, and those that it has not come by. */
  coverage(counted: Coverage): Coverage
  /** Those that it has not come by. */
  unseen(): Tally
}

/** What has been counted, over all tries. */
export type Counted = Pick<JobFinished, 'coverage' | 'permissions' | 'truncated' | 'removed' | 'held'>

/** What this try has counted, and what earlier ones have of documents that it has not come by. */
export function countedBy(tally: Tally, earlier: Earlier): Counted {
  const unseen = earlier.unseen()
  const [now, then] = [tally.removals(), unseen.removals()]
  const [seen, other] = [tally.permissions(), unseen.permissions()]
  return {
    coverage: earlier.coverage(tally.coverage()),
    permissions: {
      complete: seen.complete + other.complete,
      partial: seen.partial + other.partial,
      unknown: seen.unknown + other.unknown,
    },
    truncated: tally.truncated(),
    removed: now.removed + then.removed,
    held: now.held + then.held,
  }
}

/** Read at once. */
const pageSize = 2000

/**
 * By all ways through a workflow but a single one, a document comes by several times, and the last word is about one of them: then nothing of
 * it counts, and this try counts for itself.
 */
export async function earlierOf(job: JobRow, { records }: Pick<Store, 'records'>): Promise<Earlier> {
  const events: DocumentEvent[] = []
  if (job.attempt > 1 && routesOf(job).length === 1)
    for (let after: string | undefined; ; after = events.at(-1)!.document.id) {
      const next = { limit: pageSize, ...(after !== undefined && { after }) }
      const page = await records.story.documents(job.id, next)
      for (const { event } of page) events.push(event)
      if (page.length < pageSize) break
    }
  return createEarlier(events)
}

function createEarlier(events: readonly DocumentEvent[]): Earlier {
  const unseen = new Map(events.map((event) => [event.document.id, event]))
  const isDone = ({ type }: RunEvent) => type === 'document.done' || type === 'document.access_changed'
  const counts: Record<string, number> = {}
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1
  return {
    done: new Map(events.filter(isDone).map((event) => [event.document.id, event])),
    see(id) {
      const event = unseen.get(id)
      if (!event) return
      unseen.delete(id)
      counts[event.type]! -= 1
    },
    coverage(counted) {
      const { found, ...states } = counted
      const more = Object.keys(states).map((state) => [state, counts[`document.${state}`] ?? 0] as const)
      const sums = more.map(([state, count]) => [state, states[state as keyof typeof states] + count])
      const all = found + more.reduce((sum, [, count]) => sum + count, 0)
      return { ...counted, ...Object.fromEntries(sums), found: all }
    },
    unseen() {
      const tally = createTally()
      for (const event of unseen.values()) tally.count(event)
      return tally
    },
  }
}
