/**
 * Documents: one by its id. Ids hold slashes; in a path they are written `%2F`.
 *
 * @module
 */

import { z } from 'zod'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import {
  DocumentHistory,
  DocumentInformation,
  documentToWire,
  Elements,
  historyToWire,
  Permissions,
  permissionsToWire,
} from '../wire/documents.ts'
import { responses } from '../wire/errors.ts'

const tags = ['documents']
const params = z.object({ document_id: z.string() })
const querystring = z.object({
  workflow_id: z.string().optional().meta({ description: 'Where several workflows have seen it.' }),
})

export const documentRoutes: Routes = (server, { platform: { documents } }) => {
  server.get('/documents/:document_id', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_document',
      summary: 'What is known of a document',
      params,
      response: responses({ 200: DocumentInformation }, 404),
    },
    handler: async (request) =>
      documentToWire(await documents.get(workspaceOf(request), request.params.document_id)),
  })

  server.get('/documents/:document_id/elements', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_document_elements',
      summary: 'Its elements, as the destination holds them',
      params,
      querystring,
      response: responses({ 200: Elements }, 404, 412, 424),
    },
    handler: async (request, reply) => {
      const { document_id: id } = request.params
      const elements = await documents.elements(workspaceOf(request), id, request.query.workflow_id)
      return reply.type('application/json').send(Buffer.from(JSON.stringify(elements)) as never)
    },
  })

  server.get('/documents/:document_id/permissions', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_document_permissions',
      summary: 'Who may read, update and delete it',
      params,
      querystring,
      response: responses({ 200: Permissions }, 404, 412, 424),
    },
    handler: async (request) => {
      const { document_id: id } = request.params
      const permissions = await documents.permissions(workspaceOf(request), id, request.query.workflow_id)
      return permissionsToWire(permissions)
    },
  })

  server.get('/documents/:document_id/history', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_document_history',
      summary: 'What became of it in jobs, the latest first',
      params,
      response: responses({ 200: DocumentHistory }, 404),
    },
    handler: async (request) =>
      historyToWire(await documents.history(workspaceOf(request), request.params.document_id)),
  })
}
