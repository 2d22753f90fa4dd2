import { describe, expect, it } from 'vitest'
import { messageOf, traceOf } from './http-message.ts'

describe('a server’s own words', () => {
  it.each([
    [
      'v1',
      {
        statusCode: 404,
        data: {
          authorized: true,
          errors: [{ message: { key: 'k', translation: 'No content with id 7', args: [] } }],
        },
        message: 'com.atlassian.confluence.api.service.exceptions.NotFoundException: outer',
      },
      'No content with id 7',
    ],
    [
      'v1 without nested errors',
      {
        statusCode: 410,
        data: { authorized: true, valid: true, errors: [], successful: true },
        message:
          'com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed.',
      },
      'This deprecated endpoint has been removed.',
    ],
    ['v2', { errors: [{ status: 400, code: 'X', title: 'Bad value', detail: null }] }, 'Bad value'],
    [
      'v2 with a text for a status',
      { errors: [{ status: '409', title: 'Conflict', detail: 'stale' }] },
      'Conflict: stale',
    ],
    [
      'the gateway',
      { code: 401, message: 'Unauthorized; scope does not match' },
      'Unauthorized; scope does not match',
    ],
    [
      'the gateway’s other form',
      { status: 404, error: 'Not Found', message: 'No message available', path: '/x' },
      'No message available',
    ],
    ['OAuth', { error: 'invalid_grant', error_description: 'expired' }, 'expired'],
    ['Data Center', { statusCode: 403, message: 'Not permitted', reason: 'Forbidden' }, 'Not permitted'],
  ])('of %s', (_, body, message) => {
    expect(messageOf(JSON.stringify(body))).toBe(message)
  })

  it('of a web page are its title', () => {
    expect(messageOf('<!doctype html><html><head><title> 502 Bad\n Gateway</title>')).toBe('502 Bad Gateway')
  })

  it('are one line, and not long', () => {
    const message = messageOf(JSON.stringify({ message: `a\n\u0000b${'c'.repeat(500)}` }))!
    expect(message.length).toBe(300)
    expect(message.startsWith('a bccc')).toBe(true)
  })

  it.each(['', '{}', '[]', '{"message":""}', '{"mess', 'plain text'])('are missing in %o', (body) => {
    expect(messageOf(body)).toBeUndefined()
  })

  it('come with a trace where the site gives one', () => {
    expect(traceOf({ 'atl-traceid': 'abc' })).toBe('abc')
    expect(traceOf({ 'x-arequestid': '12x3' })).toBe('12x3')
    expect(traceOf({})).toBeUndefined()
  })
})
