/**
 * The kinds of connectors that there are, and the settings of each: what a form needs to know.
 *
 * @module
 */

import { z } from 'zod'
import { OutflowError } from '../../model/errors.ts'
import { type ConnectorType, connectorTypes } from '../connector-types.ts'
import type { Routes } from '../context.ts'
import { responses } from '../wire/errors.ts'

const tags = ['connector types']
const role = z.enum(['source', 'destination'])

const TypeListItem = z
  .object({ name: z.string(), role, title: z.string() })
  .meta({ id: 'ConnectorTypeListItem' })

const TypeDetail = z
  .object({
    name: z.string(),
    role,
    title: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({
      description: 'JSON Schema of `config`. `x-secret` and `x-advanced` are for forms.',
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
    handler: async () => (await connectorTypes()).map(({ name, role, title }) => ({ name, role, title })),
  })

  server.get('/connector-types/:name', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_connector_type',
      summary: 'One kind, with the schema of its settings',
      params: z.object({ name: z.string() }),
      querystring: z.object({
        role: role.optional().meta({ description: 'Where a source and a destination share a name.' }),
      }),
      response: responses({ 200: TypeDetail }, 404),
    },
    handler: async (request) => {
      const { name } = request.params
      const found = (await connectorTypes()).find(
        (type) => type.name === name && [undefined, type.role].includes(request.query.role),
      )
      if (!found) throw unknownType(name, await connectorTypes())
      return found
    },
  })
}

const unknownType = (name: string, known: readonly ConnectorType[]) =>
  new OutflowError({
    kind: 'missing',
    code: 'connector.type_unknown',
    message: `There is no connector of the type "${name}".`,
    fix: `There are: ${known.map((type) => `${type.name} (${type.role})`).join(', ')}.`,
  })
