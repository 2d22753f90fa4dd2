/**
 * Channels, as they are set up: who is told of what, where, and signed with which secret.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { type FieldProblem, OutflowError } from '../model/errors.ts'
import type { ChannelRow } from '../store/channels.ts'
import type { Store } from '../store/index.ts'
import type {
  Channel,
  ChannelScope,
  NewChannel,
  NotificationEvent,
  Notifications,
  ToldChannel,
  Workflows,
} from './platform.ts'
import { type SecretBox, sealContext } from './secret-box.ts'
import type { UrlGuard } from './url-guard.ts'
import { generateSecret, rotated, type Secrets, secretProblem } from './webhook-secrets.ts'

/** In each scope. */
const mostChannels = 50
const longestUrl = 2000
const longestDescription = 255

export interface ChannelOptions {
  readonly store: Pick<Store, 'records' | 'transaction'>
  readonly secrets: Pick<SecretBox, 'seal' | 'open'>
  readonly workflows: Pick<Workflows, 'get'>
  /** Of the addresses of webhooks. */
  readonly guard: Pick<UrlGuard, 'check' | 'lookup'>
}

type ChannelCases = Pick<
  Notifications,
  | 'channels'
  | 'channel'
  | 'createChannel'
  | 'updateChannel'
  | 'deleteChannel'
  | 'rotateSecret'
  | 'verifyChannel'
>

export function createChannelCases(options: ChannelOptions): ChannelCases {
  const { store, secrets, workflows } = options

  /** As the records know it; proves that the workflow is there, and whose it is. */
  async function scopeOf({ workspace, workflowId }: ChannelScope) {
    if (workflowId === undefined) return { workspace }
    return { workspace, workflow: (await workflows.get(workspace, workflowId)).id }
  }

  async function create(scope: ChannelScope, channel: NewChannel): Promise<ToldChannel> {
    if (channel.channelType !== 'webhook') throw typeNotBuilt(channel.channelType)
    const owner = await scopeOf(scope)
    await validate(channel, options)
    const secret = channel.secret ?? generateSecret()
    const id = randomUUID()
    const row = await store.transaction(({ channels }) =>
      channels.add(
        {
          ...owner,
          id,
          channelType: channel.channelType,
          url: channel.url,
          eventTypes: [...new Set(channel.events)],
          ...(channel.description !== undefined && { description: channel.description }),
          enabled: channel.enabled ?? true,
          secret: sealSecrets(secrets, id, { current: secret, before: [] }),
        },
        mostChannels,
      ),
    )
    if (!row) throw tooMany()
    return { channel: channelOf(row), ...(channel.secret === undefined && { secret }) }
  }

  async function update(
    scope: ChannelScope,
    id: string,
    { secret: given, events, ...change }: Parameters<ChannelCases['updateChannel']>[2],
  ): Promise<ToldChannel> {
    const owner = await scopeOf(scope)
    if (!(await store.records.channels.get(owner, id))) throw notFound(id)
    const chosen = given === '' ? undefined : given
    await validate({ ...change, events, secret: chosen }, options)
    const secret = given === '' ? generateSecret() : given
    const row = await store.records.channels.update(owner, id, {
      ...change,
      ...(events !== undefined && { eventTypes: [...new Set(events)] }),
      ...(secret !== undefined && { secret: sealSecrets(secrets, id, { current: secret, before: [] }) }),
    })
    if (!row) throw notFound(id)
    return {
      channel: channelOf(row),
      ...(secret !== undefined && chosen === undefined && { secret }),
    }
  }

  async function rotateSecret(scope: ChannelScope, id: string, given?: string): Promise<ToldChannel> {
    const owner = await scopeOf(scope)
    await validate({ secret: given }, options)
    const secret = given ?? generateSecret()
    const row = await store.transaction(async ({ channels }) => {
      const found = await channels.hold(owner, id)
      if (!found) return undefined
      const next = rotated(secretsOf(secrets, found), secret, Date.now())
      return channels.update(owner, id, { secret: sealSecrets(secrets, id, next) })
    })
    if (!row) throw notFound(id)
    return { channel: channelOf(row), ...(given === undefined && { secret }) }
  }

  return {
    async channels(scope, filter) {
      const rows = await store.records.channels.list(await scopeOf(scope), filter)
      return rows.map(channelOf)
    },
    async channel(scope, id) {
      const row = await store.records.channels.get(await scopeOf(scope), id)
      if (!row) throw notFound(id)
      return channelOf(row)
    },
    createChannel: create,
    updateChannel: update,
    async deleteChannel(scope, id) {
      if (!(await store.records.channels.delete(await scopeOf(scope), id))) throw notFound(id)
    },
    rotateSecret,
    async verifyChannel(scope, id) {
      if (!(await store.records.channels.get(await scopeOf(scope), id))) throw notFound(id)
      throw typeNotBuilt('email')
    },
  }
}

type Box = ChannelOptions['secrets']

function sealSecrets(box: Box, id: string, secrets: Secrets): Uint8Array {
  return box.seal(JSON.stringify(secrets), sealContext('channels', id))
}

/** @throws {OutflowError} when the box cannot open them */
export function secretsOf(box: Box, { id, secret }: Pick<ChannelRow, 'id' | 'secret'>): Secrets {
  return JSON.parse(box.open(secret, sealContext('channels', id))) as Secrets
}

interface ChannelInput {
  readonly url?: string
  readonly events?: readonly string[] | undefined
  readonly description?: string | null
  readonly secret?: string | undefined
}

/** What there is of it. @throws {OutflowError} code `channel.invalid` */
async function validate(
  { url, events, description, secret }: ChannelInput,
  options: ChannelOptions,
): Promise<void> {
  const problems: FieldProblem[] = []
  const note = (field: string, message: string | undefined) => {
    if (message !== undefined) problems.push({ field, message })
  }
  if (url !== undefined) note('url', await urlProblem(url, options))
  if (events?.length === 0) note('event_types', 'names no event')
  if (description && description.length > longestDescription)
    note('description', `is longer than ${longestDescription} characters`)
  if (secret !== undefined) note('secret', secretProblem(secret))
  if (problems.length > 0) throw invalid(problems)
}

async function urlProblem(text: string, { guard }: ChannelOptions): Promise<string | undefined> {
  const url = URL.parse(text)
  if (!url || !/^https?:\/\//i.test(text)) return 'is not an address like https://example.com/hook'
  if (text.length > longestUrl) return `is longer than ${longestUrl} characters`
  if (url.protocol === 'http:' && !isThisMachine(url)) return 'has to begin with https:'
  try {
    await guard.check(text)
    return undefined
  } catch (thrown) {
    if (thrown instanceof OutflowError) return `is refused: ${thrown.message} ${thrown.fix ?? ''}`.trimEnd()
    throw thrown
  }
}

/** Nobody listens in between; whether it may be called at all is the guard's to say. */
const isThisMachine = ({ hostname }: URL) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)

function channelOf(row: ChannelRow): Channel {
  return {
    id: row.id,
    ...(row.workflow !== undefined && { workflowId: row.workflow }),
    url: row.url,
    events: row.eventTypes as readonly NotificationEvent[],
    enabled: row.enabled,
    ...(row.description !== undefined && { description: row.description }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

const notFound = (id: string) =>
  new OutflowError({
    kind: 'missing',
    code: 'channel.not_found',
    message: `There is no channel ${id} here.`,
    fix: 'List the channels of the workspace, or those of the workflow: each has a list of its own.',
  })

const invalid = (fields: readonly FieldProblem[]) =>
  new OutflowError({
    kind: 'config',
    code: 'channel.invalid',
    message: `The channel cannot be set up like this: ${fields.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
    fix: 'Change what is named.',
    fields,
  })

const tooMany = () =>
  new OutflowError({
    kind: 'config',
    code: 'channel.too_many',
    message: `There are ${mostChannels} channels here already, which is all that there may be.`,
    fix: 'Delete one, or let one receiver pass the news on.',
  })

const typeNotBuilt = (type: string) =>
  new OutflowError({
    kind: 'config',
    code: 'channel.type_not_built',
    message: `Channels of type "${type}" are not built.`,
    fix: 'Use a channel of type "webhook".',
    fields: [{ field: 'channel_type', message: `"${type}" is not built; use "webhook"` }],
  })
