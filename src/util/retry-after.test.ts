import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.parse('2026-03-02T10:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    ['0', 0],
    [' 7 ', 7],
    ['0.5', 0.5],
    ['Mon, 02 Mar 2026 10:00:30 GMT', 30],
    ['2026-03-02T10:01:00Z', 60],
    ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
    ['9223372036854775807', 2 ** 63],
    [['12', '15'], 12],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['NaN', undefined],
    ['1e9999', undefined],
    [undefined, undefined],
  ])('%o is %o seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds)
  })
})
