/**
 * When a fault strikes: by pattern, by number and by chance.
 *
 * @module
 */

import { randomFrom } from '../random.ts'
import type { Fault, FaultEffect } from './fault.ts'

/** A fault with its counters. */
export interface ArmedFault {
  readonly effect: FaultEffect
  /** Asked once for every request, given as `GET /path?query`. */
  strikes(line: string): boolean
}

const onceByDefault: readonly FaultEffect['kind'][] = ['restrict', 'revoke', 'change']

export function arm({ effect, on, from = 1, count, probability = 1, seed = 1 }: Fault): ArmedFault {
  const most = count ?? (onceByDefault.includes(effect.kind) ? 1 : Number.POSITIVE_INFINITY)
  const matches = matcherOf(on)
  const random = randomFrom(seed)
  let seen = 0
  let struck = 0
  return {
    effect,
    strikes(line) {
      if (!matches(line)) return false
      seen += 1
      if (seen < from || struck >= most || !random.chance(probability)) return false
      struck += 1
      return true
    },
  }
}

function matcherOf(pattern: string | undefined): (line: string) => boolean {
  if (pattern === undefined) return () => true
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  const expression = new RegExp(parts.join('.*'), 'i')
  return (line) => expression.test(line)
}
