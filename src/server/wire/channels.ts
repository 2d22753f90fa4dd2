/**
 * Channels on the wire.
 *
 * @module
 */

import { z } from 'zod'
import {
  type Channel,
  type ChannelChange,
  type NewChannel,
  notificationEvents,
  type ToldChannel,
} from '../../platform/platform.ts'
import { flag, given } from './lenient.ts'

const Events = z
  .array(z.enum(notificationEvents))
  .min(1)
  .meta({ description: 'What the channel is to hear of.' })
const Url = z
  .string()
  .meta({ description: 'https. Whoever may read the workspace sees it; the signature is what protects it.' })
const Description = z.string().max(255)
const Secret = z.string().meta({
  description:
    'What deliveries are signed with: whsec_ and base64 of 24 to 75 bytes, or any other text of as many bytes. Left out: one is generated. Never shown again.',
})

const WebhookInput = z
  .object({
    channel_type: z.literal('webhook').optional(),
    url: Url,
    event_types: Events,
    description: Description.nullish(),
    enabled: flag.nullish(),
    secret: Secret.nullish(),
  })
  .meta({ id: 'CreateWebhookChannelRequest' })

const EmailInput = z
  .looseObject({ channel_type: z.literal('email') })
  .meta({ id: 'CreateEmailChannelRequest', description: 'Not built: refused with 422.' })

export const CreateChannel = z.discriminatedUnion('channel_type', [WebhookInput, EmailInput])

export const UpdateChannel = z
  .object({
    channel_type: z.literal('webhook').nullish(),
    url: Url.nullish(),
    event_types: Events.nullish(),
    description: Description.nullish(),
    enabled: flag.nullish(),
    secret: Secret.nullish().meta({
      description: 'In place of the one before, which is void at once. Empty: one is generated.',
    }),
  })
  .meta({ id: 'UpdateChannelRequest' })

export const RotateSecret = z
  .object({ secret: Secret.nullish() })
  .nullish()
  .meta({ id: 'RotateSecretRequest' })

export const VerifyChannel = z
  .object({ code: z.string().regex(/^\d{6}$/) })
  .meta({ id: 'VerifyChannelRequest' })

export const ChannelType = z.enum(['webhook', 'email'])

export const ChannelInformation = z
  .object({
    id: z.string(),
    channel_type: z.literal('webhook'),
    url: z.string(),
    event_types: z.array(z.enum(notificationEvents)),
    enabled: z.boolean(),
    description: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    workflow_id: z.string().optional().meta({ description: 'Of a channel of one workflow.' }),
    secret: z
      .string()
      .optional()
      .meta({ description: 'Only where it has just been generated, and never again.' }),
  })
  .meta({ id: 'WebhookChannelResponse' })

export const ChannelList = z
  .object({ items: z.array(ChannelInformation) })
  .meta({ id: 'ChannelListResponse' })

export function newChannelFromWire(body: z.output<typeof CreateChannel>): NewChannel {
  if (body.channel_type === 'email') return { channelType: 'email', url: '', events: [] }
  const { url, event_types, description, enabled, secret } = body
  return { channelType: 'webhook', url, events: event_types, ...given({ description, enabled, secret }) }
}

export const changeFromWire = (body: z.output<typeof UpdateChannel>): ChannelChange => ({
  ...given({ url: body.url, events: body.event_types, enabled: body.enabled, secret: body.secret }),
  // Nothing in its place takes it away.
  ...(body.description !== undefined && { description: body.description }),
})

export const toldChannelToWire = ({ channel, secret }: ToldChannel): z.output<typeof ChannelInformation> => ({
  ...channelToWire(channel),
  ...given({ secret }),
})

export function channelToWire(channel: Channel): z.output<typeof ChannelInformation> {
  return {
    id: channel.id,
    channel_type: 'webhook',
    url: channel.url,
    event_types: [...channel.events],
    enabled: channel.enabled,
    description: channel.description ?? null,
    created_at: channel.createdAt.toISOString(),
    updated_at: channel.updatedAt.toISOString(),
    ...given({ workflow_id: channel.workflowId }),
  }
}
