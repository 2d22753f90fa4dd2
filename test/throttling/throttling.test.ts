import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { parseFault } from '../../src/sandbox/faults/grammar.ts'
import { generatedWorld } from '../../src/sandbox/index.ts'
import { type Flavour, flavours, type Tried, tryCommand, tryRun } from '../bad-input/trying.ts'

/** Runs of this file wait more than they work, so they take place at the same time. */
const patience = 60_000

const siteOf = (flavour: Flavour, faults: readonly string[] = []) => ({
  world: generatedWorld({ pages: 60, spaces: 6, seed: 11, flavour, bodySize: [100, 300] }),
  flavour,
  faults: faults.map(parseFault),
})

const throttled = (flavour: Flavour, ...faults: readonly string[]) => tryRun(siteOf(flavour, faults))

/** Three in ten requests, by three dice: without a word on how long, at once, and after a second. */
const threeInTen = (flavour: Flavour, seed: number) => [
  `429,probability=0.1,seed=${seed},retry-after=none`,
  `${flavour === 'cloud' ? 429 : 403},probability=0.1111,seed=${seed + 1},retry-after=0`,
  `429,probability=0.125,seed=${seed + 2},retry-after=1`,
]

const refusals = ({ stats }: Tried) => (stats.byStatus[429] ?? 0) + (stats.byStatus[403] ?? 0)

const reasons = (events: readonly RunEvent[]) =>
  new Set(events.flatMap((event) => (event.type === 'waiting' ? [event.reason] : [])))

const titles = ({ events }: Tried) =>
  events.flatMap((event) => (event.type === 'document.done' ? [event.document.title] : [])).sort()

const slowDown = 'the site asked us to slow down (429)'
const lowBudget = "the site's request budget runs low"

describe.concurrent.each(flavours)('a run against %s', (flavour) => {
  it(
    'that refuses three requests in ten ends complete, and asks nothing twice without need',
    async () => {
      const undisturbed = await throttled(flavour)
      const seeds = [1, 20, 300, 4000]
      const runs = await Promise.all(seeds.map((seed) => throttled(flavour, ...threeInTen(flavour, seed))))
      for (const run of runs) {
        expect(run.job).toMatchObject({ outcome: 'finished', coverage: undisturbed.job.coverage })
        expect(run.job.permissions).toEqual(undisturbed.job.permissions)
        expect(titles(run)).toEqual(titles(undisturbed))
        expect(refusals(run)).toBeGreaterThan(0)
        // No client can do with less; how much that is, chance alone decides: 1.43 times as many, in the long run.
        expect(run.stats.requests).toBe(undisturbed.stats.requests + refusals(run))
        expect(run.job).toMatchObject({ requests: run.stats.requests, retries: refusals(run) })
        expect(reasons(run.events)).toContain(slowDown)
      }
      const asked = runs.reduce((sum, { stats }) => sum + stats.requests, 0)
      expect(asked / runs.length / undisturbed.stats.requests).toBeLessThanOrEqual(1.5)
    },
    patience,
  )

  it(
    'that tells its budget spreads itself, and is never refused',
    async () => {
      const run = await throttled(flavour, 'quota,limit=20,seconds=2')
      expect(run.job.outcome).toBe('finished')
      expect(refusals(run)).toBe(0)
      expect(run.job.retries).toBe(0)
      expect(reasons(run.events)).toEqual(new Set([lowBudget]))
      expect(run.job.waited_seconds).toBeGreaterThan(1)
    },
    patience,
  )

  it.each(['429:1,from=5,retry-after=date:2', '503:1,from=5,retry-after=1', '403:1,from=5,retry-after=1'])(
    'waits for everybody, once: %s',
    async (fault) => {
      const run = await throttled(flavour, fault)
      expect(run.job).toMatchObject({ outcome: 'finished', retries: 1 })
      expect(run.events.filter(({ type }) => type === 'waiting')).toHaveLength(1)
      expect(run.job.waited_seconds).toBeGreaterThan(0.5)
    },
    patience,
  )

  it('that blocks the account for ever stops, and says who can help', async () => {
    const run = await throttled(flavour, '429,from=10,retry-after=never')
    expect(run.job).toMatchObject({
      outcome: 'failed',
      error: { kind: 'throttled', code: 'http.blocked', fix: expect.stringContaining('administrator') },
    })
    // What was under way when the word came, and nothing after it.
    expect(run.stats.requests).toBeLessThan(10 + 8)
  })
})

describe('the summary', () => {
  it(
    'says how often and how long the run waited, and why',
    async () => {
      const faults = ['429:1,from=5,retry-after=1', '503:2,from=12']
      const { code, stdout } = await tryCommand(siteOf('cloud', faults))
      expect(code).toBe(0)
      expect(stdout).toMatch(/ {2}\d+ requests, 3 retries, [1-9]\.\d s spent waiting\n/)
      expect(stdout).toMatch(/ {4}1\.\d s in 1 wait: the site asked us to slow down \(429\)\n/)
      expect(stdout).toMatch(/ {4}\d\.\d s in [12] waits?: the site answered 503\n/)
    },
    patience,
  )
})
