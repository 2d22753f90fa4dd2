/**
 * For whom something is done: whatever happens within `during`, however deep, can be told apart by job, workflow and source in metrics,
 * traces and logs, without being handed through every call.
 *
 * @module
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'

export interface Activity {
  /** Id of the job. */
  readonly job?: string
  /** Id of the workflow. */
  readonly workflow?: string
  /** Id of the source connector whose requests these are. */
  readonly source?: string
}

/** A task of a worker, as it begins, ends, and fails. */
export interface TaskMessage {
  /** The queue that it came from. */
  readonly task: string
  readonly activity: Activity
  readonly error?: unknown
}

export const taskChannel = tracingChannel<unknown, TaskMessage>('outflow:task')

const activities = new AsyncLocalStorage<Activity>()

/** Does something on behalf of an activity. What is not named stays as it is around it. */
export function during<Result>(activity: Activity, work: () => Promise<Result>): Promise<Result> {
  return activities.run({ ...activities.getStore(), ...activity }, work)
}

/** Does a worker's task on behalf of an activity: in a trace, a span of its own. */
export function duringTask<Result>(
  task: string,
  activity: Activity,
  work: () => Promise<Result>,
): Promise<Result> {
  return during(activity, () =>
    taskChannel.tracePromise(async () => work(), { task, activity: currentActivity() }),
  )
}

/** For whom this is being done; empty outside of any. */
export const currentActivity = (): Activity => activities.getStore() ?? {}
