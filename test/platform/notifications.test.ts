import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ChannelScope, NotificationEvent } from '../../src/platform/platform.ts'
import type { Store } from '../../src/store/index.ts'
import { type Handler, type Loopback, serve } from '../support/loopback.ts'
import { jobOf, type Newsroom, openNewsroom } from './newsroom.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

/** Each test has a workspace of its own. */
let workspaces = 0
const newWorkspace = () => `workspace ${++workspaces}`

const receivers: Loopback[] = []
afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())))

async function newReceiver(handler: Handler = (_seen, response) => void response.end()): Promise<Loopback> {
  const receiver = await serve(handler)
  receivers.push(receiver)
  return receiver
}

const arrived = (receiver: Loopback, count: number, timeout = 10_000) =>
  vi.waitFor(() => expect(receiver.seen.length).toBeGreaterThanOrEqual(count), { timeout, interval: 20 })

/** What the library of the standard makes of a delivery. */
const verified = (secret: string, { headers, body }: Loopback['seen'][number]) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>

onBothDatabases((newStore) => {
  let store: Store
  let room: Newsroom
  beforeAll(async () => {
    store = await newStore()
    room = await openNewsroom(store)
  })
  afterAll(() => room[Symbol.asyncDispose]())

  const channelTo = (
    scope: ChannelScope,
    { origin }: Loopback,
    events: readonly NotificationEvent[] = ['job.completed'],
  ) => room.notifications.createChannel(scope, { channelType: 'webhook', url: `${origin}/hook`, events })

  it('delivers what has become of a job, signed so that the standard’s library takes it', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const workflow = await room.newWorkflow(workspace)
    const { channel, secret } = await channelTo({ workspace }, receiver)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const job = jobOf(workspace, workflow)
    await room.tell(job, 'job.completed')
    await arrived(receiver, 1)
    const [seen] = receiver.seen
    const { notifications } = await room.notifications.list(workspace)
    expect(seen).toMatchObject({ method: 'POST', path: '/hook' })
    expect(seen!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': notifications[0]!.id,
    })
    expect(verified(secret!, seen!)).toEqual({
      type: 'job.completed',
      id: notifications[0]!.id,
      created_at: notifications[0]!.createdAt.toISOString(),
      job: { job_id: job.id, workflow_id: workflow.id, workflow_name: 'Wiki', status: 'COMPLETED' },
      processing_time_ms: 1500,
      coverage: job.coverage,
    })
    expect(notifications[0]!.payload).toEqual(verified(secret!, seen!))
    expect(await room.notifications.channel({ workspace }, channel.id)).toEqual(channel)
  })

  it('tells how long a job took at its end alone, also where its end is not written down yet', async () => {
    const workspace = newWorkspace()
    const { endedAt: _, ...unended } = jobOf(workspace, await room.newWorkflow(workspace))
    const begun = { ...unended, startedAt: new Date(Date.now() - 60_000) }
    for (const event of ['job.in_progress', 'job.stopped'] as const) await room.tell(begun, event)
    const { notifications } = await room.notifications.list(workspace)
    const [stopped, inProgress] = notifications.map(({ payload }) => payload)
    expect(stopped!.processing_time_ms).toBeGreaterThanOrEqual(60_000)
    expect(inProgress).not.toHaveProperty('processing_time_ms')
  })

  it('tells a channel only what it asked for: its events, of its workflow, while it is enabled', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const [one, other] = [await room.newWorkflow(workspace), await room.newWorkflow(workspace)]
    await channelTo({ workspace, workflowId: one.id }, receiver, ['job.failed', 'job.completed'])
    const silent = await channelTo({ workspace }, receiver, ['job.completed'])
    await room.notifications.updateChannel({ workspace }, silent.channel.id, { enabled: false })
    await room.tell(jobOf(workspace, one), 'job.in_progress')
    await room.tell(jobOf(workspace, other), 'job.completed')
    await room.tell(jobOf(newWorkspace(), one), 'job.completed')
    await room.tell(jobOf(workspace, one), 'job.failed')
    await arrived(receiver, 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(receiver.seen.map(({ body }) => JSON.parse(body).type)).toEqual(['job.failed'])
    expect((await room.notifications.list(workspace)).notifications.map(({ event }) => event)).toEqual([
      'job.failed',
      'job.completed',
      'job.in_progress',
    ])
  })

  it('says nothing when the transaction is given up', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const workflow = await room.newWorkflow(workspace)
    await channelTo({ workspace }, receiver)
    const givenUp = store.transaction(async (records) => {
      await room.notifications.jobNews(records, jobOf(workspace, workflow), 'job.completed')
      throw new Error('given up')
    })
    await expect(givenUp).rejects.toThrow('given up')
    await room.tell(jobOf(workspace, workflow), 'job.completed')
    await arrived(receiver, 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(receiver.seen).toHaveLength(1)
    expect((await room.notifications.list(workspace)).notifications).toHaveLength(1)
  })

  it('tries again after a 500: the same message, signed anew', async () => {
    const workspace = newWorkspace()
    const receiver = await newReceiver((_seen, response, index) => {
      response.writeHead(index === 0 ? 500 : 204).end()
    })
    const { secret } = await channelTo({ workspace }, receiver)
    await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
    await arrived(receiver, 2, 30_000)
    const [first, second] = receiver.seen
    expect(verified(secret!, second!)).toEqual(verified(secret!, first!))
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(Number(second!.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first!.headers['webhook-timestamp']),
    )
    expect(room.failures).toContainEqual(expect.objectContaining({ code: 'webhook.rejected' }))
  }, 60_000)

  it('signs with both secrets after a rotation, and with the new one alone after a day', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const workflow = await room.newWorkflow(workspace)
    const { channel, secret: old } = await channelTo({ workspace }, receiver)
    const { secret: fresh } = await room.notifications.rotateSecret({ workspace }, channel.id)
    expect(fresh).not.toBe(old)
    await room.tell(jobOf(workspace, workflow), 'job.completed')
    await arrived(receiver, 1)
    expect(String(receiver.seen[0]!.headers['webhook-signature']).split(' ')).toHaveLength(2)
    expect(verified(old!, receiver.seen[0]!)).toEqual(verified(fresh!, receiver.seen[0]!))

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 24 * 3600_000 + 1000 })
    try {
      const { notifications } = await room.notifications.list(workspace)
      const task = { channel: channel.id, notification: notifications[0]!.id }
      await room.notifications.deliver(task, new AbortController().signal)
      verified(fresh!, receiver.seen[1]!)
      expect(() => verified(old!, receiver.seen[1]!)).toThrow('No matching signature')
    } finally {
      vi.useRealTimers()
    }
  })

  it('takes a secret of one’s own, as text and as base64, and makes the one before void when it is set', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const own = 'x'.repeat(24)
    const { channel, secret } = await room.notifications.createChannel(
      { workspace },
      { channelType: 'webhook', url: receiver.origin, events: ['job.failed'], secret: own },
    )
    expect(secret).toBeUndefined()
    const workflow = await room.newWorkflow(workspace)
    const told = async () => {
      const before = receiver.seen.length
      await room.tell(jobOf(workspace, workflow), 'job.failed')
      await arrived(receiver, before + 1)
      return receiver.seen.at(-1)!
    }
    const raw = await told()
    new Webhook(own, { format: 'raw' }).verify(raw.body, raw.headers as Record<string, string>)
    const encoded = `whsec_${Buffer.alloc(75, 7).toString('base64')}`
    await room.notifications.updateChannel({ workspace }, channel.id, { secret: encoded })
    verified(encoded, await told())
    const generated = await room.notifications.updateChannel({ workspace }, channel.id, { secret: '' })
    const last = await told()
    verified(generated.secret!, last)
    expect(() => verified(encoded, last)).toThrow('No matching signature')
  })

  it('disables a channel whose receiver is gone for good', async () => {
    const [workspace, receiver] = [
      newWorkspace(),
      await newReceiver((_seen, response) => void response.writeHead(410).end()),
    ]
    const { channel } = await channelTo({ workspace }, receiver)
    const workflow = await room.newWorkflow(workspace)
    await room.tell(jobOf(workspace, workflow), 'job.completed')
    await vi.waitFor(async () =>
      expect(await room.notifications.channels({ workspace }, { enabled: false })).toHaveLength(1),
    )
    await room.tell(jobOf(workspace, workflow), 'job.completed')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(receiver.seen).toHaveLength(1)
    await room.notifications.updateChannel({ workspace }, channel.id, { enabled: true })
    expect(await room.notifications.channels({ workspace }, { enabled: true })).toHaveLength(1)
  })

  it('follows no redirect, waits for no endless answer, and gives up when it is told to', async () => {
    const workspace = newWorkspace()
    const target = await newReceiver()
    const handlers: Handler[] = [
      (_seen, response) => void response.writeHead(307, { location: target.origin }).end(),
      (_seen, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write('x'.repeat(16_000)), 1)
        response.on('close', () => clearInterval(timer))
      },
      () => {},
    ]
    const receiver = await newReceiver((seen, response, index) => handlers[index]!(seen, response, index))
    const { channel } = await room.notifications.createChannel(
      { workspace },
      { channelType: 'webhook', url: `${receiver.origin}/a-secret-path`, events: ['job.stopped'] },
    )
    await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
    const { notifications } = await room.notifications.list(workspace)
    const task = { channel: channel.id, notification: notifications[0]!.id }
    const redirected = room.notifications.deliver(task, new AbortController().signal)
    await expect(redirected).rejects.toMatchObject({
      kind: 'transient',
      code: 'webhook.rejected',
      message: expect.not.stringContaining('a-secret-path'),
    })
    expect(target.seen).toHaveLength(0)
    await room.notifications.deliver(task, new AbortController().signal)
    const stop = new AbortController()
    const abandoned = room.notifications.deliver(task, stop.signal)
    await arrived(receiver, 3)
    stop.abort(new Error('the worker stops'))
    await expect(abandoned).rejects.toThrow('the worker stops')
  })

  it('says so when nobody listens', async () => {
    const [workspace, receiver] = [newWorkspace(), await serve(() => {})]
    const { channel } = await channelTo({ workspace }, receiver, ['job.failed'])
    await receiver.close()
    await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
    const { notifications } = await room.notifications.list(workspace)
    const task = { channel: channel.id, notification: notifications[0]!.id }
    await expect(room.notifications.deliver(task, new AbortController().signal)).rejects.toMatchObject({
      kind: 'transient',
      code: 'webhook.unreachable',
    })
  })

  it('drops what was put on its way to a channel that is deleted', async () => {
    const [workspace, receiver] = [newWorkspace(), await newReceiver()]
    const { channel } = await channelTo({ workspace }, receiver, ['job.failed'])
    await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
    const { notifications } = await room.notifications.list(workspace)
    await room.notifications.deleteChannel({ workspace }, channel.id)
    const task = { channel: channel.id, notification: notifications[0]!.id }
    await room.notifications.deliver(task, new AbortController().signal)
    expect(receiver.seen).toHaveLength(0)
  })

  describe('setting up', () => {
    const url = 'https://127.0.0.1:9/outflow'
    const valid = { channelType: 'webhook', url, events: ['job.completed'] } as const

    it.each([
      ['url', { url: 'http://hooks.example.com/' }],
      ['url', { url: 'http://127.0.0.1.example.com/' }],
      ['url', { url: 'http://10.0.0.1/' }],
      ['url', { url: 'ftp://hooks.example.com/' }],
      ['url', { url: 'https://someone:secret@127.0.0.1/' }],
      ['url', { url: 'no address' }],
      ['url', { url: `https://hooks.example.com/${'x'.repeat(2000)}` }],
      ['event_types', { events: [] }],
      ['description', { description: 'x'.repeat(256) }],
      ['secret', { secret: 'x'.repeat(23) }],
      ['secret', { secret: 'x'.repeat(76) }],
      ['secret', { secret: `whsec_${Buffer.alloc(23).toString('base64')}` }],
      ['secret', { secret: `whsec_${Buffer.alloc(76).toString('base64')}` }],
      ['secret', { secret: `whsec_${'not/base-64'.repeat(4)}` }],
    ])('refuses a channel by its %s: %j', async (field, part) => {
      const workspace = newWorkspace()
      const refused = { kind: 'config', code: 'channel.invalid', fields: [{ field }] }
      const create = room.notifications.createChannel({ workspace }, { ...valid, ...part })
      await expect(create).rejects.toMatchObject(refused)
      const { channel } = await room.notifications.createChannel({ workspace }, valid)
      const update = room.notifications.updateChannel({ workspace }, channel.id, part)
      await expect(update).rejects.toMatchObject(refused)
      expect(await room.notifications.channels({ workspace })).toEqual([channel])
    })

    it('refuses plain http to this machine too, unless private addresses are allowed', async () => {
      const create = room.strict.createChannel(
        { workspace: newWorkspace() },
        { ...valid, url: 'http://127.0.0.1:8080/' },
      )
      await expect(create).rejects.toMatchObject({ code: 'channel.invalid' })
    })

    it('refuses an address that the guard refuses, when it is set up and when it is called', async () => {
      const [workspace, receiver] = [newWorkspace(), await newReceiver()]
      const { channel } = await channelTo({ workspace }, receiver, ['job.failed'])
      await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
      const { notifications } = await room.notifications.list(workspace)
      const task = { channel: channel.id, notification: notifications[0]!.id }
      await expect(room.strict.deliver(task, new AbortController().signal)).rejects.toMatchObject({
        code: 'url.refused',
      })
      expect(receiver.seen).toHaveLength(0)
      for (const url of [
        'https://127.0.0.1/',
        'https://localhost/',
        'https://[fd00::1]/',
        'https://192.168.1.2/',
      ]) {
        const create = room.strict.createChannel({ workspace }, { ...valid, url })
        await expect(create).rejects.toMatchObject({ code: 'channel.invalid', fields: [{ field: 'url' }] })
      }
      const toClouds = room.notifications.createChannel(
        { workspace },
        { ...valid, url: 'https://169.254.169.254/' },
      )
      await expect(toClouds).rejects.toMatchObject({ code: 'channel.invalid', fields: [{ field: 'url' }] })
    })

    it('refuses a name that leads to a private address only once it has been checked', async () => {
      const [workspace, receiver] = [newWorkspace(), await newReceiver()]
      const url = receiver.origin.replace('127.0.0.1', 'localhost')
      const { channel } = await room.notifications.createChannel(
        { workspace },
        { channelType: 'webhook', url, events: ['job.failed'] },
      )
      await room.tell(jobOf(workspace, await room.newWorkflow(workspace)), 'job.completed')
      const { notifications } = await room.notifications.list(workspace)
      const task = { channel: channel.id, notification: notifications[0]!.id }
      const delivery = room.rebound.deliver(task, new AbortController().signal)
      await expect(delivery).rejects.toMatchObject({ code: 'url.refused' })
      expect(receiver.seen).toHaveLength(0)
    })

    it('refuses what is not built by its name', async () => {
      const create = room.notifications.createChannel(
        { workspace: newWorkspace() },
        { ...valid, channelType: 'email' },
      )
      await expect(create).rejects.toMatchObject({
        kind: 'config',
        code: 'channel.type_not_built',
        message: expect.stringContaining('"email"'),
      })
    })

    it('allows 50 channels in each scope, however many ask at once', async () => {
      const workspace = newWorkspace()
      const workflow = await room.newWorkflow(workspace)
      const create = () => room.notifications.createChannel({ workspace }, valid)
      const answers = await Promise.allSettled(Array.from({ length: 55 }, create))
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
      const refused = answers.filter((answer) => answer.status === 'rejected')
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'channel.too_many' })
      expect(await room.notifications.channels({ workspace })).toHaveLength(50)
      await room.notifications.createChannel({ workspace, workflowId: workflow.id }, valid)
      await room.notifications.createChannel({ workspace: newWorkspace() }, valid)
    })

    it('takes what PostgreSQL does not', async () => {
      const scope = { workspace: newWorkspace() }
      const description = 'zero \0, half \ud83d'
      const { channel } = await room.notifications.createChannel(scope, { ...valid, description })
      expect((await room.notifications.channel(scope, channel.id)).description).toBe(description)
      const { channel: bare } = await room.notifications.updateChannel(scope, channel.id, {
        description: null,
      })
      expect(bare).not.toHaveProperty('description')
      await expect(room.notifications.channel(scope, 'zero \0')).rejects.toMatchObject({
        code: 'channel.not_found',
      })
      await expect(room.notifications.get(scope.workspace, 'zero \0')).rejects.toMatchObject({
        code: 'notification.not_found',
      })
    })
  })

  it('shows nothing of a workspace or a workflow to another one', async () => {
    const [workspace, stranger] = [newWorkspace(), newWorkspace()]
    const [workflow, sibling] = [await room.newWorkflow(workspace), await room.newWorkflow(workspace)]
    const scope = { workspace, workflowId: workflow.id }
    const { channel } = await room.notifications.createChannel(scope, {
      channelType: 'webhook',
      url: 'https://127.0.0.1:9/',
      events: ['job.completed'],
    })
    await room.tell(jobOf(workspace, workflow), 'job.failed')
    const { notifications } = await room.notifications.list(workspace)
    const foreign: ChannelScope[] = [
      { workspace: stranger },
      { workspace: stranger, workflowId: workflow.id },
      { workspace },
      { workspace, workflowId: sibling.id },
    ]
    for (const other of foreign) {
      const missing = { kind: 'missing', code: expect.stringMatching(/^(channel|workflow)\.not_found$/) }
      const { notifications: cases } = room
      await expect(cases.channel(other, channel.id)).rejects.toMatchObject(missing)
      await expect(cases.updateChannel(other, channel.id, { enabled: false })).rejects.toMatchObject(missing)
      await expect(cases.rotateSecret(other, channel.id)).rejects.toMatchObject(missing)
      await expect(cases.deleteChannel(other, channel.id)).rejects.toMatchObject(missing)
    }
    expect(await room.notifications.channel(scope, channel.id)).toEqual(channel)
    expect(await room.notifications.channels({ workspace: stranger })).toEqual([])
    expect((await room.notifications.list(stranger)).notifications).toEqual([])
    expect(await room.notifications.unreadCount(stranger)).toBe(0)
    expect(await room.notifications.markRead(stranger)).toBe(0)
    await expect(room.notifications.get(stranger, notifications[0]!.id)).rejects.toMatchObject({
      code: 'notification.not_found',
    })
  })

  it('keeps no secret readable in the database', async () => {
    const workspace = newWorkspace()
    const own = 'correct horse battery staple'
    const { channel, secret } = await room.notifications.createChannel(
      { workspace },
      { channelType: 'webhook', url: 'https://127.0.0.1:9/', events: ['job.failed'] },
    )
    await room.notifications.rotateSecret({ workspace }, channel.id, own)
    const rows = await store.records.tables.withSchema('outflow').selectFrom('channels').selectAll().execute()
    const dump = rows.map(
      ({ secret: sealed, ...row }) => Buffer.from(sealed).toString('latin1') + JSON.stringify(row),
    )
    expect(dump.join()).toContain(channel.id)
    expect(dump.join()).not.toContain(own)
    expect(dump.join()).not.toContain(secret!.slice('whsec_'.length))
    expect(JSON.stringify(await room.notifications.channels({ workspace }))).not.toContain(own)
  })

  it('lists in pages and by filters, and counts what is unread', async () => {
    const workspace = newWorkspace()
    const [one, other] = [await room.newWorkflow(workspace), await room.newWorkflow(workspace)]
    for (const event of ['job.scheduled', 'job.in_progress', 'job.completed'] as const)
      for (const workflow of [one, other]) await room.tell(jobOf(workspace, workflow), event)
    const { list, markRead, unreadCount } = room.notifications
    const all = (await list(workspace)).notifications
    expect(all).toHaveLength(6)
    const first = await list(workspace, { limit: 4 })
    const second = await list(workspace, { limit: 4, after: first.next! })
    expect([...first.notifications, ...second.notifications]).toEqual(all)
    expect(second).not.toHaveProperty('next')
    const filtered = await list(workspace, { workflowId: one.id, events: ['job.completed', 'job.failed'] })
    expect(filtered.notifications.map(({ event, workflowId }) => [event, workflowId])).toEqual([
      ['job.completed', one.id],
    ])
    expect((await list(workspace, { since: all[1]!.createdAt })).notifications).toEqual(
      all.filter(({ createdAt }) => createdAt > all[1]!.createdAt),
    )
    await expect(list(workspace, { after: 'elsewhere' })).rejects.toMatchObject({
      code: 'notification.cursor_unknown',
    })
    expect(await unreadCount(workspace)).toBe(6)
    expect(await markRead(workspace, { ids: [all[0]!.id, all[1]!.id, 'nobody'] })).toBe(2)
    expect(await markRead(workspace, { ids: [all[0]!.id] })).toBe(0)
    expect((await list(workspace, { unreadOnly: true })).notifications).toHaveLength(4)
    expect(await unreadCount(workspace, one.id)).toBe(2)
    expect(await markRead(workspace, { before: new Date(0) })).toBe(0)
    expect(await markRead(workspace, { workflowId: one.id })).toBe(2)
    expect(await markRead(workspace)).toBe(2)
    expect(await unreadCount(workspace)).toBe(0)
  })

  it('forgets what is older than 90 days', async () => {
    const workspace = newWorkspace()
    const workflow = await room.newWorkflow(workspace)
    await room.tell(jobOf(workspace, workflow), 'job.failed')
    await room.tell(jobOf(workspace, workflow), 'job.completed')
    const [latest, oldest] = (await room.notifications.list(workspace)).notifications
    await store.records.tables
      .withSchema('outflow')
      .updateTable('notifications')
      .set({ created_at: new Date(Date.now() - 91 * 24 * 3600_000) })
      .where('id', '=', oldest!.id)
      .execute()
    expect(await room.notifications.forgetOld()).toBe(1)
    expect((await room.notifications.list(workspace)).notifications).toEqual([latest])
  })
}, server)
