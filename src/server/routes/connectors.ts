/**
 * Sources and destinations: the same seven operations twice.
 *
 * @module
 */

import { z } from 'zod'
import type { ConnectorRole } from '../../platform/platform.ts'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import {
  ConnectionCheckInformation,
  ConnectorInformation,
  CreateConnector,
  checkToWire,
  connectorToWire,
  Deleted,
  UpdateConnector,
} from '../wire/connectors.ts'
import { responses } from '../wire/errors.ts'
import { given } from '../wire/lenient.ts'

const roles = {
  source: { path: '/sources', title: 'Source', filter: 'source_type' },
  destination: { path: '/destinations', title: 'Destination', filter: 'destination_type' },
} as const satisfies Record<ConnectorRole, object>

export const sourceRoutes: Routes = connectorRoutes('source')
export const destinationRoutes: Routes = connectorRoutes('destination')

function connectorRoutes(role: ConnectorRole): Routes {
  const { path, title, filter } = roles[role]
  const tags = [`${role}s`]
  const item = `${path}/:${role}_id` as const
  const params = z.object({ [`${role}_id`]: z.string() })
  const idOf = (request: { params: unknown }) =>
    String((request.params as Record<string, unknown>)[`${role}_id`])

  return (server, { platform: { connectors } }) => {
    server.get(`${path}/`, {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: `list_${role}s`,
        summary: `All ${role}s`,
        querystring: z.object({ [filter]: z.string().optional() }),
        response: responses({ 200: z.array(ConnectorInformation) }),
      },
      handler: async (request) => {
        const { [filter]: type } = request.query as Record<string, string | undefined>
        return (await connectors.list(workspaceOf(request), role, given({ type }))).map(connectorToWire)
      },
    })

    server.post(`${path}/`, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `create_${role}`,
        summary: `Set up a ${role}`,
        body: CreateConnector,
        response: responses({ 200: ConnectorInformation }, 409, 412, 413),
      },
      handler: async (request) => {
        const { key, ...connector } = request.body
        const made = await connectors.create(workspaceOf(request), role, { ...connector, ...given({ key }) })
        return connectorToWire(made)
      },
    })

    server.get(item, {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: `get_${role}`,
        summary: `One ${role}`,
        params,
        response: responses({ 200: ConnectorInformation }, 404),
      },
      handler: async (request) =>
        connectorToWire(await connectors.get(workspaceOf(request), role, idOf(request))),
    })

    server.put(item, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `update_${role}`,
        summary: `Other settings for a ${role}`,
        params,
        body: UpdateConnector,
        response: responses({ 200: ConnectorInformation }, 404, 412, 413),
      },
      handler: async (request) => {
        const { config } = request.body
        return connectorToWire(await connectors.update(workspaceOf(request), role, idOf(request), config))
      },
    })

    server.delete(item, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `delete_${role}`,
        summary: `Remove a ${role}`,
        params,
        response: responses({ 200: Deleted }, 404, 409),
      },
      handler: async (request) => {
        const id = idOf(request)
        await connectors.delete(workspaceOf(request), role, id)
        return { detail: `${title} with id ${id} successfully deleted.` }
      },
    })

    server.post(`${item}/connection-check`, {
      config: { scope: 'run' },
      schema: {
        tags,
        operationId: `create_connection_check_${role}s`,
        summary: 'Check the connection; the answer is there to get a little later',
        params,
        response: responses({ 202: ConnectionCheckInformation }, 404),
      },
      handler: async (request, reply) => {
        const check = await connectors.check(workspaceOf(request), role, idOf(request))
        return reply.code(202).send(checkToWire(check))
      },
    })

    server.get(`${item}/connection-check`, {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: `get_connection_check_${role}s`,
        summary: 'What the latest check found',
        params,
        response: responses({ 200: ConnectionCheckInformation }, 404),
      },
      handler: async (request) =>
        checkToWire(await connectors.lastCheck(workspaceOf(request), role, idOf(request))),
    })
  }
}
