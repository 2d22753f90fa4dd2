/**
 * What all who ask one site as one account have in common: the pause the site asked for, how its request budget stands, and when the
 * last request left.
 *
 * Kept in memory here, for one process. `store/throttle.ts` keeps the same in a database, for any number of them.
 *
 * @module
 */

import { createBudget } from './http-budget.ts'
import type { RateState } from './http-rate.ts'

/** Nothing may leave for so long. Without a reason it is the asker's own wish, and no wait for the site. */
export interface Wait {
  readonly seconds: number
  readonly reason?: string
}

export interface Throttle {
  /**
   * Asks to send one request now. `undefined`: granted, and counted. Otherwise nothing is taken, and the asker asks again after the
   * wait; by then it may have become longer.
   *
   * @param interval after this request, so many seconds nothing may leave, for whoever asks
   */
  ask(interval: number): Promise<Wait | undefined>
  /** Nothing leaves for so many seconds, or for longer where a longer pause is under way. */
  pause(seconds: number, reason: string): Promise<void>
  /** A request that was granted has ended. If it was answered, this may have said how the budget stands. */
  ended(state: RateState | undefined): Promise<void>
}

/** Why one waits whom nobody has refused. */
export const lowBudget = "the site's request budget runs low"

/** @param now seconds of a clock that only goes forward */
export function createThrottle(now: () => number = monotonic): Throttle {
  const budget = createBudget(now)
  let paused = { until: 0, reason: '' }
  let lastLeft = 0
  let ownNext = 0

  return {
    async ask(interval) {
      const time = now()
      if (time < paused.until) return { seconds: paused.until - time, reason: paused.reason }
      const siteNext = lastLeft + budget.interval()
      const next = Math.max(siteNext, ownNext)
      if (time < next) return { seconds: next - time, ...(siteNext > ownNext ? { reason: lowBudget } : {}) }
      lastLeft = time
      ownNext = time + interval
      budget.spend()
      return undefined
    },
    async pause(seconds, reason) {
      const until = now() + seconds
      if (until > paused.until) paused = { until, reason }
    },
    async ended(state) {
      budget.ended(state)
    },
  }
}

const monotonic = () => performance.now() / 1000
