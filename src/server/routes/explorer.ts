/**
 * Questions that are put to a source directly: what is there, who is who, what would become of a page.
 *
 * @module
 */

import { z } from 'zod'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import { goneSignal } from '../events-stream.ts'
import { responses } from '../wire/errors.ts'
import { Identities, Places, Preview, PreviewRequest, previewRequestFromWire } from '../wire/explorer.ts'
import { given, ids } from '../wire/lenient.ts'

const tags = ['explorer']
const params = z.object({ source_id: z.string() })

export const explorerRoutes: Routes = (server, { platform: { explorer } }) => {
  server.get('/sources/:source_id/browse', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'browse_source',
      summary: 'What is below a place: spaces first, then pages',
      params,
      querystring: z.object({ parent: z.string().optional() }),
      response: responses({ 200: Places }, 404, 412, 424),
    },
    handler: async (request) => {
      const { source_id: id } = request.params
      const places = await explorer.browse(workspaceOf(request), id, request.query.parent)
      return places.map(({ hasChildren, ...place }) => ({ ...place, has_children: hasChildren }))
    },
  })

  server.get('/sources/:source_id/identities', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_source_identities',
      summary: 'Names behind user and group ids of permissions_data',
      params,
      querystring: z.object({ ids }),
      response: responses({ 200: Identities }, 404, 412, 424),
    },
    handler: async (request) => {
      const { source_id: id } = request.params
      return (await explorer.identities(workspaceOf(request), id, request.query.ids)).map(given) as never
    },
  })

  server.get('/identities', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_identities',
      summary: 'The same, for a source that is named in the query',
      querystring: z.object({ source_id: z.string({ error: 'Field required' }), ids }),
      response: responses({ 200: Identities }, 404, 412, 424),
    },
    handler: async (request) => {
      const { source_id: id, ids: wanted } = request.query
      return (await explorer.identities(workspaceOf(request), id, wanted)).map(given) as never
    },
  })

  server.post('/preview', {
    config: { scope: 'run' },
    schema: {
      tags,
      operationId: 'preview',
      summary: 'One page through any steps; nothing is stored',
      body: PreviewRequest,
      response: responses({ 200: Preview }, 404, 412, 413, 424),
    },
    handler: async (request, reply) => {
      const wanted = previewRequestFromWire(request.body)
      const preview = await explorer.preview(workspaceOf(request), wanted, goneSignal(reply))
      return reply.type('application/json').send(Buffer.from(JSON.stringify(preview)) as never)
    },
  })
}
