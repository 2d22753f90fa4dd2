/**
 * What one process tells the others of a throttle, and hears from them: it keeps what is to be said until it is time, and tries again where
 * the database was out of reach.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { RateState } from '../kit/http-rate.ts'
import type { Wait } from '../kit/http-throttle.ts'
import { backoff } from '../util/backoff.ts'
import type { Exchange, Standing, Wish } from './throttle-row.ts'

/** Seconds until what ended is reported where no permits are asked for: where the budget is ample, and where it is not. */
const reportAfter = 2
const reportSoon = 0.1
/** This share of the budget is ample. */
const ample = 0.5

/** Seconds after which the database counts as out of reach. */
const longestExchange = 2
/** Doublings of the time between two tries to reach it: to 4 s. */
const mostDoublings = 3

export interface Line {
  /**
   * Says what is to be said, and asks for permits.
   *
   * @param permits those that are kept
   * @returns `undefined` when the others cannot be reached
   */
  talk(permits: number, wish?: Wish): Promise<Standing | undefined>
  report(): Promise<unknown>
  /** A request was let go. */
  left(): void
  ended(state: RateState | undefined): void
  pause(seconds: number, reason: string): void
  /** By whomever's word. */
  paused(): Wait | undefined
}

/** @param report has everything said that is to be said; called when it is time */
export function createLine(exchange: Exchange, report: () => Promise<unknown>): Line {
  const holder = randomUUID()
  let underWay = 0
  let ended = 0
  let told: { readonly state: RateState; readonly at: number } | undefined
  let paused = { until: 0, reason: '', said: true }
  let counted = false
  let failures = 0
  let deadUntil = 0
  let timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined

  const pending = () => ended > 0 || (!paused.said && paused.until > now())

  function later(seconds: number): void {
    const at = Math.max(now() + seconds, deadUntil)
    if (timer !== undefined && timer.at <= at) return
    clearTimeout(timer?.handle)
    const fire = () => {
      timer = undefined
      if (pending()) void report()
    }
    timer = { at, handle: setTimeout(fire, Math.max(0, at - now()) * 1000).unref() }
  }

  /** Hears at once of what matters to everybody. */
  function delay(state: RateState | undefined): number {
    if (state === undefined) return reportAfter
    if (!counted) return 0
    const { remaining = 0, limit = Infinity, nearLimit } = state
    return nearLimit || remaining < limit * ample ? reportSoon : reportAfter
  }

  /** Nobody was reached; a pause, which matters to all, is told as soon as they are. */
  function unheard(): undefined {
    if (!paused.said) later(0)
  }

  /** Once it is known to be dead, nobody waits for the line: it is tried beside the work, now and then. */
  function talk(permits: number, wish?: Wish): Promise<Standing | undefined> {
    if (failures === 0) return converse(permits, wish)
    if (now() >= deadUntil) {
      deadUntil = now() + longestExchange
      void converse(permits)
    }
    return Promise.resolve(unheard())
  }

  async function converse(permits: number, wish?: Wish): Promise<Standing | undefined> {
    const said = { ended, told, paused }
    ended = 0
    told = undefined
    const pause = paused.said ? undefined : { seconds: paused.until - now(), reason: paused.reason }
    try {
      const standing = await inTime(
        exchange({
          ...{ holder, held: underWay + permits, ended: said.ended, pause, wish },
          told: said.told && { state: said.told.state, ago: now() - said.told.at },
        }),
      )
      failures = 0
      counted = standing.counted
      said.paused.said = true
      hear(standing)
      return standing
    } catch {
      // Whatever it is, whoever works with the same database will say so.
      ended += said.ended
      told ??= said.told
      deadUntil = now() + Math.max(0.1, backoff(Math.min(failures++, mostDoublings)))
      return unheard()
    }
  }

  function hear({ pausedFor, pauseReason: reason }: Standing): void {
    const until = now() + pausedFor
    if (pausedFor > 0 && until > paused.until) paused = { until, reason, said: true }
  }

  return {
    talk,
    report,
    left: () => void underWay++,
    ended(state) {
      underWay = Math.max(0, underWay - 1)
      ended++
      if (state !== undefined) told = { state, at: now() }
      later(delay(state))
    },
    pause(seconds, reason) {
      const until = now() + seconds
      if (until > paused.until) paused = { until, reason, said: false }
    },
    paused() {
      const seconds = paused.until - now()
      return seconds > 0 ? { seconds, reason: paused.reason } : undefined
    },
  }
}

/** @throws {Error} when it takes too long */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database takes too long.')), longestExchange * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const now = () => performance.now() / 1000
