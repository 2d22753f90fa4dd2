import { describe, expect, it } from 'vitest'
import { parseFault } from './grammar.ts'

const effect = (spec: string) => parseFault(spec).effect

describe('a fault on the command line', () => {
  it('is an effect, and may say how often and at which requests', () => {
    expect(parseFault('429:2@/pages')).toEqual({
      effect: { kind: 'status', status: 429, retryAfter: { seconds: 1, as: 'seconds' } },
      count: 2,
      on: '/pages',
    })
    expect(parseFault('slow,ms=5@/a@b')).toEqual({ effect: { kind: 'slow', milliseconds: 5 }, on: '/a@b' })
    expect(parseFault('reset')).toEqual({ effect: { kind: 'reset' } })
    expect(parseFault('401,from=100')).toMatchObject({ effect: { kind: 'status', status: 401 }, from: 100 })
    expect(parseFault('503@/a:b?x=1%2C2,probability=0.1,seed=7')).toEqual({
      effect: { kind: 'status', status: 503 },
      on: '/a:b?x=1,2',
      probability: 0.1,
      seed: 7,
    })
  })

  it('asks for patience in every form that servers know', () => {
    const retryAfter = (value: string) => effect(`429,retry-after=${value}`)
    expect(retryAfter('30')).toMatchObject({ retryAfter: { seconds: 30, as: 'seconds' } })
    expect(retryAfter('date:5')).toMatchObject({ retryAfter: { seconds: 5, as: 'date' } })
    expect(retryAfter('never')).toMatchObject({ retryAfter: 'never' })
    expect(retryAfter('none')).toEqual({ kind: 'status', status: 429 })
  })

  it('knows every effect', () => {
    const specs = 'login truncate hang slow,ms=5 heavy,bodies=9 repeat-cursor empty-page wrong-start'.split(
      ' ',
    )
    expect(specs.map((spec) => effect(spec).kind)).toEqual(
      'login-page truncate hang slow heavy repeat-cursor empty-page wrong-start'.split(' '),
    )
    expect(effect('repeat-item:1@/pages')).toEqual({ kind: 'repeat-item' })
    expect([effect('omit'), effect('omit@content/search,item=12')]).toEqual([
      { kind: 'omit' },
      { kind: 'omit', item: '12' },
    ])
    expect(effect('quota,limit=5,seconds=2')).toEqual({ kind: 'quota', limit: 5, seconds: 2 })
    expect(effect('restrict,page=12')).toEqual({ kind: 'restrict', page: '12' })
    expect(effect('revoke:1@/pages,space=HR')).toEqual({ kind: 'revoke', space: 'HR' })
  })

  it.each([
    ['', 'is not EFFECT'],
    ['200', 'there is no effect "200"'],
    ['toString', 'there is no effect "toString"'],
    ['429:two', 'is not EFFECT'],
    ['429@', 'the pattern behind @ is empty'],
    ['429,retry-after=soon', 'retry-after is a number of seconds'],
    ['429,often=yes', 'has no option "often"'],
    ['reset,', '"" is not OPTION=VALUE'],
    ['slow', 'the option ms is missing'],
    ['heavy,bodies=few', 'bodies is a number of at least 0, not "few"'],
    ['503,probability=2', 'probability is between 0 and 1'],
    ['503,from=0', 'from is a number of at least 1'],
  ])('says what is wrong with %j', (spec, why) => {
    expect(() => parseFault(spec)).toThrowError(expect.objectContaining({ code: 'sandbox.fault.unreadable' }))
    expect(() => parseFault(spec)).toThrowError(why)
  })
})
