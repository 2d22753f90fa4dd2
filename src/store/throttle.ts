/**
 * The throttle that all processes with one database share, whichever machine they are on. Each takes permits for some requests at a time,
 * so that most of them cost no statement; a permit is good for a fraction of a second, so that a pause reaches everybody within one.
 *
 * Without the database nobody stands still, and nobody storms: each process goes by what it knows itself, slowly, and asks again and again.
 *
 * @module
 */

import { createThrottle, lowBudget, type Throttle, type Wait } from '../kit/http-throttle.ts'
import type { Database } from './database.ts'
import { createLine } from './throttle-line.ts'
import { type Exchange, openThrottleRow, type Standing } from './throttle-row.ts'

/** Permits at once, at most. */
const most = 50
/** Seconds that permits are good for where nothing has to be spaced. */
const goodFor = 0.5
/** Seconds of spaced requests that one process takes permits for. */
const lasting = 0.2
/** Seconds that the first of them may lie ahead: the more, the longer somebody has waited, so that everybody has a turn. */
const leastAhead = 0.2
const mostAhead = 0.4
/** Seconds that a process may be late for its permit. */
const lateness = 0.2

/** Seconds between two requests of a process that does not hear from the others. */
const aloneInterval = 0.25

/** One for each key, as `createSharing` wants it. Where the database has one process alone, that one's memory does. */
export function createThrottles({ tables, queueAccess }: Database): (key: string) => Throttle {
  if ('embedded' in queueAccess) return () => createThrottle()
  return (key) => createSharedThrottle(openThrottleRow(tables, key))
}

/** Permits in hand. */
interface Permits {
  left: number
  /** When the next one may be used. */
  next: number
  readonly until: number
  readonly spacing: number
  /** The interval that they were asked for with. */
  readonly interval: number
  readonly byBudget: boolean
}

function createSharedThrottle(exchange: Exchange): Throttle {
  const inTurn = createTurns()
  const line = createLine(exchange, () => inTurn(() => line.talk(inHand())))
  /** Knows what this process has heard, for the time in which it hears from nobody else. */
  const alone = createThrottle()
  let permits: Permits | undefined
  let waitsSince: number | undefined

  const inHand = () => (permits !== undefined && now() < permits.until ? permits.left : 0)

  function usable(interval: number): Permits | undefined {
    return inHand() > 0 && interval <= permits!.interval ? permits : undefined
  }

  async function fetch(interval: number): Promise<Permits | Wait | undefined> {
    permits = undefined
    const sentAt = now()
    const waited = sentAt - (waitsSince ?? sentAt)
    const ahead = Math.min(mostAhead, leastAhead + waited)
    const standing = await line.talk(0, { interval, ahead, most, lasting })
    if (standing === undefined) return undefined
    if (standing.granted > 0) {
      waitsSince = undefined
      permits = permitsOf(standing, interval, sentAt)
      return permits
    }
    waitsSince ??= sentAt
    // Until it comes within reach, which grows by waiting.
    const { startsIn, byBudget } = standing
    const seconds = Math.max(0.01, startsIn - mostAhead, (startsIn - leastAhead - waited) / 2)
    return line.paused() ?? { seconds, ...(byBudget ? { reason: lowBudget } : {}) }
  }

  async function askAlone(interval: number): Promise<Wait | undefined> {
    const wait = await alone.ask(Math.max(interval, aloneInterval))
    if (wait === undefined) line.left()
    return wait
  }

  /** Uses one permit, if its time has come. */
  function use(held: Permits, interval: number): Wait | undefined {
    const time = now()
    if (time < held.next)
      return { seconds: held.next - time, ...(held.byBudget ? { reason: lowBudget } : {}) }
    held.left--
    held.next = time + Math.max(held.spacing, interval)
    line.left()
    return undefined
  }

  return {
    ask: (interval) =>
      inTurn(async () => {
        const paused = line.paused()
        if (paused) return paused
        const held = usable(interval) ?? (await fetch(interval))
        if (held === undefined) return askAlone(interval)
        return 'seconds' in held ? held : (line.paused() ?? use(held, interval))
      }),
    async pause(seconds, reason) {
      line.pause(seconds, reason)
      await line.report()
    },
    async ended(state) {
      await alone.ended(state)
      line.ended(state)
    },
  }
}

function permitsOf(
  { granted, startsIn, spacing, byBudget }: Standing,
  interval: number,
  sentAt: number,
): Permits {
  const last = startsIn + (granted - 1) * spacing
  return {
    left: granted,
    next: now() + startsIn,
    until: sentAt + Math.max(goodFor, last + lateness),
    ...{ spacing, interval, byBudget },
  }
}

/** One after the other. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}

const now = () => performance.now() / 1000
