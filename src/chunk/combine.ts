/**
 * Puts short sections together with those that follow, so that a heading with one line below it is no chunk of its own.
 *
 * @module
 */

import type { Rules } from './options.ts'
import { isTableAlone, joined, mostElements, type PreChunk } from './pre-chunk.ts'

/** Takes pre-chunks one by one, and gives each as soon as nothing more can join it. */
export interface Combiner {
  add(next: PreChunk): PreChunk | undefined
  end(): PreChunk | undefined
}

/** Holds no more than one chunk. */
export function createCombiner(rules: Rules): Combiner {
  let held: PreChunk | undefined
  return {
    add(next) {
      const both = held && together(held, next, rules)
      const done = both ? undefined : held
      held = both ?? next
      return done
    },
    end() {
      const done = held
      held = undefined
      return done
    },
  }
}

/** Both as one; undefined when they stay apart. What the second shared with the first is told once. */
function together(first: PreChunk, second: PreChunk, rules: Rules): PreChunk | undefined {
  const { measure, most, combineUnder, isolateTable } = rules
  if (first.elements.length + second.elements.length > mostElements) return undefined
  if (isolateTable && (isTableAlone(first) || isTableAlone(second))) return undefined
  if (measure.size(first.text, most) >= combineUnder) return undefined
  const text = joined([first.text, second.body])
  if (measure.size(text, most) > most) return undefined
  return {
    elements: [...first.elements, ...second.elements],
    body: joined([first.body, second.body]),
    text,
  }
}
