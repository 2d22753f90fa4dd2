/**
 * The kinds of connectors that there are, and the settings of each: what a form needs to know.
 *
 * @module
 */

import { z } from 'zod'
import { type ConnectorTypeForm, connectorTypeForm, connectorTypes } from '../../platform/connector-types.ts'
import type { Routes } from '../context.ts'
import { responses } from '../wire/errors.ts'

const tags = ['connector types']

const kind = { name: z.string(), role: z.enum(['source', 'destination']), title: z.string() }

const TypeListItem = z.object(kind).meta({ id: 'ConnectorTypeListItem' })

const TypeDetail = z
  .object({
    ...kind,
    schema: z.record(z.string(), z.unknown()).meta({
      description: 'JSON Schema of `config`: a secret is `writeOnly`, what seldom matters `x-advanced`.',
    }),
  })
  .meta({ id: 'ConnectorType' })

export const connectorTypeRoutes: Routes = (server) => {
  server.get('/connector-types', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_connector_types',
      summary: 'All kinds of sources and destinations',
      response: responses({ 200: z.array(TypeListItem) }),
    },
    handler: async () => {
      const types = await Promise.all(connectorTypes.map(({ name }) => connectorTypeForm(name)))
      return types.map(({ schema: _, ...type }) => type)
    },
  })

  server.get('/connector-types/:name', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_connector_type',
      summary: 'One kind, with the schema of its settings',
      params: z.object({ name: z.string() }),
      response: responses({ 200: TypeDetail }, 404),
    },
    handler: async (request): Promise<ConnectorTypeForm> => connectorTypeForm(request.params.name),
  })
}
