import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Handler, type Loopback, sendJson, serve } from '../../test/support/loopback.ts'
import { createHttp, type HttpClient, type HttpOptions } from './http.ts'
import { createSharing } from './http-sharing.ts'
import { createThrottle } from './http-throttle.ts'

const signal = new AbortController().signal
const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function site(handler: Handler): Promise<Loopback> {
  const server = await serve(handler)
  opened.push(server)
  return server
}

interface Party {
  readonly http: HttpClient
  /** What it was told of waiting. */
  readonly waits: string[]
  /** Asks once. @returns the milliseconds that it took */
  ask(): Promise<number>
}

/** One who knows nothing of the others. */
function party({ origin }: Loopback, options: Partial<HttpOptions> = {}): Party {
  const waits: string[] = []
  const http = createHttp({
    origin,
    authorization: 'Bearer token-4711',
    concurrency: 2,
    patience: 20,
    timeout: 5,
    onWait: (_, reason) => waits.push(reason),
    ...options,
  })
  opened.push(http)
  const ask = async () => {
    const start = performance.now()
    await http.json({ path: '/', signal })
    return performance.now() - start
  }
  return { http, waits, ask }
}

const slowDown = 'the site asked us to slow down (429)'

/** Refuses the very first request for a second. */
const refusingFirst: Handler = (_, response, index) =>
  sendJson(response, index === 0 ? 429 : 200, {}, index === 0 ? { 'retry-after': '1' } : {})

/** Until it has been refused. */
const refusal = ({ waits }: { readonly waits: readonly string[] }) =>
  vi.waitUntil(() => waits.length > 0, { interval: 5, timeout: 10_000 })

/** Milliseconds from the refusal to the next request, whoever sent it. */
const pauseOf = ({ seen }: Loopback) => seen[1]!.at - seen[0]!.at

describe('two clients with one site and one credential', () => {
  it('keep the pause that either was asked for, and both say why', async () => {
    const server = await site(refusingFirst)
    const [one, other] = [party(server), party(server)]
    const first = one.ask()
    await refusal(one)
    await Promise.all([other.ask(), first])
    expect(pauseOf(server)).toBeGreaterThan(950)
    expect([one.waits, other.waits]).toEqual([[slowDown], [slowDown]])
    expect(other.http.usage()).toMatchObject({ requests: 1, retries: 0 })
    expect(other.http.usage().waitedSeconds).toBeGreaterThan(0)
  })

  it('have together as many requests under way as one of them', async () => {
    let now = 0
    let most = 0
    const server = await site(async (_, response) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 10))
      now--
      sendJson(response, 200, {})
    })
    const parties = [party(server), party(server), party(server)]
    await Promise.all(Array.from({ length: 24 }, (_, index) => parties[index % 3]!.ask()))
    expect(most).toBe(2)
  })

  it('keep to requests_per_second together', async () => {
    const server = await site((_, response) => sendJson(response, 200, {}))
    const parties = [party(server, { requestsPerSecond: 10 }), party(server, { requestsPerSecond: 10 })]
    await Promise.all(Array.from({ length: 6 }, (_, index) => parties[index % 2]!.ask()))
    expect(server.seen.at(-1)!.at - server.seen[0]!.at).toBeGreaterThan(450)
    expect(parties.flatMap(({ waits }) => waits)).toEqual([])
  })

  it('spread a budget that runs low, whoever learned of it', async () => {
    const low = {
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '10',
      'x-ratelimit-interval-seconds': '5',
      'x-ratelimit-fillrate': '100',
    }
    const server = await site((_, response) => sendJson(response, 200, {}, low))
    const [one, other] = [party(server), party(server)]
    await one.ask()
    expect(await other.ask()).toBeGreaterThan(400)
    expect(other.waits).toEqual(["the site's request budget runs low"])
  })

  it('leave nothing behind: who comes after the last one begins anew', async () => {
    const server = await site((_, response, index) =>
      sendJson(response, index === 0 ? 429 : 200, {}, index === 0 ? { 'retry-after': '600' } : {}),
    )
    const one = party(server)
    await expect(one.ask()).rejects.toMatchObject({ kind: 'throttled' })
    await expect(party(server).ask()).rejects.toMatchObject({ kind: 'throttled' })
    expect(server.seen).toHaveLength(1)
    for (const each of opened.splice(1)) await each.close()
    await one.http.close()
    expect(await party(server).ask()).toBeLessThan(500)
  })
})

describe('a client is not held up', () => {
  it.each([
    ['another credential', { authorization: 'Bearer token-0815' }],
    ['a visitor', { authorization: undefined }],
    ['who shares with others', { sharing: createSharing() }],
  ])('by a pause that was asked of %s', async (_, others) => {
    const server = await site(refusingFirst)
    const [one, other] = [party(server, others as Partial<HttpOptions>), party(server)]
    const first = one.ask()
    await refusal(one)
    expect(await other.ask()).toBeLessThan(500)
    await first
  })

  it('by the budget of another host that it was sent on to', async () => {
    const empty = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }
    const media = await site((_, response) => sendJson(response, 200, {}, empty))
    const server = await site((seen, response) =>
      seen.path === '/file'
        ? void response.writeHead(302, { location: `${media.origin}/` }).end()
        : sendJson(response, 200, {}),
    )
    const one = party(server)
    await one.http.json({ path: '/file', signal, allowRedirectTo: ({ origin }) => origin === media.origin })
    expect(await one.ask()).toBeLessThan(500)
  })
})

describe('a throttle kept elsewhere', () => {
  it('is shared by processes, under a key that does not tell the credential', async () => {
    const server = await site(refusingFirst)
    const kept = createThrottle()
    const keys = new Set<string>()
    const process = () =>
      createSharing((key) => {
        keys.add(key)
        return kept
      })
    const [one, other] = [party(server, { sharing: process() }), party(server, { sharing: process() })]
    const first = one.ask()
    await refusal(one)
    await Promise.all([other.ask(), first])
    expect(pauseOf(server)).toBeGreaterThan(950)
    expect([...keys]).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ [0-9a-f]{64}$/)])
  })
})
