/**
 * Notifications on the wire.
 *
 * @module
 */

import { z } from 'zod'
import { type Notification, type NotificationEvent, notificationEvents } from '../../platform/platform.ts'
import { flag, time } from './lenient.ts'

export const NotificationInformation = z
  .object({
    id: z.string(),
    event_type: z.enum(notificationEvents),
    workflow_id: z.string(),
    payload: z.record(z.string(), z.unknown()).meta({ description: 'As webhooks get it.' }),
    created_at: z.iso.datetime(),
    is_read: z.boolean(),
  })
  .meta({ id: 'NotificationResponse' })

export const NotificationList = z
  .object({ events: z.array(NotificationInformation), next_cursor: z.string().nullable() })
  .meta({ id: 'NotificationListResponse' })

const known = new Set<string>(notificationEvents)
const areEvents = (names: readonly string[]): names is NotificationEvent[] =>
  names.every((name) => known.has(name))

/** `job.completed,job.failed` */
const EventNames = z
  .string()
  .transform((text, { issues }) => {
    const names = text.split(',').map((name) => name.trim())
    if (areEvents(names)) return names
    issues.push({ code: 'custom', input: text, message: `Input should be some of ${[...known].join(', ')}` })
    return z.NEVER
  })
  .meta({ description: 'Several with commas between.' })

export const NotificationFilter = z.object({
  workflow_id: z.string().optional(),
  event_types: EventNames.optional(),
  since: time.optional().meta({ description: 'Made after.' }),
  limit: z
    .union([z.int().min(1).max(100), z.string().regex(/^(?:[1-9][0-9]?|100)$/)], {
      error: 'Input should be a whole number from 1 to 100',
    })
    .transform(Number)
    .optional()
    .meta({ description: 'Default 50.' }),
  cursor: z.string().optional().meta({ description: 'The `next_cursor` of the page before.' }),
  unread_only: flag.optional(),
})

export const MarkRead = z
  .object({
    notification_ids: z.array(z.string()).max(100).nullish(),
    before: time.nullish().meta({ description: 'All that were made before.' }),
    mark_all: flag.nullish(),
    workflow_id: z.string().nullish().meta({ description: 'Narrows `before` and `mark_all`.' }),
  })
  .refine(
    ({ notification_ids, before, mark_all }) =>
      [notification_ids, before, mark_all].filter(Boolean).length === 1,
    {
      error: 'exactly one of notification_ids, before and mark_all is needed',
    },
  )
  .refine(({ notification_ids, workflow_id }) => !(notification_ids && workflow_id), {
    error: 'goes with before or mark_all only',
    path: ['workflow_id'],
  })
  .meta({ id: 'MarkReadRequest' })

export const notificationToWire = (notification: Notification): z.output<typeof NotificationInformation> => ({
  id: notification.id,
  event_type: notification.event,
  workflow_id: notification.workflowId,
  payload: { ...notification.payload },
  created_at: notification.createdAt.toISOString(),
  is_read: notification.isRead,
})
