import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createKeys } from '../../src/platform/keys.ts'
import type { Platform, Scope, WorkflowRecord } from '../../src/platform/platform.ts'
import { createServer, type Server } from '../../src/server/server.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { jobOf, type Newsroom, openNewsroom } from '../platform/newsroom.ts'
import { newPath } from '../store/folders.ts'
import { serve } from '../support/loopback.ts'

let store: Store
let room: Newsroom
let server: Server
let origin: string
let workflow: WorkflowRecord
/** By what they may do; `stranger` belongs to another workspace. */
const keys: Record<string, string> = {}

beforeAll(async () => {
  store = await openStore({ stateDir: await newPath() })
  room = await openNewsroom(store)
  const made = createKeys({ store })
  const make = async (name: string, workspace: string, scopes: readonly Scope[]) => {
    keys[name] = (await made.create({ name, workspace, scopes })).secret
  }
  await make('owner', 'mine', ['read', 'run', 'manage'])
  await make('reader', 'mine', ['read'])
  await make('stranger', 'theirs', ['read', 'run', 'manage'])
  workflow = await room.newWorkflow('mine')
  const { notifications, workflows } = room
  // Nothing else of a platform is asked for here.
  const platform = { keys: made, workflows, notifications } as unknown as Platform
  server = await createServer({ platform })
  origin = await server.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await server?.close()
  await room?.[Symbol.asyncDispose]()
  await store?.close()
})

interface Answer {
  readonly status: number
  readonly type: string | null
  readonly text: string
  readonly body: Body
}

/** What the answers of these routes may hold. */
interface Body {
  readonly id: string
  readonly secret: string
  readonly enabled: boolean
  readonly is_read: boolean
  readonly events: readonly Body[]
  readonly next_cursor: string | null
  readonly detail: unknown
}

async function call(method: string, path: string, body?: unknown, key = 'owner'): Promise<Answer> {
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { 'unstructured-api-key': keys[key]!, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text,
    body: JSON.parse(text || '{}'),
  }
}

const webhook = { url: 'https://127.0.0.1:9/hook', event_types: ['job.completed', 'job.failed'] }

describe.each([
  ['of the workspace', () => '/notifications/channels'],
  ['of a workflow', () => `/workflows/${workflow.id}/notifications/channels`],
])('channels %s', (_, path) => {
  it('are made, read, changed and removed with the contract’s answers', async () => {
    const made = await call('POST', path(), {
      channel_type: 'webhook',
      ...webhook,
      description: 'Search team',
    })
    expect(made).toMatchObject({ status: 201, type: expect.stringContaining('application/json') })
    const { secret, ...channel } = made.body
    expect(secret).toMatch(/^whsec_/)
    expect(channel).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      channel_type: 'webhook',
      ...webhook,
      enabled: true,
      description: 'Search team',
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    })
    const item = `${path()}/${channel.id}`
    expect(await call('GET', item)).toMatchObject({ status: 200, body: channel })
    expect((await call('GET', `${path()}/?channel_type=webhook`)).body).toEqual({ items: [channel] })
    expect((await call('GET', `${path()}?channel_type=webhook&enabled=false`)).body).toEqual({ items: [] })
    expect((await call('GET', `${path()}?channel_type=email`)).body).toEqual({ items: [] })
    const changed = await call('PATCH', item, { enabled: 'false', description: null, secret: 'x'.repeat(24) })
    expect(changed).toMatchObject({ status: 200, body: { enabled: false, description: null, ...webhook } })
    expect(changed.body).not.toHaveProperty('secret')
    const rotated = await call('POST', `${item}/secret/rotate`)
    expect(rotated).toMatchObject({ status: 200, body: { id: channel.id } })
    expect(rotated.body.secret).toMatch(/^whsec_/)
    const own = await call('POST', `${item}/secret/rotate`, { secret: 'y'.repeat(75) })
    expect(own.status).toBe(200)
    const read = await call('GET', item)
    for (const told of [own.text, read.text]) {
      expect(told).not.toContain('whsec_')
      expect(told).not.toContain('yyyy')
    }
    expect(await call('DELETE', item)).toMatchObject({ status: 204, text: '' })
    for (const method of ['GET', 'DELETE'])
      expect(await call(method, item)).toMatchObject({ status: 404, body: { code: 'channel.not_found' } })
    expect((await call('PATCH', item, {})).status).toBe(404)
  })

  it('of type email are refused by that name', async () => {
    const email = {
      channel_type: 'email',
      email_config: { recipient_email: 'a@example.com' },
      event_types: ['job.failed'],
    }
    expect(await call('POST', path(), email)).toMatchObject({
      status: 422,
      body: { code: 'channel.type_not_built', message: expect.stringContaining('email') },
    })
    const { body } = await call('POST', path(), webhook)
    expect(await call('POST', `${path()}/${body.id}/verify`, { code: '123456' })).toMatchObject({
      status: 422,
      body: { code: 'channel.type_not_built' },
    })
    expect((await call('POST', `${path()}/${randomUUID()}/verify`, { code: '123456' })).status).toBe(404)
  })

  it.each([
    [{ url: webhook.url }, ['body', 'event_types']],
    [{ ...webhook, event_types: [] }, ['body', 'event_types']],
    [{ ...webhook, event_types: ['job.done'] }, ['body', 'event_types', 0]],
    [{ event_types: webhook.event_types }, ['body', 'url']],
    [{ ...webhook, url: 'http://hooks.example.com/' }, ['body', 'url']],
    [{ ...webhook, description: 'x'.repeat(256) }, ['body', 'description']],
    [{ ...webhook, secret: 'short' }, ['body', 'secret']],
    [{ ...webhook, channel_type: 'pigeon' }, ['body', 'channel_type']],
    [undefined, ['body']],
  ])('are refused with 422: %j', async (body, loc) => {
    const { status, body: answer } = await call('POST', path(), body)
    expect(status).toBe(422)
    expect(answer.detail).toContainEqual(expect.objectContaining({ loc }))
    expect(JSON.stringify(answer)).not.toContain('short"')
  })

  it('are invisible to another workspace, and closed to a key that may not manage', async () => {
    const { body } = await call('POST', path(), webhook)
    const item = `${path()}/${body.id}`
    const calls = [
      ['GET', item],
      ['PATCH', item, { enabled: false }],
      ['POST', `${item}/secret/rotate`],
      ['POST', `${item}/verify`, { code: '123456' }],
      ['DELETE', item],
    ] as const
    for (const [method, address, content] of calls) {
      expect((await call(method, address, content, 'stranger')).status).toBe(404)
      expect((await call(method, address, content, 'reader')).status).toBe(method === 'GET' ? 200 : 403)
    }
    const list = await call('GET', `${path()}?channel_type=webhook`, undefined, 'stranger')
    expect(list.text).not.toContain(body.id)
    expect((await call('GET', item)).body.enabled).toBe(true)
  })

  it('are told apart by their lists', async () => {
    expect((await call('GET', path())).status).toBe(422)
    const { body } = await call('POST', path(), webhook)
    const others = ['/notifications/channels', `/workflows/${workflow.id}/notifications/channels`]
    const [other] = others.filter((each) => each !== path())
    expect((await call('GET', `${other}/${body.id}`)).status).toBe(404)
    expect(
      await call('GET', `/workflows/${randomUUID()}/notifications/channels?channel_type=webhook`),
    ).toMatchObject({
      status: 404,
      body: { code: 'workflow.not_found' },
    })
  })
})

describe('notifications', () => {
  it('are delivered, listed, counted and marked as read', async () => {
    await using receiver = await serve((_seen, response) => void response.end())
    const { body: channel } = await call('POST', '/notifications/channels', {
      url: `${receiver.origin}/`,
      event_types: ['job.stopped'],
    })
    const job = jobOf('mine', workflow)
    for (const event of ['job.scheduled', 'job.in_progress', 'job.stopped'] as const)
      await room.tell(job, event)
    await vi.waitFor(() => expect(receiver.seen).toHaveLength(1), 10_000)
    const { headers, body } = receiver.seen[0]!
    const news = new Webhook(channel.secret).verify(body, headers as Record<string, string>)

    const all = await call('GET', '/notifications')
    expect(all).toMatchObject({ status: 200, body: { next_cursor: null } })
    const latest = all.body.events[0]!
    expect(latest).toEqual({
      id: headers['webhook-id'],
      event_type: 'job.stopped',
      workflow_id: workflow.id,
      payload: news,
      created_at: expect.stringMatching(/Z$/),
      is_read: false,
    })
    expect((await call('GET', `/notifications/${latest.id}`)).body).toEqual(latest)
    const page = (await call('GET', '/notifications?limit=2')).body
    expect(page.events).toHaveLength(2)
    const rest = (await call('GET', `/notifications/?limit=2&cursor=${page.next_cursor}`)).body
    expect([...page.events, ...rest.events]).toEqual(all.body.events)
    const some = await call('GET', '/notifications?event_types=job.stopped,job.failed&unread_only=true')
    expect(some.body.events).toEqual([latest])
    expect((await call('GET', '/notifications?since=2999-01-01')).body.events).toEqual([])
    expect((await call('GET', '/notifications/unread-count')).body).toEqual({ unread_count: 3 })
    const marked = await call('POST', '/notifications/mark-read', { notification_ids: [latest.id] })
    expect(marked).toMatchObject({ status: 200, body: { marked_count: 1 } })
    expect((await call('GET', `/notifications/${latest.id}`)).body.is_read).toBe(true)
    const none = { mark_all: true, workflow_id: randomUUID() }
    expect((await call('POST', '/notifications/mark-read', none)).body).toEqual({ marked_count: 0 })
    expect((await call('POST', '/notifications/mark-read', { before: '2999-01-01T00:00:00Z' })).body).toEqual(
      {
        marked_count: 2,
      },
    )
    expect((await call('GET', `/notifications/unread-count?workflow_id=${workflow.id}`)).body).toEqual({
      unread_count: 0,
    })
    expect((await call('GET', `/notifications/${latest.id}`, undefined, 'stranger')).status).toBe(404)
    expect((await call('GET', '/notifications', undefined, 'stranger')).body.events).toEqual([])
    expect((await call('POST', '/notifications/mark-read', { mark_all: true }, 'reader')).status).toBe(403)
  })

  it.each([
    ['GET', '/notifications?limit=0'],
    ['GET', '/notifications?limit=101'],
    ['GET', '/notifications?event_types=job.done'],
    ['GET', '/notifications?since=yesterday'],
    ['GET', '/notifications?cursor=elsewhere'],
    ['POST', '/notifications/mark-read', {}],
    ['POST', '/notifications/mark-read', { mark_all: false }],
    ['POST', '/notifications/mark-read', { mark_all: true, notification_ids: [] }],
    ['POST', '/notifications/mark-read', { notification_ids: ['a'], workflow_id: 'b' }],
    ['POST', '/notifications/mark-read', { notification_ids: Array.from({ length: 101 }, String) }],
  ])('are not asked for like this: %s %s %j', async (method, path, body?: unknown) => {
    const { status, body: answer } = await call(method, path, body)
    expect({ status, detail: typeof answer.detail }).toEqual({ status: 422, detail: 'object' })
  })

  it('stand in the description of the API', async () => {
    const { paths } = (await (await fetch(`${origin}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    }
    const statuses = (path: string, method: string) =>
      Object.keys(paths[`/api/v1${path}`]![method]!.responses).filter((status) => status.startsWith('2'))
    for (const owner of ['', '/workflows/{workflow_id}']) {
      expect(statuses(`${owner}/notifications/channels`, 'post')).toEqual(['201'])
      expect(statuses(`${owner}/notifications/channels/{channel_id}`, 'delete')).toEqual(['204'])
      expect(
        paths[`/api/v1${owner}/notifications/channels/{channel_id}`]!.delete!.responses['204'],
      ).not.toHaveProperty('content.application/json')
    }
    expect(statuses('/notifications/mark-read', 'post')).toEqual(['200'])
  })
})
