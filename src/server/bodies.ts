/**
 * What a body is, its text says. Clients in the field send JSON without a content type, JSON called a form (curl's default), forms, and
 * nothing at all with any type; so the type is believed for uploads alone.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import type { Door } from './context.ts'

/** Deeper than any setting, and shallow enough for everything that walks it by calling itself. */
const deepest = 64

export function readBodies(server: Door): void {
  server.removeAllContentTypeParsers()
  server.addHook('onRequest', async ({ raw: { headers } }) => {
    const isUpload = /^\s*multipart\/form-data/i.test(headers['content-type'] ?? '')
    if (!isUpload || headers['content-length'] === '0') delete headers['content-type']
  })
  server.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, text: string) =>
    bodyOf(text),
  )
}

/**
 * JSON, with comments after `#` if need be; else a form; nothing for nothing.
 *
 * @throws {OutflowError} `config`, codes `request.not_json`, `request.too_deep`
 */
export function bodyOf(text: string): unknown {
  if (text.trim() === '') return undefined
  const value = fromJson(text) ?? fromJson(withoutComments(text)) ?? fromForm(text)
  if (value === undefined) throw notJson(text)
  if (!isShallow(value.read)) throw tooDeep()
  return value.read
}

/** Reads JSON where a form holds it. @throws {OutflowError} `config`, codes `request.not_json`, `request.too_deep` */
export function jsonOf(text: string): unknown {
  const value = fromJson(text) ?? fromJson(withoutComments(text))
  if (value === undefined) throw notJson(text)
  if (!isShallow(value.read)) throw tooDeep()
  return value.read
}

function fromJson(text: string): { readonly read: unknown } | undefined {
  try {
    return { read: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const withoutComments = (text: string) =>
  text.replace(/"(?:[^"\\]|\\.)*"|#[^\n]*/gs, (part) => (part.startsWith('#') ? '' : part))

/** What does not begin like JSON and has a name with a value. */
function fromForm(text: string): { readonly read: unknown } | undefined {
  if (!/^[^\s{["=&]+=/.test(text)) return undefined
  return { read: Object.fromEntries(new URLSearchParams(text)) }
}

function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= deepest; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
    if (level.length === 0) return true
  }
  return false
}

function notJson(text: string): OutflowError {
  const why = reasonOf(text)
  return new OutflowError({
    kind: 'config',
    code: 'request.not_json',
    message: `The body is not valid JSON: ${why}.`,
    fix: 'Send JSON; keys and text in double quotes, no comma after the last entry.',
    fields: [{ field: 'body', message: `JSON decode error: ${why}` }],
  })
}

/** The parser's own words, without the piece of the body that it quotes: there may be a secret in it. */
function reasonOf(text: string): string {
  try {
    JSON.parse(text)
    return 'unknown reason'
  } catch (error) {
    const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))
    return place ? `cannot be read at ${place[0]}` : 'it ends too early, or begins with something else'
  }
}

const tooDeep = () =>
  new OutflowError({
    kind: 'config',
    code: 'request.too_deep',
    message: `The body has more than ${deepest} levels inside one another.`,
    fix: 'Send fewer levels.',
    fields: [{ field: 'body', message: `more than ${deepest} levels deep` }],
  })
