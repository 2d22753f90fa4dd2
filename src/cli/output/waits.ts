/**
 * How often and how long a run waited, and why: one line for each reason.
 *
 * @module
 */

import type { RunEvent } from '../../model/events.ts'
import { printable } from '../terminal.ts'

type Waiting = Extract<RunEvent, { type: 'waiting' }>

export interface WaitCounts {
  /** @param at when the wait began, in milliseconds of a clock that only goes forward. Default: now */
  note(wait: Waiting, at?: number): void
  /** Without indentation, the longest first; empty when it never waited. */
  lines(): readonly string[]
}

const mostReasons = 8

export function createWaitCounts(): WaitCounts {
  const byReason = new Map<string, { times: number; seconds: number; until: number }>()
  return {
    note({ seconds, reason }, at = performance.now()) {
      const count = byReason.get(reason) ?? { times: 0, seconds: 0, until: 0 }
      byReason.set(reason, count)
      const until = at / 1000 + seconds
      count.times++
      // Several requests may wait at the same time; it is one time that passes.
      count.seconds += Math.max(0, until - Math.max(at / 1000, count.until))
      count.until = Math.max(count.until, until)
    },
    lines() {
      const sorted = [...byReason].sort(([, one], [, other]) => other.seconds - one.seconds)
      const shown = sorted.slice(0, mostReasons).map(([reason, { times, seconds }]) => {
        const waits = times === 1 ? '1 wait' : `${times} waits`
        return `${seconds.toFixed(1)} s in ${waits}: ${printable(reason)}`
      })
      const more = sorted.length - shown.length
      return more > 0 ? [...shown, `and ${more} more reasons`] : shown
    },
  }
}
