/** Several processes, one database, one site: the site sees one account that keeps to its budget, whoever it is that asks. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../../src/kit/http.ts'
import { createSharing } from '../../src/kit/http-sharing.ts'
import { lowBudget } from '../../src/kit/http-throttle.ts'
import { parseFault } from '../../src/sandbox/faults/grammar.ts'
import { generatedWorld, startSandbox } from '../../src/sandbox/index.ts'
import { openStore } from '../../src/store/index.ts'
import { account, flavours } from '../bad-input/trying.ts'
import { start } from '../store/children.ts'
import { wireTo } from '../store/wire.ts'
import { type Handler, type Loopback, sendJson, serve } from '../support/loopback.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { mostWithin } from './seconds.ts'
import type { Outcome, Sharer } from './sharer.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const program = new URL('./sharer.ts', import.meta.url)
const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

/** Each thinks that it is another hour. */
const skews = [0, 3_600_000, -3_600_000, 86_400_000]

/** Lets as many processes as there are tasks go at the same time. */
async function together(databaseUrl: string, works: readonly Sharer['work'][]): Promise<Outcome[]> {
  const children = works.map((work, index) => {
    const sharer: Sharer = { databaseUrl, skew: skews[index % skews.length]!, work }
    return start(program, JSON.stringify(sharer))
  })
  for (const child of children) expect(await child.line()).toBe('ready')
  for (const child of children) child.tell('go')
  return Promise.all(children.map(async (child) => JSON.parse((await child.line())!) as Outcome))
}

async function site(handler: Handler): Promise<Loopback> {
  const loopback = await serve(handler)
  opened.push(loopback)
  return loopback
}

const names = ['ann', 'bob', 'cy', 'dee']

describe.skipIf(!server)(`four processes${server ? '' : ` ${noPostgres}`}`, () => {
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await server!.newDatabase()
    await (await openStore({ databaseUrl })).close()
  })

  const asking = ({ origin }: Loopback, options: object) =>
    names.map((name) => ({ kind: 'ask' as const, name, origin, concurrency: 4, ...options }))

  it.each(flavours)('spend one budget of %s without being refused', { timeout: 90_000 }, async (flavour) => {
    const world = generatedWorld({ pages: 60, spaces: 6, seed: 11, flavour, bodySize: [100, 300] })
    const faults = [parseFault('quota,limit=50,seconds=2')]
    const sandbox = await startSandbox({ world, flavour, faults, latencyMs: 10 })
    opened.push(sandbox)
    const settings = { ...account(sandbox, flavour), max_num_of_docs_from_each_space: 0 }
    const outcomes = await together(databaseUrl, Array(4).fill({ kind: 'walk', settings }))
    expect(outcomes.map(({ done }) => done)).toEqual([60, 60, 60, 60])
    expect(sandbox.stats.read().byStatus[429] ?? 0).toBe(0)
    expect(new Set(outcomes.flatMap(({ reasons }) => reasons))).toEqual(new Set([lowBudget]))
  })

  it('all keep the pause that one of them was asked for, within a second', { timeout: 60_000 }, async () => {
    const begin = performance.now()
    let refusedAt = 0
    const loopback = await site(async (_, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (refusedAt > 0 || performance.now() < begin + 4000) return sendJson(response, 200, {})
      refusedAt = performance.now()
      sendJson(response, 429, {}, { 'retry-after': '3' })
    })
    const outcomes = await together(databaseUrl, asking(loopback, { seconds: 8 }))
    const since = loopback.seen.map(({ at, path }) => ({ path, after: (at - refusedAt) / 1000 }))
    expect(since.filter(({ after }) => after > 1 && after < 2.95)).toEqual([])
    const back = since.filter(({ after }) => after > 2.95)
    expect(new Set(back.map(({ path }) => path))).toEqual(new Set(names.map((name) => `/${name}`)))
    expect(outcomes.reduce((sum, { retries }) => sum + retries, 0)).toBe(1)
    for (const { reasons } of outcomes) expect(reasons).toEqual(['the site asked us to slow down (429)'])
  })

  it.each([8, 40])(
    'keep to %i requests a second together, and each has its turn',
    {
      timeout: 60_000,
    },
    async (requestsPerSecond) => {
      const loopback = await site((_, response) => sendJson(response, 200, {}))
      await together(databaseUrl, asking(loopback, { requestsPerSecond, seconds: 8 }))
      const times = loopback.seen.map(({ at }) => at)
      // On a busy machine, what is on its way is early or late by some tenths of a second; in the long run it evens out.
      expect(mostWithin(times, 1000)).toBeLessThanOrEqual(1.3 * requestsPerSecond + 4)
      expect(times.length).toBeLessThanOrEqual((requestsPerSecond * (times.at(-1)! - times[0]!)) / 1000 + 6)
      expect(times.length).toBeGreaterThan(0.8 * 8 * requestsPerSecond)
      for (const name of names) {
        const share = loopback.seen.filter(({ path }) => path === `/${name}`).length / times.length
        expect(share, name).toBeGreaterThan(0.1)
      }
    },
  )

  it('that are killed take nothing along', { timeout: 60_000 }, async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '900', 'x-ratelimit-reset': '60' }
    const loopback = await site((_, response) => sendJson(response, 200, {}, headers))
    const child = start(
      program,
      JSON.stringify({ databaseUrl, skew: 0, work: { ...asking(loopback, {})[0]!, seconds: 60 } }),
    )
    expect(await child.line()).toBe('ready')
    child.tell('go')
    await expect.poll(() => loopback.seen.length, { timeout: 10_000 }).toBeGreaterThan(50)
    await child.kill()
    const before = loopback.seen.length
    const outcomes = await together(databaseUrl, [{ ...asking(loopback, {})[1]!, requests: 200 }])
    expect(loopback.seen.length - before).toBeGreaterThanOrEqual(200)
    expect(outcomes[0]!.reasons).toEqual([])
  })
})

describe.skipIf(!server)(`without a database${server ? '' : ` ${noPostgres}`}`, () => {
  it.each([
    ['cannot be reached', 20],
    ['does not answer', undefined],
  ])(
    'that %s, a process asks slowly, keeps pauses, and comes back',
    { timeout: 60_000 },
    async (_, cutEvery) => {
      let broken = false
      await using wire = await wireTo(server!.port, (sent) => (broken ? Buffer.alloc(0) : sent))
      const store = await openStore({ databaseUrl: wire.through(await server!.newDatabase()) })
      opened.push(store)
      let pauses = 0
      const loopback = await site((_, response) =>
        pauses-- > 0
          ? sendJson(response, 429, {}, { 'retry-after': '1' })
          : void setTimeout(() => sendJson(response, 200, {}), 5),
      )
      const http = createHttp({
        ...{
          origin: loopback.origin,
          authorization: 'Bearer alone',
          concurrency: 4,
          patience: 30,
          timeout: 5,
        },
        sharing: createSharing(store.throttleOf),
      })
      opened.push(http)
      const stop = new AbortController()
      const asking = Array.from({ length: 4 }, async () => {
        while (!stop.signal.aborted) await http.json({ path: '/', signal: new AbortController().signal })
      })
      const rate = async (seconds: number) => {
        const before = loopback.seen.length
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
        return (loopback.seen.length - before) / seconds
      }
      await rate(0.5)
      expect(await rate(1)).toBeGreaterThan(50)
      broken = true
      const cutting = cutEvery === undefined ? undefined : setInterval(wire.cut, cutEvery)
      // What is in hand, and the time that an answer is waited for.
      await rate(2.6)
      const alone = await rate(3)
      expect(alone).toBeLessThanOrEqual(5)
      expect(alone).toBeGreaterThan(1)
      pauses = 1
      await expect.poll(() => http.usage().retries, { timeout: 10_000, interval: 20 }).toBe(1)
      const before = loopback.seen.length
      await rate(0.8)
      expect(loopback.seen.length - before).toBeLessThanOrEqual(1)
      broken = false
      clearInterval(cutting)
      wire.cut()
      await expect.poll(() => rate(1), { timeout: 15_000 }).toBeGreaterThan(50)
      stop.abort()
      await Promise.all(asking)
    },
  )
})
