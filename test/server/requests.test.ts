import { describe, expect, it } from 'vitest'
import { OutflowError } from '../../src/model/errors.ts'
import { bodyOf } from '../../src/server/bodies.ts'
import { onePath } from '../../src/server/paths.ts'
import { count, flag, time } from '../../src/server/wire/lenient.ts'

describe('a path', () => {
  it.each([
    ['/api/v1/sources/', '/api/v1/sources/'],
    ['/api/v1/api/v1/sources/', '/api/v1/sources/'],
    ['/api/v1/api/v1/sources?source_type=a', '/api/v1/sources?source_type=a'],
    ['/api/v1/general/v0/general', '/general/v0/general'],
    ['/healthz', '/healthz'],
    [
      '/api/v1/documents/confluence%3Aa%2Fpage%2F1?x=/api/v1/api/v1/',
      '/api/v1/documents/confluence%3Aa%2Fpage%2F1?x=/api/v1/api/v1/',
    ],
    ['/api/v1/api/v10/', '/api/v1/api/v10/'],
  ])('%s is %s to the router', (url, path) => expect(onePath({ url })).toBe(path))
})

describe('a body', () => {
  const problem = (text: string) => {
    try {
      return bodyOf(text)
    } catch (error) {
      return error instanceof OutflowError ? error : undefined
    }
  }

  it('is JSON', () => expect(bodyOf('{"a": [1, "x # y"]}')).toEqual({ a: [1, 'x # y'] }))

  it('is nothing when there is nothing in it', () => expect(bodyOf(' \r\n')).toBeUndefined())

  it('may hold comments, as the documentation writes them', () =>
    expect(bodyOf('{"a": "b # c", # the name\n "d": "\\"# e" # f "g"\n}')).toEqual({ a: 'b # c', d: '"# e' }))

  it('may be a form', () =>
    expect(bodyOf('request_data=%7B%22template_id%22%3A%22a%2Bb%22%7D&x=1+2')).toEqual({
      request_data: '{"template_id":"a+b"}',
      x: '1 2',
    }))

  it('that is neither is refused, and nothing of it is told', () => {
    for (const text of ['{"token": "s3cret"', 's3cret', '{"a": s3cret}', '"s3cret', '[s3cret=1]']) {
      expect(problem(text)).toMatchObject({ code: 'request.not_json', kind: 'config' })
      expect(JSON.stringify(problem(text)) + String(problem(text))).not.toContain('s3cret')
    }
  })

  it('has no more levels than settings have', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(problem(nested(60))).not.toBeInstanceOf(OutflowError)
    expect(problem(nested(100_000))).toMatchObject({ code: 'request.too_deep' })
  })

  it('that names a prototype has a field of that name, and nothing else', () => {
    const body = bodyOf('{"__proto__": {"admin": true}}') as Record<string, unknown>
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(body.admin).toBeUndefined()
  })
})

describe('a value', () => {
  it('that means yes or no may be a word', () => {
    for (const value of [true, 'true', 'True', '1']) expect(flag.parse(value)).toBe(true)
    for (const value of [false, 'false', 'False', '0']) expect(flag.parse(value)).toBe(false)
    for (const value of ['maybe', 1, null, '']) expect(flag.safeParse(value).success).toBe(false)
  })

  it('that is a number may be its digits', () => {
    expect([count.parse('20'), count.parse(3)]).toEqual([20, 3])
    for (const value of ['0', 0, -1, '1e3', '1.5', '', '99999999999'])
      expect(count.safeParse(value).success).toBe(false)
  })

  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['0000-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is the time %s', (text, iso) => expect(time.parse(text).toISOString()).toBe(iso))

  it.each(['yesterday', '2026-13-01', 'Sat, 31 Jan 2026 12:00:00 GMT', ''])('%s is no time', (text) =>
    expect(time.safeParse(text).success).toBe(false),
  )
})
