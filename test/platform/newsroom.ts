/**
 * Notifications over a real store and queue, with a worker that delivers, for tests.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { createNotifications } from '../../src/platform/notifications.ts'
import type { Job, NotificationEvent, WorkflowRecord, Workflows } from '../../src/platform/platform.ts'
import { createSecretBox, newSecretKey } from '../../src/platform/secret-box.ts'
import { createUrlGuard, type UrlGuard } from '../../src/platform/url-guard.ts'
import { createWorkflows } from '../../src/platform/workflows.ts'
import type { Store } from '../../src/store/index.ts'

export interface Newsroom extends AsyncDisposable {
  readonly notifications: ReturnType<typeof createNotifications>
  /** The same, for a server on which nothing in private networks may be called. */
  readonly strict: ReturnType<typeof createNotifications>
  /** The same, where names lead elsewhere once they have been checked. */
  readonly rebound: ReturnType<typeof createNotifications>
  readonly workflows: Workflows
  newWorkflow(workspace: string): Promise<WorkflowRecord>
  /** As the engine does it: within a transaction. */
  tell(job: Job, event: NotificationEvent): Promise<void>
  /** What deliveries threw, in order. */
  readonly failures: readonly unknown[]
}

export async function openNewsroom(store: Store): Promise<Newsroom> {
  const queue = await store.openQueue()
  const workflows = createWorkflows({ store, queue })
  const parts = { store, queue, workflows, secrets: createSecretBox([newSecretKey()]) }
  const cases = (guard: Pick<UrlGuard, 'check' | 'lookup'>) => createNotifications({ ...parts, guard })
  const [open, strict] = [createUrlGuard({ allowPrivate: true }), createUrlGuard({ allowPrivate: false })]
  const notifications = cases(open)
  const failures: unknown[] = []
  await queue.work('notify', 2, async ({ data, signal }) => {
    try {
      await notifications.deliver(data, signal)
    } catch (thrown) {
      failures.push(thrown)
      throw thrown
    }
  })
  return {
    notifications,
    strict: cases(strict),
    rebound: cases({ check: open.check, lookup: strict.lookup }),
    workflows,
    failures,
    newWorkflow: (workspace) => workflows.create(workspace, { name: 'Wiki', workflowType: 'basic' }),
    tell: (job, event) => store.transaction((records) => notifications.jobNews(records, job, event)),
    [Symbol.asyncDispose]: () => queue.stop(5),
  }
}

const coverage = {
  found: 3,
  done: 2,
  access_changed: 0,
  unchanged: 1,
  skipped: 0,
  not_permitted: 0,
  unsupported: 0,
  failed: 0,
}

/** A job that took 1.5 s. */
export function jobOf(workspace: string, { id, name }: WorkflowRecord): Job {
  return {
    id: randomUUID(),
    workspace,
    workflowId: id,
    workflowName: name,
    jobType: 'persistent',
    state: 'finished',
    nodes: [],
    options: {},
    coverage,
    createdAt: new Date('2026-01-31T12:00:00Z'),
    startedAt: new Date('2026-01-31T12:00:01Z'),
    endedAt: new Date('2026-01-31T12:00:02.5Z'),
    inputFileIds: [],
  }
}
