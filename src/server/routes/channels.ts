/**
 * Channels for news of jobs: the same operations for all workflows of a workspace, and for one.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ChannelScope } from '../../platform/platform.ts'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import {
  ChannelInformation,
  ChannelList,
  ChannelType,
  CreateChannel,
  changeFromWire,
  channelToWire,
  newChannelFromWire,
  RotateSecret,
  toldChannelToWire,
  UpdateChannel,
  VerifyChannel,
} from '../wire/channels.ts'
import { responses } from '../wire/errors.ts'
import { flag, given } from '../wire/lenient.ts'

const families = {
  workspace: { path: '/notifications/channels', owner: {}, prefix: '', of: 'of the workspace' },
  workflow: {
    path: '/workflows/:workflow_id/notifications/channels',
    owner: { workflow_id: z.string() },
    prefix: 'workflow_',
    of: 'of a workflow',
  },
} as const

export const channelRoutes: Routes = routesOf('workspace')
export const workflowChannelRoutes: Routes = routesOf('workflow')

function routesOf(family: keyof typeof families): Routes {
  const { path, owner, prefix, of } = families[family]
  const tags = ['notifications']
  const params = z.object(owner)
  const itemParams = z.object({ ...owner, channel_id: z.string() })
  const item = `${path}/:channel_id`

  return (server, { platform: { notifications } }) => {
    server.get(path, {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: `list_${prefix}channels`,
        summary: `All channels ${of}`,
        params,
        querystring: z.object({ channel_type: ChannelType, enabled: flag.optional() }),
        response: responses({ 200: ChannelList }, 404),
      },
      handler: async (request) => {
        const { channel_type, enabled } = request.query
        const channels = await notifications.channels(scopeOf(request), given({ enabled }))
        return { items: channel_type === 'webhook' ? channels.map(channelToWire) : [] }
      },
    })

    server.post(path, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `create_${prefix}channel`,
        summary: `Set up a channel ${of}`,
        params,
        body: CreateChannel,
        response: responses({ 201: ChannelInformation }, 404, 413),
      },
      handler: async (request, reply) => {
        const made = await notifications.createChannel(scopeOf(request), newChannelFromWire(request.body))
        return reply.code(201).send(toldChannelToWire(made))
      },
    })

    server.get(item, {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: `get_${prefix}channel`,
        summary: `One channel ${of}`,
        params: itemParams,
        response: responses({ 200: ChannelInformation }, 404),
      },
      handler: async (request) =>
        channelToWire(await notifications.channel(scopeOf(request), request.params.channel_id)),
    })

    server.patch(item, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `update_${prefix}channel`,
        summary: `Change a channel ${of}; what is left out stays`,
        params: itemParams,
        body: UpdateChannel,
        response: responses({ 200: ChannelInformation }, 404, 413),
      },
      handler: async (request) => {
        const { channel_id } = request.params
        const change = changeFromWire(request.body)
        return toldChannelToWire(await notifications.updateChannel(scopeOf(request), channel_id, change))
      },
    })

    server.delete(item, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `delete_${prefix}channel`,
        summary: `Remove a channel ${of}`,
        params: itemParams,
        response: responses({ 204: nothing }, 404),
      },
      handler: async (request, reply) => {
        await notifications.deleteChannel(scopeOf(request), request.params.channel_id)
        return reply.code(204).send()
      },
    })

    server.post(`${item}/verify`, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `verify_${prefix}channel`,
        summary: 'For channels of type email, which are not built: refused',
        params: itemParams,
        body: VerifyChannel,
        response: responses({ 204: nothing }, 404, 413),
      },
      handler: async (request, reply) => {
        await notifications.verifyChannel(scopeOf(request), request.params.channel_id)
        return reply.code(204).send()
      },
    })

    server.post(`${item}/secret/rotate`, {
      config: { scope: 'manage' },
      schema: {
        tags,
        operationId: `rotate_${prefix}channel_secret`,
        summary: `A new secret for a channel ${of}; for a day, the one before signs too`,
        params: itemParams,
        body: RotateSecret,
        response: responses({ 200: ChannelInformation }, 404, 413),
      },
      handler: async (request) => {
        const { channel_id } = request.params
        const secret = request.body?.secret ?? undefined
        return toldChannelToWire(await notifications.rotateSecret(scopeOf(request), channel_id, secret))
      },
    })
  }
}

const nothing = z.undefined().describe('Done.')

function scopeOf(request: FastifyRequest): ChannelScope {
  const { workflow_id } = request.params as { readonly workflow_id?: string }
  return { workspace: workspaceOf(request), ...given({ workflowId: workflow_id }) }
}
