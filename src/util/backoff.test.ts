import { expect, it } from 'vitest'
import { backoff } from './backoff.ts'

it('grows by doubling, up to half a minute', () => {
  const ceilings = [0, 1, 2, 3, 6, 20, 2000].map((retry) => backoff(retry, () => 1))
  expect(ceilings).toEqual([0.5, 1, 2, 4, 30, 30, 30])
})

it('may be anything below its ceiling', () => {
  expect(backoff(3, () => 0)).toBe(0)
  expect(backoff(3, () => 0.25)).toBe(1)
})
