/**
 * The worker's door: tasks come from the queues, and the platform does them.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import { duringTask } from '../platform/activity.ts'
import type { Service } from '../platform/service.ts'
import type { Task } from '../store/queue.ts'

/** How much one worker does at a time. */
export interface Capacity {
  /** Jobs that it conducts; they mostly wait. Default 16. */
  readonly jobs?: number
  /** Parcels in hand; each has some documents under way at a time. Default 2. */
  readonly parcels?: number
}

/** Begins to take tasks; ends when the service is closed. */
export async function startWorker(
  service: Service,
  { jobs = 16, parcels = 2 }: Capacity = {},
): Promise<void> {
  const { queue, engine, platform, deliver, draining } = service
  await queue.work('run', jobs, (task: Task<'run'>) =>
    duringTask('run', { job: task.data.job }, () => engine.conduct(task)),
  )
  await queue.work('parcel', parcels, (task: Task<'parcel'>) =>
    duringTask('parcel', { job: task.data.job }, () => engine.fulfil(task)),
  )
  await queue.work('run-dead', 1, (task: Task<'run-dead'>) => engine.giveUp(task))
  await queue.work('parcel-dead', 1, (task: Task<'parcel-dead'>) => engine.divide(task))
  await queue.work('check', 4, (task: Task<'check'>) =>
    duringTask('check', {}, () =>
      platform.connectors.performCheck(task.data.check, AbortSignal.any([task.signal, draining])),
    ),
  )
  await queue.work('check-dead', 1, (task: Task<'check-dead'>) =>
    platform.connectors.giveUpCheck(task.data.check),
  )
  await queue.work('schedule', 4, (task: Task<'schedule'>) => runScheduled(service, task.data.workflow))
  await queue.work('notify', 8, (task: Task<'notify'>) =>
    duringTask('notify', {}, () => deliver(task.data, AbortSignal.any([task.signal, draining]))),
  )
}

/** A workflow that was deleted or switched off meanwhile is none of ours any more. */
async function runScheduled({ store, platform }: Service, id: string): Promise<void> {
  const workflow = await store.records.workflows.byId(id)
  if (!workflow || workflow.deletedAt || workflow.state !== 'active') return
  try {
    await platform.jobs.run(workflow.workspace, id, { jobType: 'scheduled' })
  } catch (thrown) {
    if (!(thrown instanceof OutflowError) || thrown.kind !== 'missing') throw thrown
  }
}
