/**
 * What all who ask one site as one account have in common: the pause the site asked for, how its request budget stands, and when the
 * last request left.
 *
 * Kept in memory here, for one process. The contract is three small calls, each of which a database can do in one statement on one
 * row, so that several machines can keep to one budget as well.
 *
 * @module
 */

import { type RateState, type Spacing, spacingFor } from './http-rate.ts'

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
  /** Learns how the budget stood when an answer was sent. */
  observe(state: RateState): Promise<void>
}

const lowBudget = "the site's request budget runs low"

export function createThrottle(): Throttle {
  let paused = { until: 0, reason: '' }
  let spread = { interval: 0, until: 0 }
  let lastLeft = 0
  let ownNext = 0
  let sent = 0
  let last: { readonly state: RateState; readonly sent: number } | undefined

  /** What one request takes from the budget, measured between two answers of the same window. */
  function costOf({ remaining = 0 }: RateState): number {
    const spent = (last?.state.remaining ?? 0) - remaining
    return spent > 0 ? Math.max(1, spent / Math.max(1, sent - (last?.sent ?? 0))) : 1
  }

  return {
    async ask(interval) {
      const time = now()
      if (time < paused.until) return { seconds: paused.until - time, reason: paused.reason }
      // Once the budget is whole again nobody has to wait any longer, whatever the spacing was.
      const siteNext = Math.min(lastLeft + spread.interval, spread.until)
      const next = Math.max(siteNext, ownNext)
      if (time < next) return { seconds: next - time, ...(siteNext > ownNext ? { reason: lowBudget } : {}) }
      lastLeft = time
      ownNext = time + interval
      sent++
      return undefined
    },
    async pause(seconds, reason) {
      const until = now() + seconds
      if (until > paused.until) paused = { until, reason }
    },
    async observe(state) {
      spread = lasting(spacingFor(state, costOf(state)))
      last = { state, sent }
    },
  }
}

const now = () => performance.now() / 1000

const lasting = (spacing: Spacing | undefined) =>
  spacing === undefined
    ? { interval: 0, until: 0 }
    : { interval: spacing.interval, until: now() + spacing.lasts }
