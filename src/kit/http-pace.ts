/**
 * When a client's next request may leave: it asks the throttle that it shares with others, waits, tells why, and counts the time.
 *
 * @module
 */

import { type WaitMessage, waitChannel } from '../model/diagnostics.ts'
import { OutflowError } from '../model/errors.ts'
import { createLimiter } from '../util/limiter.ts'
import { sleep } from '../util/sleep.ts'
import { type Headers, readRateState } from './http-rate.ts'
import type { Throttle } from './http-throttle.ts'

export interface Pace {
  /**
   * Waits until one request may leave; those that came first go first.
   *
   * @param patience seconds that this request may wait for the site's sake
   * @returns the seconds that it did
   * @throws {OutflowError} `throttled` as soon as it is clear that patience will not do
   */
  turn(patience: number, signal: AbortSignal): Promise<number>
  /** Nothing leaves for so many seconds. */
  pause(seconds: number, reason: string): Promise<void>
  /** One request alone waits before its next try. */
  rest(seconds: number, reason: string, signal: AbortSignal): Promise<void>
  /** Has to be told of the end of each request that had its turn, with the headers of its answer, if they are about this budget. */
  ended(headers: Headers | undefined): Promise<void>
  /** Wall-clock seconds in which at least one request waited for the site's sake. */
  waitedSeconds(): number
}

interface PaceOptions {
  readonly throttle: Throttle
  /** For messages. */
  readonly host: string
  readonly requestsPerSecond?: number | undefined
  /** Told of each wait for the site's sake as it begins. */
  readonly onWait?: ((seconds: number, reason: string) => void) | undefined
}

/** Seconds. A shorter wait is a timer that went off early, and nothing to tell. */
const worthTelling = 0.01

export function createPace({ throttle, host, requestsPerSecond, onWait }: PaceOptions): Pace {
  const ownInterval = requestsPerSecond === undefined ? 0 : 1 / requestsPerSecond
  const clock = createWaitClock()
  /** One waits for all: a pause is told once, and nobody is overtaken. */
  const queue = createLimiter(1)

  async function rest(seconds: number, reason: string, signal: AbortSignal): Promise<void> {
    if (seconds >= worthTelling) onWait?.(seconds, reason)
    await clock.during(() => sleep(seconds, signal))
  }

  async function waitForTurn(patience: number, signal: AbortSignal): Promise<number> {
    let waited = 0
    for (;;) {
      const wait = await throttle.ask(ownInterval)
      if (wait === undefined) return waited
      const { seconds, reason } = wait
      if (reason === undefined) {
        await sleep(seconds, signal)
        continue
      }
      if (seconds > patience - waited) throw tooLong(host, seconds)
      await rest(seconds, reason, signal)
      waited += seconds
    }
  }

  return {
    turn: (patience, signal) => queue.run(signal, () => waitForTurn(patience, signal)),
    pause: (seconds, reason) => throttle.pause(seconds, reason),
    rest,
    ended: (headers) => throttle.ended(headers && readRateState(headers)),
    waitedSeconds: clock.seconds,
  }
}

function tooLong(host: string, seconds: number): OutflowError {
  return new OutflowError({
    kind: 'throttled',
    code: 'http.throttled',
    message: `${host} wants a pause of another ${Math.ceil(seconds)} s, which is longer than we wait for one request.`,
    fix: 'Run again later.',
  })
}

/** Counts the time in which anybody waits once, however many wait in parallel. */
function createWaitClock() {
  let waiting = 0
  let since = 0
  let total = 0

  function end(milliseconds: number): void {
    total += milliseconds
    const message: WaitMessage = { seconds: milliseconds / 1000 }
    waitChannel.publish(message)
  }

  return {
    async during<Result>(wait: () => Promise<Result>): Promise<Result> {
      if (waiting++ === 0) since = performance.now()
      try {
        return await wait()
      } finally {
        if (--waiting === 0) end(performance.now() - since)
      }
    },
    seconds: () => (total + (waiting > 0 ? performance.now() - since : 0)) / 1000,
  }
}
