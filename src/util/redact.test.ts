import { expect, it } from 'vitest'
import { redactor, secretsOf } from './redact.ts'

const basic = `Basic ${Buffer.from('bot@acme.com:pa ss/word').toString('base64')}`

it('strikes out a credential in every form in which a server may echo it', () => {
  const redact = redactor(secretsOf(basic))
  expect(redact(`got ${basic}`)).toBe('got Basic [secret]')
  expect(redact('wrong password "pa ss/word" of bot@acme.com')).toBe(
    'wrong password "[secret]" of bot@acme.com',
  )
  expect(redact('/login?password=pa%20ss%2Fword')).toBe('/login?password=[secret]')
})

it('knows tokens, and leaves everything alone where there is none', () => {
  expect(redactor(secretsOf('Bearer abcdef'))('abcdef abc')).toBe('[secret] abc')
  expect(redactor(secretsOf(undefined))('nothing secret')).toBe('nothing secret')
})
