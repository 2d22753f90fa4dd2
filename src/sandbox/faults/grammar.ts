/**
 * Faults as they are written on a command line:
 *
 *     EFFECT[:COUNT][@PATTERN][,OPTION=VALUE]…
 *
 *     429:2@/pages                      the first two requests for pages are told to slow down, for a second
 *     429@/pages,retry-after=none       every one of them, without saying for how long; also date:30, never or any number of seconds
 *     503,probability=0.1,seed=7        one request in ten, the same ones in each run
 *     401,from=100                      a token that expires: refused from the hundredth request on
 *     403:5@spaceKey=HR                 a refusal that means a rate limit, or a right that is missing
 *     login                             a login page with 200
 *     reset:1@/scan  truncate  hang     a reset connection, half a body, no answer
 *     slow@/search,ms=500               half a second later
 *     heavy,bodies=25                   504 for listings of more than 25 bodies
 *     502:1,from=17                     exactly the seventeenth request of all
 *     repeat-cursor  empty-page  wrong-start     listings that do not add up
 *     repeat-item:1@/pages              a page that is listed twice: last of one list, first of the next
 *     omit@content/search,item=123      a page that the index does not know; without item, a hole in the middle of each list
 *     quota,limit=50,seconds=10         rate limit headers that run low, then 429
 *     restrict,page=123  revoke,space=HR         what administrators do meanwhile
 *
 * PATTERN is a part of `GET /path?query`, decoded; `*` stands for anything, and a comma is written `%2C`. It may also stand behind the
 * options. Options of every effect: `from`, `probability`, `seed`.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import type { Fault, FaultEffect, RetryAfter } from './fault.ts'

/** The options of one fault; each is taken by the reader that knows it, and none may be left. */
interface Options {
  text(name: string): string | undefined
  required(name: string): string
  number(name: string, least: number): number | undefined
  requiredNumber(name: string, least: number): number
}

const readers: Readonly<Record<string, (options: Options) => FaultEffect>> = {
  login: () => ({ kind: 'login-page' }),
  reset: () => ({ kind: 'reset' }),
  truncate: () => ({ kind: 'truncate' }),
  hang: () => ({ kind: 'hang' }),
  slow: (options) => ({ kind: 'slow', milliseconds: options.requiredNumber('ms', 0) }),
  heavy: (options) => ({ kind: 'heavy', bodies: options.requiredNumber('bodies', 0) }),
  'repeat-cursor': () => ({ kind: 'repeat-cursor' }),
  'empty-page': () => ({ kind: 'empty-page' }),
  'wrong-start': () => ({ kind: 'wrong-start' }),
  'repeat-item': () => ({ kind: 'repeat-item' }),
  omit: (options) => {
    const item = options.text('item')
    return { kind: 'omit', ...(item !== undefined && { item }) }
  },
  quota: (options) => ({
    kind: 'quota',
    limit: options.requiredNumber('limit', 1),
    seconds: options.requiredNumber('seconds', 1),
  }),
  restrict: (options) => ({ kind: 'restrict', page: options.required('page') }),
  revoke: (options) => ({ kind: 'revoke', space: options.required('space') }),
}

/** @throws {OutflowError} `sandbox.fault.unreadable`, naming what is wrong */
export function parseFault(spec: string): Fault {
  const [, pattern] = /@([^,]*)/.exec(spec) ?? []
  if (pattern === '') throw unreadable(spec, 'the pattern behind @ is empty')
  const [head = '', ...rest] = spec.replace(/@[^,]*/, '').split(',')
  const [, name, count] = /^([^:]+)(?::(\d+))?$/.exec(head) ?? []
  if (name === undefined) throw unreadable(spec, `"${head}" is not EFFECT[:COUNT]`)
  const options = readOptions(spec, rest)
  const taken = new Set<string>()
  const reader = optionsOf(spec, options, taken)
  const effect = effectOf(spec, name, reader)
  const trigger = readTrigger(spec, reader)
  const unknown = [...options.keys()].find((option) => !taken.has(option))
  if (unknown !== undefined) throw unreadable(spec, `"${name}" has no option "${unknown}"`)
  return {
    effect,
    ...(pattern !== undefined && { on: pattern.replaceAll('%2C', ',') }),
    ...(count !== undefined && { count: Number(count) }),
    ...trigger,
  }
}

function effectOf(spec: string, name: string, options: Options): FaultEffect {
  const status = /^[3-5]\d\d$/.test(name) ? Number(name) : undefined
  if (status !== undefined) return statusOf(spec, status, options)
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (read !== undefined) return read(options)
  throw unreadable(
    spec,
    `there is no effect "${name}"; there are a status such as 429, ${Object.keys(readers).join(', ')}`,
  )
}

function statusOf(spec: string, status: number, options: Options): FaultEffect {
  const written = options.text('retry-after') ?? (status === 429 ? '1' : 'none')
  const retryAfter = readRetryAfter(spec, written)
  return { kind: 'status', status, ...(retryAfter !== undefined && { retryAfter }) }
}

function readRetryAfter(spec: string, written: string): RetryAfter | undefined {
  if (written === 'none') return undefined
  if (written === 'never') return 'never'
  const [, date, seconds] = /^(date:)?(\d+)$/.exec(written) ?? []
  if (seconds === undefined)
    throw unreadable(
      spec,
      `retry-after is a number of seconds, date:SECONDS, never or none, not "${written}"`,
    )
  return { seconds: Number(seconds), as: date === undefined ? 'seconds' : 'date' }
}

function readOptions(spec: string, parts: readonly string[]): ReadonlyMap<string, string> {
  const pairs = parts.map((part) => {
    const [, name, value] = /^([a-z-]+)=(.+)$/.exec(part) ?? []
    if (name === undefined || value === undefined) throw unreadable(spec, `"${part}" is not OPTION=VALUE`)
    return [name, value] as const
  })
  return new Map(pairs)
}

function readTrigger(spec: string, options: Options): Pick<Fault, 'from' | 'probability' | 'seed'> {
  const [from, probability, seed] = [
    options.number('from', 1),
    options.number('probability', 0),
    options.number('seed', 0),
  ]
  if (probability !== undefined && probability > 1) throw unreadable(spec, 'probability is between 0 and 1')
  return {
    ...(from !== undefined && { from }),
    ...(probability !== undefined && { probability }),
    ...(seed !== undefined && { seed }),
  }
}

function optionsOf(spec: string, options: ReadonlyMap<string, string>, taken: Set<string>): Options {
  const text = (name: string) => {
    taken.add(name)
    return options.get(name)
  }
  const required = (name: string) => {
    const value = text(name)
    if (value === undefined) throw unreadable(spec, `the option ${name} is missing`)
    return value
  }
  const toNumber = (name: string, value: string, least: number) => {
    const number = Number(value)
    if (!Number.isFinite(number) || number < least)
      throw unreadable(spec, `${name} is a number of at least ${least}, not "${value}"`)
    return number
  }
  return {
    text,
    required,
    number: (name, least) => {
      const value = text(name)
      return value === undefined ? undefined : toNumber(name, value, least)
    },
    requiredNumber: (name, least) => toNumber(name, required(name), least),
  }
}

function unreadable(spec: string, why: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'sandbox.fault.unreadable',
    message: `The fault "${spec}" cannot be used: ${why}.`,
    fix: 'Write EFFECT[:COUNT][@PATTERN][,OPTION=VALUE], for example 429:2@/pages or 503,probability=0.1.',
  })
}
