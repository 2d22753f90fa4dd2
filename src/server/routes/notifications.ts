/**
 * Notifications of a workspace, read and marked as read.
 *
 * @module
 */

import { z } from 'zod'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import { responses } from '../wire/errors.ts'
import { given } from '../wire/lenient.ts'
import {
  MarkRead,
  NotificationFilter,
  NotificationInformation,
  NotificationList,
  notificationToWire,
} from '../wire/notifications.ts'

const tags = ['notifications']

const filterFromWire = (query: z.output<typeof NotificationFilter>) =>
  given({
    workflowId: query.workflow_id,
    events: query.event_types,
    since: query.since,
    limit: query.limit,
    after: query.cursor,
    unreadOnly: query.unread_only,
  })

export const notificationRoutes: Routes = (server, { platform: { notifications } }) => {
  server.get('/notifications', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_notifications',
      summary: 'A page of notifications, the latest first',
      querystring: NotificationFilter,
      response: responses({ 200: NotificationList }),
    },
    handler: async (request) => {
      const page = await notifications.list(workspaceOf(request), filterFromWire(request.query))
      return { events: page.notifications.map(notificationToWire), next_cursor: page.next ?? null }
    },
  })

  server.get('/notifications/unread-count', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_unread_count',
      summary: 'How many are unread',
      querystring: z.object({ workflow_id: z.string().optional() }),
      response: responses({ 200: z.object({ unread_count: z.int() }) }),
    },
    handler: async (request) => ({
      unread_count: await notifications.unreadCount(workspaceOf(request), request.query.workflow_id),
    }),
  })

  server.post('/notifications/mark-read', {
    config: { scope: 'run' },
    schema: {
      tags,
      operationId: 'mark_read',
      summary: 'Mark some as read, or all; for everybody in the workspace',
      body: MarkRead,
      response: responses({ 200: z.object({ marked_count: z.int() }) }, 413),
    },
    handler: async (request) => {
      const { notification_ids: ids, before, workflow_id: workflowId } = request.body
      const which = given({ ids, before, workflowId })
      return { marked_count: await notifications.markRead(workspaceOf(request), which) }
    },
  })

  server.get('/notifications/:notification_id', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_notification',
      summary: 'One notification',
      params: z.object({ notification_id: z.string() }),
      response: responses({ 200: NotificationInformation }, 404),
    },
    handler: async (request) =>
      notificationToWire(await notifications.get(workspaceOf(request), request.params.notification_id)),
  })
}
