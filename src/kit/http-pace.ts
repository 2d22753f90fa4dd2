/**
 * When the next request may leave. One pace for all requests of a client: when one is told to wait, all wait; when the site's
 * budget runs low, all are spread.
 *
 * @module
 */

import { sleep } from '../util/sleep.ts'
import { type Headers, type RateState, readRateState, spacingFor } from './http-rate.ts'

export interface Pace {
  /** Waits for this request's turn. @returns the seconds that it waited because the site had asked for a pause */
  turn(signal: AbortSignal): Promise<number>
  /** Nothing leaves for so many seconds. */
  pause(seconds: number, reason: string): void
  /** One request alone waits before its next try. */
  rest(seconds: number, reason: string, signal: AbortSignal): Promise<void>
  /** Learns from the rate-limit headers of an answer. */
  observe(headers: Headers): void
  /** Wall-clock seconds in which at least one request waited for the site's sake. */
  waitedSeconds(): number
  /** Seconds until a pause is over; 0 without one. */
  pausedFor(): number
}

interface PaceOptions {
  readonly requestsPerSecond?: number | undefined
  readonly onWait?: ((seconds: number, reason: string) => void) | undefined
}

/** Waits shorter than this are not worth telling a person. */
const worthTelling = 0.5

export function createPace({ requestsPerSecond, onWait }: PaceOptions): Pace {
  const ownInterval = requestsPerSecond === undefined ? 0 : 1 / requestsPerSecond
  const clock = createWaitClock()
  let pausedUntil = 0
  let nextSlot = 0
  let spread = { interval: 0, until: 0 }
  let last: { state: RateState; sentBefore: number } | undefined
  let sent = 0

  const now = () => performance.now() / 1000
  const interval = () => Math.max(ownInterval, now() < spread.until ? spread.interval : 0)

  function takeSlot(): number {
    const slot = Math.max(now(), nextSlot)
    nextSlot = slot + interval()
    return slot
  }

  /** A pause may be lengthened while we sleep through it, hence the loop. */
  async function sleepThroughPause(signal: AbortSignal): Promise<number> {
    const start = now()
    while (now() < pausedUntil) await sleep(pausedUntil - now(), signal)
    return now() - start
  }

  /** What one request takes from the budget, measured between two answers of the same window. */
  function costOf(state: RateState): number {
    const spent = (last?.state.remaining ?? 0) - (state.remaining ?? 0)
    return spent > 0 ? Math.max(1, spent / Math.max(1, sent - (last?.sentBefore ?? 0))) : 1
  }

  return {
    async turn(signal) {
      let waited = 0
      if (now() < pausedUntil) waited = await clock.during(() => sleepThroughPause(signal))
      const ahead = takeSlot() - now()
      if (ahead > 0) await sleepForSlot(ahead, signal)
      if (now() < pausedUntil) waited += await clock.during(() => sleepThroughPause(signal))
      sent++
      return waited
    },
    pause(seconds, reason) {
      const until = now() + seconds
      if (until <= pausedUntil) return
      const news = until - pausedUntil >= worthTelling && seconds >= worthTelling
      pausedUntil = until
      if (news) onWait?.(seconds, reason)
    },
    async rest(seconds, reason, signal) {
      if (seconds >= worthTelling) onWait?.(seconds, reason)
      await clock.during(() => sleep(seconds, signal))
    },
    observe(headers) {
      const state = readRateState(headers)
      if (state === undefined) return
      const spacing = spacingFor(state, costOf(state))
      const wasSpread = now() < spread.until && spread.interval >= worthTelling
      spread = spacing
        ? { interval: spacing.interval, until: now() + spacing.lasts }
        : { interval: 0, until: 0 }
      if (!wasSpread && spread.interval >= worthTelling)
        onWait?.(spread.interval, `the site's request budget runs low (${state.remaining ?? 'few'} left)`)
      last = { state, sentBefore: sent }
    },
    waitedSeconds: clock.seconds,
    pausedFor: () => Math.max(0, pausedUntil - now()),
  }

  /** Keeping to `requestsPerSecond` is our own wish and no wait for the site. */
  function sleepForSlot(seconds: number, signal: AbortSignal): Promise<void> {
    const forTheSite = interval() > ownInterval
    return forTheSite ? clock.during(() => sleep(seconds, signal)) : sleep(seconds, signal)
  }
}

/** Counts the time in which anybody waits once, however many wait in parallel. */
function createWaitClock() {
  let waiting = 0
  let since = 0
  let total = 0
  return {
    async during<Result>(wait: () => Promise<Result>): Promise<Result> {
      if (waiting++ === 0) since = performance.now()
      try {
        return await wait()
      } finally {
        if (--waiting === 0) total += performance.now() - since
      }
    },
    seconds: () => (total + (waiting > 0 ? performance.now() - since : 0)) / 1000,
  }
}
