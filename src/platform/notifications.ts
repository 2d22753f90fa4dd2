/**
 * Notifications: news of jobs, written down with the job itself, listed for people, and delivered to channels.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { OutflowError } from '../model/errors.ts'
import type { NotificationRow } from '../store/notifications.ts'
import type { Queue } from '../store/queue.ts'
import type { Records } from '../store/records.ts'
import { type ChannelOptions, createChannelCases, secretsOf } from './channels.ts'
import type { Job, Notification, NotificationEvent, Notifications } from './platform.ts'
import { post } from './webhooks.ts'

/** Milliseconds for which news is kept. */
const kept = 90 * 24 * 3600_000
const forgottenAtOnce = 10_000
const usualPage = 50

/** The job's status that goes with an event, in the words of the API. */
const statuses: Readonly<Record<NotificationEvent, string>> = {
  'job.scheduled': 'SCHEDULED',
  'job.in_progress': 'IN_PROGRESS',
  'job.progress': 'IN_PROGRESS',
  'job.completed': 'COMPLETED',
  'job.stopped': 'STOPPED',
  'job.failed': 'FAILED',
}

export interface NotificationOptions extends ChannelOptions {
  readonly queue: Pick<Queue, 'sendAll'>
}

/** What of a job is told. */
type JobOfNews = Pick<
  Job,
  'id' | 'workspace' | 'workflowId' | 'workflowName' | 'startedAt' | 'endedAt' | 'coverage' | 'summary'
>

/** For the engine, which knows when something has become of a job. */
export interface JobNews {
  /** Writes it down and puts it on its way to every channel that wants it, as part of the transaction of `records`. */
  jobNews(records: Records, job: JobOfNews, event: NotificationEvent): Promise<void>
}

export function createNotifications(options: NotificationOptions): Notifications & JobNews {
  const { store, queue, secrets, guard } = options

  async function jobNews(records: Records, job: JobOfNews, event: NotificationEvent): Promise<void> {
    const { workspace, workflowId: workflow } = job
    const channels = await records.channels.listeners(workspace, workflow, event)
    // Whoever reads the list later wants to know how a job ended, not how far it was meanwhile.
    if (event === 'job.progress' && channels.length === 0) return
    const [id, createdAt] = [randomUUID(), new Date()]
    const payload = {
      type: event,
      id,
      created_at: createdAt.toISOString(),
      ...contentOf(job, event, createdAt),
    }
    await records.notifications.add({ id, workspace, workflow, eventType: event, payload, createdAt })
    if (channels.length === 0) return
    const tasks = channels.map((channel) => ({ data: { channel, notification: id } }))
    await queue.sendAll('notify', tasks, { within: records })
  }

  async function deliver(
    news: { readonly channel: string; readonly notification: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { channels, notifications } = store.records
    const [channel, notification] = await Promise.all([
      channels.find(news.channel),
      notifications.find(news.notification),
    ])
    // Deleted or switched off since it was put on its way.
    if (!channel?.enabled || !notification) return
    await guard.check(channel.url)
    const delivery = {
      url: channel.url,
      secrets: secretsOf(secrets, channel),
      id: notification.id,
      body: JSON.stringify(notification.payload),
    }
    if ((await post(delivery, guard.lookup, signal)) === 'gone')
      await channels.disable(channel.id, channel.url)
  }

  async function list(
    workspace: string,
    {
      workflowId,
      events,
      since,
      unreadOnly,
      limit = usualPage,
      after,
    }: Parameters<Notifications['list']>[1] = {},
  ) {
    const { rows, next } = await store.records.notifications.list(
      workspace,
      {
        ...(workflowId !== undefined && { workflow: workflowId }),
        ...(events && { eventTypes: events }),
        ...(since && { since }),
        ...(unreadOnly !== undefined && { unreadOnly }),
      },
      { limit, ...(after !== undefined && { after: positionOf(after) }) },
    )
    const notifications = rows.map(notificationOf)
    return next === undefined ? { notifications } : { notifications, next: String(next) }
  }

  async function forgetOld(): Promise<number> {
    const before = new Date(Date.now() - kept)
    let all = 0
    for (;;) {
      const forgotten = await store.records.notifications.forget(before, forgottenAtOnce)
      all += forgotten
      if (forgotten < forgottenAtOnce) return all
    }
  }

  return {
    ...createChannelCases(options),
    jobNews,
    deliver,
    list,
    async get(workspace, id) {
      const row = await store.records.notifications.get(workspace, id)
      if (!row) throw notFound(id)
      return notificationOf(row)
    },
    unreadCount: (workspace, workflowId) => store.records.notifications.countUnread(workspace, workflowId),
    markRead: (workspace, { workflowId, ...which } = {}) =>
      store.records.notifications.markRead(workspace, {
        ...which,
        ...(workflowId !== undefined && { workflow: workflowId }),
      }),
    forgetOld,
  }
}

/** Events with which a job ends. */
const last: ReadonlySet<NotificationEvent> = new Set(['job.completed', 'job.stopped', 'job.failed'])

/** What the payload says of the job. The transaction that ends it tells of it, so its end may not be in what was read before. */
function contentOf(job: JobOfNews, event: NotificationEvent, now: Date): Readonly<Record<string, unknown>> {
  const { startedAt, endedAt = now } = job
  const coverage = job.summary?.coverage ?? job.coverage
  return {
    job: {
      job_id: job.id,
      workflow_id: job.workflowId,
      workflow_name: job.workflowName,
      status: statuses[event],
    },
    ...(startedAt && last.has(event) && { processing_time_ms: endedAt.getTime() - startedAt.getTime() }),
    ...(coverage && { coverage }),
  }
}

function notificationOf(row: NotificationRow): Notification {
  return {
    id: row.id,
    workflowId: row.workflow,
    event: row.eventType as NotificationEvent,
    payload: row.payload,
    isRead: row.isRead,
    createdAt: row.createdAt,
  }
}

/** @throws {OutflowError} code `notification.cursor_unknown` */
function positionOf(cursor: string): bigint {
  if (/^\d{1,18}$/.test(cursor)) return BigInt(cursor)
  throw new OutflowError({
    kind: 'config',
    code: 'notification.cursor_unknown',
    message: 'This cursor is not one that a page of notifications ended with.',
    fix: 'Leave it out to begin with the latest, then use each answer’s next_cursor.',
    fields: [{ field: 'query.cursor', message: 'is not a next_cursor' }],
  })
}

const notFound = (id: string) =>
  new OutflowError({
    kind: 'missing',
    code: 'notification.not_found',
    message: `There is no notification ${id}.`,
    fix: 'List the notifications of the workspace. They are kept for 90 days.',
  })
