import { describe, expect, it } from 'vitest'
import { budgetBackIn, intervalFor, readRateState } from './http-rate.ts'

const now = Date.parse('2026-03-02T10:00:00Z')

function interval(headers: Record<string, string>, cost = 1) {
  const state = readRateState(headers, now)
  return state && intervalFor(state, cost)
}

describe('rate-limit headers', () => {
  it('of a budget with plenty left, or none at all, slow nothing down', () => {
    expect(interval({})).toBeUndefined()
    expect(interval({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '20' })).toBe(0)
  })

  it('of Cloud spread what is left until the budget comes back', () => {
    const headers = {
      'x-ratelimit-limit': '65000',
      'x-ratelimit-remaining': '600',
      'x-ratelimit-reset': '2026-03-02T10:10Z',
      'x-ratelimit-nearlimit': 'true',
    }
    expect(interval(headers)).toBe(1)
    expect(interval(headers, 20)).toBe(20)
    expect(interval({ ...headers, 'x-ratelimit-remaining': '0' })).toBe(30)
  })

  it.each([
    ['2026-03-02T10:00:30.5Z', 30.5],
    [String(now / 1000 + 30), 30],
    ['30', 30],
    ['2026-03-02T09:00Z', 0],
  ])('take the reset as %s', (reset, seconds) => {
    expect(readRateState({ 'x-ratelimit-limit': '9', 'x-ratelimit-reset': reset }, now)?.resetIn).toBe(
      seconds,
    )
  })

  const bucket = (remaining: string, tokens: string) => ({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-interval-seconds': '10',
    'x-ratelimit-fillrate': tokens,
  })

  it('of Data Center make what is left do until the bucket is filled again', () => {
    expect(interval(bucket('5', '20'))).toBe(2)
    expect(interval(bucket('5', '20'), 2)).toBe(4)
  })

  it('of Data Center slow down to what flows in, however much is left', () => {
    expect(interval(bucket('19', '4'))).toBe(2.5)
  })

  it('of a used-up budget say when there is something again', () => {
    const backIn = (headers: Record<string, string>) => budgetBackIn(readRateState(headers, now)!)
    const cloud = { 'x-ratelimit-limit': '9', 'x-ratelimit-reset': '2026-03-02T10:00:30Z' }
    expect(backIn({ ...cloud, 'x-ratelimit-remaining': '0' })).toBe(30)
    expect(backIn({ ...cloud, 'x-ratelimit-remaining': '1' })).toBeUndefined()
    expect(backIn(bucket('0', '20'))).toBe(0.5)
    expect(backIn({ 'x-ratelimit-remaining': '0' })).toBeUndefined()
  })

  it('that only say "near the limit" are met with a little patience', () => {
    expect(interval({ 'x-ratelimit-nearlimit': 'true' })).toBe(0.25)
  })

  it('that make no sense are ignored', () => {
    expect(interval({ 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '' })).toBeUndefined()
    expect(
      interval({ 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0', 'x-ratelimit-fillrate': '0' }),
    ).toBe(0)
  })
})
