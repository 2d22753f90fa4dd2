import { describe, expect, it } from 'vitest'
import { createWaitCounts } from './waits.ts'

/** Lines for waits given as `[seconds, when they began, reason]`. */
function linesOf(...waits: readonly (readonly [number, number, string])[]): readonly string[] {
  const counts = createWaitCounts()
  for (const [seconds, at, reason] of waits) counts.note({ type: 'waiting', seconds, reason }, at * 1000)
  return counts.lines()
}

describe('waits in the summary', () => {
  it('are counted by reason, the longest first', () => {
    expect(linesOf([1, 0, 'a'], [2, 5, 'b'], [0.4, 9, 'a'])).toEqual([
      '2.0 s in 1 wait: b',
      '1.4 s in 2 waits: a',
    ])
    expect(linesOf()).toEqual([])
  })

  it('that happen at the same time last as long as the time that passes', () => {
    expect(linesOf([2, 0, 'a'], [2, 1, 'a'], [0.5, 1.5, 'a'])).toEqual(['3.0 s in 3 waits: a'])
  })

  it('are not listed without end, nor with control characters', () => {
    const many = Array.from({ length: 11 }, (_, index) => [1, index, `reason\u001b ${index}`] as const)
    const lines = linesOf(...many)
    expect(lines).toHaveLength(9)
    expect(lines.at(-1)).toBe('and 3 more reasons')
    expect(lines.join()).not.toContain('\u001b')
  })
})
