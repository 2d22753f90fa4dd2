/**
 * The same tests for every site: one trouble at every request, two at once, and a site that asks for patience again and again.
 *
 * How much is tried is said by `OUTFLOW_TEST_FAULTS` (a number of runs for each test, or `all`) and `OUTFLOW_TEST_FAULT_PAIRS`; what is
 * chosen by `OUTFLOW_TEST_SEED`. With the first of them set, a table says how the runs ended.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import { openLedger } from '../second-run/scene.ts'
import { type Campaign, type Case, campaign } from './campaign.ts'
import { kinds, type Trouble } from './kinds.ts'
import { type Lane, openLane } from './lane.ts'
import { afterRecovery } from './verdict.ts'

const {
  OUTFLOW_TEST_FAULTS: amount,
  OUTFLOW_TEST_FAULT_PAIRS: pairs = '4',
  OUTFLOW_TEST_SEED: seed = '1',
} = process.env
const longest = 3_600_000

type Site = Pick<SandboxOptions, 'flavour' | 'version'>

/** @param whole whether first runs and throttled ones are tried as well */
export async function faultTests(site: Site, whole = true): Promise<void> {
  const ledger = await openLedger()
  const random = randomFrom(Number(seed))
  const name = `${site.flavour} ${site.version ?? ''}`.trim()
  let lanes: readonly Lane[] = []

  beforeAll(async () => {
    lanes = await Promise.all(Array.from({ length: 4 }, () => openLane({ ledger, ...site })))
  })
  afterAll(() => Promise.all(lanes.map((lane) => lane.close())))

  async function expectSound(options: Pick<Campaign, 'which' | 'choose'>): Promise<void> {
    const { table, problems, cases, struck } = await campaign({ lanes, ...options })
    if (amount !== undefined) console.table(table)
    expect(problems).toEqual([])
    expect(struck).toBeGreaterThan(cases * 0.7)
  }

  describe.each(whole ? (['first', 'later'] as const) : (['later'] as const))(
    `a %s run on ${name}`,
    (which) => {
      it(
        'loses nothing, removes nothing and lets nobody in by any one trouble',
        () => expectSound({ which, choose: (all) => some(all, random) }),
        longest,
      )
      it('nor by two at once', () => expectSound({ which, choose: (all) => couples(all, random) }), longest)
    },
  )

  if (!whole) return
  it(
    `a later run on ${name} that is throttled at random ends complete`,
    async () => {
      const lane = lanes[0]!
      const place = await lane.place()
      await place.run()
      lane.turn()
      const effect = { kind: 'status', status: 429, retryAfter: { seconds: 0, as: 'seconds' } } as const
      const ran = await place.run([{ effect, probability: 0.3, seed: Number(seed) }])
      expect(await afterRecovery(lane, place, ran)).toEqual([])
      expect(ran.job.retries).toBeGreaterThan(5)
    },
    longest,
  )
}

/** Each kind as often as any other; by default once. */
function some(all: readonly Trouble[], random: Random): readonly Case[] {
  if (amount === 'all') return all.map((trouble) => [trouble])
  const ofEach = Math.ceil(Number(amount ?? 1) / kinds.length)
  return kinds.flatMap((kind) => {
    const left = all.filter((trouble) => trouble.kind === kind)
    const count = Math.min(ofEach, left.length)
    return Array.from({ length: count }, (): Case => [left.splice(random.below(left.length), 1)[0]!])
  })
}

function couples(all: readonly Trouble[], random: Random): readonly Case[] {
  return Array.from({ length: Number(pairs) }, (): Case => {
    const one = random.pick(all)
    return [one, random.pick(all.filter(({ state }) => state === one.state))]
  })
}
