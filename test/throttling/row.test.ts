/**
 * The rules of the shared throttle, which are said in SQL, against those of the one in memory: random histories of both have to go the same
 * way. The rest is what only the shared one knows: permits for several requests, and answers that are told late.
 *
 * OUTFLOW_TEST_SEED: decides the histories. Default 1.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RateState } from '../../src/kit/http-rate.ts'
import { createThrottle, lowBudget } from '../../src/kit/http-throttle.ts'
import { mix, type Random, randomFrom } from '../../src/sandbox/random.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { openThrottleRow, type Report, type Standing } from '../../src/store/throttle-row.ts'

const seed = Number(process.env.OUTFLOW_TEST_SEED ?? 1)

let folder: string
let store: Store

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outflow-throttle-'))
  store = await openStore({ stateDir: folder })
}, 60_000)

afterAll(async () => {
  await store?.close()
  await rm(folder, { recursive: true, force: true })
})

/** A row whose clock is set by hand. */
function rowAt(clock: { now: number }, key: string) {
  const exchange = openThrottleRow(store.records.tables, key, () => sql`${clock.now}::float8`)
  const nothing = { holder: 'one', held: 0, ended: 0 }
  return (report: Partial<Report>) => exchange({ ...nothing, ...report })
}

const one = { ahead: 0, most: 1, lasting: 0.2 }
const plain = { nearLimit: false, resetIn: undefined, refill: undefined }

/** An answer in the words of either product, or of neither. */
function anyState(random: Random, limit: number): RateState | undefined {
  const remaining = Math.floor(random.share() * random.share() * limit)
  const dialects: (RateState | undefined)[] = [
    undefined,
    { ...plain, limit, remaining, resetIn: random.share() * 20 },
    { ...plain, limit, remaining, refill: { tokens: 1 + random.below(limit), seconds: 5 } },
    { ...plain, limit: undefined, remaining: undefined, nearLimit: true },
  ]
  return random.pick(dialects)
}

describe.each(Array.from({ length: 6 }, (_, index) => index))('history %i of two processes', (number) => {
  it('goes by the same rules as one in memory', async () => {
    const random = randomFrom(mix(seed, number))
    const clock = { now: 1000 }
    const memory = createThrottle(() => clock.now)
    const row = rowAt(clock, `history ${number}`)
    const underWay: Record<string, number> = { one: 0, two: 0 }
    const limit = 5 + random.below(40)
    const seen = new Set<string>()

    const ask = async (holder: string) => {
      const interval = random.chance(0.8) ? 0 : random.share() * 0.3
      const expected = await memory.ask(interval)
      const standing = await row({ holder, held: underWay[holder]!, wish: { interval, ...one } })
      expect(waitOf(standing)).toEqual(
        expected && { ...expected, seconds: expect.closeTo(expected.seconds, 5) },
      )
      if (expected === undefined) underWay[holder]!++
      seen.add(expected === undefined ? 'granted' : (expected.reason ?? 'own wish'))
    }

    for (let step = 0; step < 150; step++) {
      const holder = random.pick(['one', 'two'])
      clock.now += random.share() * (random.chance(0.1) ? 10 : 0.2)
      if (random.chance(0.6)) await ask(holder)
      else if (random.chance(0.04)) {
        const pause = { seconds: random.share() * 3, reason: `pause at ${step}` }
        await memory.pause(pause.seconds, pause.reason)
        await row({ holder, held: underWay[holder]!, pause })
        await ask(holder)
      } else if (underWay[holder]! > 0) {
        const state = anyState(random, limit)
        underWay[holder]!--
        await memory.ended(state)
        await row({ holder, held: underWay[holder]!, ended: 1, told: state && { state, ago: 0 } })
      }
    }
    expect(seen).toContain('granted')
    expect(seen).toContain(lowBudget)
  })
})

/** As the throttle in memory would say it. */
function waitOf({ granted, startsIn, byBudget, pausedFor, pauseReason }: Standing) {
  if (granted > 0) return undefined
  if (pausedFor > 0) return { seconds: pausedFor, reason: pauseReason }
  return { seconds: startsIn, ...(byBudget ? { reason: lowBudget } : {}) }
}

describe('permits for several requests', () => {
  const wish = { interval: 0, ahead: 0.2, most: 50, lasting: 0.2 }
  const cloud = (remaining: number): RateState => ({ ...plain, limit: 100, remaining, resetIn: 10 })

  it('are one as long as nobody was answered, and as many as may be where nobody counts', async () => {
    const row = rowAt({ now: 1000 }, 'silent')
    expect(await row({ wish })).toMatchObject({ granted: 1, spacing: 0, counted: false })
    expect(await row({ ended: 1, wish })).toMatchObject({ granted: 50, spacing: 0, startsIn: 0 })
  })

  it('are a share of what is left, less for each who asks, and one at a time where it runs low', async () => {
    const row = rowAt({ now: 1000 }, 'shares')
    await row({ ended: 1, told: { state: cloud(92), ago: 0 } })
    const holders = Array.from({ length: 60 }, (_, index) => `process ${index}`)
    const granted: number[] = []
    for (const holder of holders) granted.push((await row({ holder, wish })).granted)
    expect(granted.slice(0, 3)).toEqual([9, 7, 7])
    expect(granted.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(92)
    expect(granted.at(-1)).toBe(0)
  })

  it('lie behind those of others, and within reach', async () => {
    const row = rowAt({ now: 1000 }, 'behind')
    const slow = { ...wish, interval: 0.05 }
    await row({ ended: 1 })
    const shown = ({ granted, startsIn }: Standing) => [granted, Number(startsIn.toFixed(3))]
    expect(shown(await row({ holder: 'one', wish: slow }))).toEqual([4, 0])
    expect(shown(await row({ holder: 'two', wish: slow }))).toEqual([4, 0.2])
    expect(shown(await row({ holder: 'three', wish: slow }))).toEqual([0, 0.4])
    expect(shown(await row({ holder: 'three', wish: { ...slow, ahead: 0.4 } }))).toEqual([4, 0.4])
  })

  it('come back when they are not used, and when their holder has died', async () => {
    const clock = { now: 1000 }
    const row = rowAt(clock, 'back')
    await row({ ended: 1, told: { state: cloud(92), ago: 0 } })
    const first = await row({ holder: 'one', wish })
    await row({ holder: 'one', held: 0, ended: 0 })
    expect(await row({ holder: 'two', wish })).toMatchObject({ granted: first.granted })
    clock.now += 31
    await row({ holder: 'three', ended: 1, told: { state: cloud(92), ago: 0 } })
    expect(await row({ holder: 'three', wish })).toMatchObject({ granted: first.granted })
  })

  it('are reckoned by the latest answer, whenever it is reported', async () => {
    const clock = { now: 1000 }
    const row = rowAt(clock, 'late')
    await row({ holder: 'one', ended: 1, told: { state: cloud(28), ago: 0 } })
    await row({ holder: 'two', ended: 1, told: { state: cloud(90), ago: 0.3 } })
    expect(await row({ holder: 'two', wish })).toMatchObject({ granted: 1 })
  })
})

it('a row that nobody needed for a day is removed when another one is made', async () => {
  const row = rowAt({ now: 1000 }, 'old')
  await row({})
  await sql`update outflow.throttles set until = now() - interval '1 second'`.execute(store.records.tables)
  await rowAt({ now: 1000 }, 'new')({})
  const { rows } = await sql<{ key: string }>`select key from outflow.throttles`.execute(store.records.tables)
  expect(rows.map(({ key }) => key)).toEqual([expect.stringMatching(/^new \S{32}$/)])
})
