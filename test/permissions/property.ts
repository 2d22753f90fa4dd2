/**
 * The property test, for one flavour. Seeds are fixed, so a failure stays one until it is mended.
 *
 * - `OUTFLOW_TEST_WORLDS`: how many worlds, each tried on either flavour. Default 200; `.ci/run` takes more.
 * - `OUTFLOW_TEST_SEED`: the first seed. Default 1.
 *
 * @module
 */

import { describe, expect, it } from 'vitest'
import type { Flavour } from './crawl.ts'
import { type Trial, tryBrokenWorld, tryWorld } from './trial.ts'

const worlds = Number(process.env.OUTFLOW_TEST_WORLDS ?? 200)
const firstSeed = Number(process.env.OUTFLOW_TEST_SEED ?? 1)
/** Worlds in one test. */
const bundle = 50
/** From so many worlds on, everything that can occur must have occurred. */
const many = 100

/** For each so many worlds that work, one that does not. */
const brokenShare = 10

export function emittedPermissionsAreExact(flavour: Flavour): void {
  whereAllAnswers(flavour)
  whereTheSiteFails(flavour)
}

function whereAllAnswers(flavour: Flavour): void {
  const trials: Trial[] = []

  describe(`on ${flavour}, what is emitted lets in exactly whom Confluence lets in`, () => {
    for (let seed = firstSeed; seed < firstSeed + worlds; seed += bundle) {
      const last = Math.min(seed + bundle, firstSeed + worlds) - 1
      it(`in the worlds of seeds ${seed} to ${last}`, { timeout: 120_000 }, async () => {
        const tried = await tryWorlds(seed, last, flavour)
        trials.push(...tried)
        expect(tried.flatMap(problemsOf)).toEqual([])
      })
    }

    it.runIf(worlds >= many)('and every kind of decision and status occurred', () => {
      const sum = (count: (trial: Trial) => number) =>
        trials.reduce((total, trial) => total + count(trial), 0)
      expect(trials).toHaveLength(worlds)
      expect(sum(({ documents }) => documents)).toBeGreaterThan(worlds * 3)
      const share = sum(({ allowed }) => allowed) / sum(({ compared }) => compared)
      expect(share).toBeGreaterThan(0.2)
      expect(share).toBeLessThan(0.8)
      expect(sum(({ checked }) => checked)).toBeGreaterThan(worlds)
      // Cloud has a class that nobody can enumerate, Data Center spaces whose grants nobody may see.
      const statuses = new Set(trials.flatMap((trial) => trial.statuses))
      expect(statuses).toEqual(new Set(['complete', flavour === 'cloud' ? 'partial' : 'unknown']))
    })
  })
}

function whereTheSiteFails(flavour: Flavour): void {
  const broken = Math.ceil(worlds / brokenShare)

  describe(`on ${flavour}, where the site does not answer everything`, () => {
    it(`nobody is let in who may not, and "complete" is exact (${broken} worlds)`, {
      timeout: 120_000,
    }, async () => {
      const trials = await tryWorlds(firstSeed, firstSeed + broken - 1, flavour, tryBrokenWorld)
      expect(trials.flatMap(problemsOf)).toEqual([])
      if (worlds < many) return
      const statuses = trials.flatMap((trial) => trial.statuses)
      expect(statuses).toContain('complete')
      expect(statuses).toContain('unknown')
    })
  })
}

async function tryWorlds(from: number, to: number, flavour: Flavour, attempt = tryWorld): Promise<Trial[]> {
  const tried: Trial[] = []
  for (let seed = from; seed <= to; seed++) tried.push(await attempt(seed, flavour))
  return tried
}

/** Each with what it takes to see it again. */
const problemsOf = ({ seed, problems }: Trial): readonly string[] =>
  problems.map((problem) => `OUTFLOW_TEST_SEED=${seed} OUTFLOW_TEST_WORLDS=1: ${problem}`)
