/**
 * What is left of an account's request budget: told by the headers of answers, and reckoned on between them, for while one
 * answer is on its way other requests are being spent.
 *
 * @module
 */

import { intervalFor, type RateState } from './http-rate.ts'

export interface Budget {
  /** One request leaves. */
  spend(): void
  /** One request has ended, with or without an answer that says something. */
  ended(state: RateState | undefined): void
  /** Seconds that have to lie between two requests; 0 while there is plenty, or when nobody counts. */
  interval(): number
}

/** A site's word, brought forward to now. */
interface Reckoning {
  readonly state: RateState
  /** When it was told, or last filled, in seconds. */
  readonly at: number
}

/** Seconds after which the word of a site that does not say how long it holds is forgotten. */
export const heldFor = 60

export function createBudget(now: () => number): Budget {
  let known: Reckoning | undefined
  /** What one request takes. On Cloud it is about a point for each object in the answer. */
  let cost = 1
  let underWay = 0
  let answers = 0
  let last: { readonly remaining: number; readonly answers: number } | undefined
  /** When a bucket was seen to have been filled, or was first heard of: the latest that it can have been. */
  let filledAt = 0

  /** A bucket does not say when it will be filled; where what is left has risen, it has just been. */
  function whenFilled(state: RateState): RateState {
    const { refill, remaining = 0 } = state
    if (refill === undefined || state.resetIn !== undefined) return state
    if (last === undefined || remaining > last.remaining) filledAt = now()
    return { ...state, resetIn: refill.seconds - ((now() - filledAt) % refill.seconds) }
  }

  /** Measured between two answers of the same window. */
  function learnCost({ remaining = 0 }: RateState): void {
    const spent = (last?.remaining ?? 0) - remaining
    cost = spent > 0 ? Math.max(1, spent / Math.max(1, answers - (last?.answers ?? 0))) : 1
    last = { remaining, answers }
  }

  return {
    spend() {
      underWay++
      if (known !== undefined) known = { ...known, state: less(known.state, cost) }
    },
    ended(state) {
      underWay = Math.max(0, underWay - 1)
      answers++
      known = known && filled(known, now())
      if (state === undefined) return
      const told = whenFilled(state)
      learnCost(state)
      known = { state: less(told, underWay * cost), at: now() }
    },
    interval() {
      known = known && filled(known, now())
      return known === undefined ? 0 : intervalFor(sinceTold(known, now()), cost)
    },
  }
}

const less = (state: RateState, taken: number): RateState =>
  state.remaining === undefined ? state : { ...state, remaining: state.remaining - taken }

const sinceTold = ({ state, at }: Reckoning, now: number): RateState =>
  state.resetIn === undefined ? state : { ...state, resetIn: state.resetIn - (now - at) }

/** With what has come back meanwhile; `undefined` when it is too long ago to say. */
function filled(known: Reckoning, now: number): Reckoning | undefined {
  const { limit, remaining, resetIn, refill } = known.state
  if (now < known.at + (resetIn ?? refill?.seconds ?? heldFor)) return known
  const back = refill?.tokens ?? (resetIn === undefined ? undefined : limit)
  if (limit === undefined || remaining === undefined || back === undefined) return undefined
  const state = { ...known.state, nearLimit: false, resetIn: undefined }
  return { state: { ...state, remaining: Math.min(limit, Math.max(0, remaining) + back) }, at: now }
}
