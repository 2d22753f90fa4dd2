/**
 * Every kind of trouble that is tried at every request.
 *
 * @module
 */

import type { Fault } from '../../src/sandbox/index.ts'

export interface Kind {
  readonly name: string
  readonly effect: Fault['effect']
  /** At every request of the same list, again and again: no retry helps. */
  readonly stays?: true
  /** How long one answer may take, in seconds; by default longer than a test does. */
  readonly timeout?: number
}

const asked = (seconds: number) => ({ retryAfter: { seconds, as: 'seconds' } }) as const

export const kinds: readonly Kind[] = [
  { name: '500', effect: { kind: 'status', status: 500 } },
  { name: '502', effect: { kind: 'status', status: 502 } },
  { name: '429, wait 0 s', effect: { kind: 'status', status: 429, ...asked(0) } },
  { name: '429, wait 1 s', effect: { kind: 'status', status: 429, ...asked(1) } },
  { name: '429', effect: { kind: 'status', status: 429 } },
  { name: 'no answer', effect: { kind: 'hang' }, timeout: 1.5 },
  { name: 'reset in mid-body', effect: { kind: 'reset' } },
  { name: 'truncated JSON', effect: { kind: 'truncate' } },
  { name: 'login page', effect: { kind: 'login-page' } },
  { name: 'repeated cursor', effect: { kind: 'repeat-cursor' } },
  { name: 'empty page', effect: { kind: 'empty-page' } },
  { name: 'listed twice', effect: { kind: 'repeat-item' } },
  { name: 'left out', effect: { kind: 'omit' } },
  { name: '500 for good', effect: { kind: 'status', status: 500 }, stays: true },
  { name: '404 for good', effect: { kind: 'status', status: 404 }, stays: true },
  { name: 'left out for good', effect: { kind: 'omit' }, stays: true },
]

/** A wiki is as it was before its busy day, or as it is after it. */
export type State = 'before' | 'after'

/** One kind of trouble at one request. */
export interface Trouble {
  readonly kind: Kind
  /** The state of the wiki that the run finds. */
  readonly state: State
  /** What is asked for, wherever a page of it begins. */
  readonly list: string
  /** Which of the requests for it is struck, counted from 1: requests go out side by side, and only those of one list keep their order. */
  readonly nth: number
}

export function faultOf({ kind: { effect, stays }, list, nth }: Trouble): Fault {
  const on = list.replace('&limit=*', anywhereBefore)
  return stays ? { effect, on } : { effect, on, from: nth, count: 1 }
}

/** Data Center writes a cursor in front of the limit, Cloud at the end. */
const anywhereBefore = '*&limit=*'

const listOf = (request: string) =>
  request.replaceAll(/([?&])cursor=[^&]*/g, '').replaceAll(/([?&](?:limit|start)=)\d+/g, '$1*')

/** Every kind at every request of a run; what stays strikes each list once. */
export function everyTrouble(requests: readonly string[], state: State): readonly Trouble[] {
  const lists = requests.map(listOf)
  const struck = lists.map((list, index) => ({
    list,
    nth: lists.slice(0, index + 1).filter((each) => each === list).length,
  }))
  const once = struck.filter(({ nth }) => nth === 1)
  return kinds.flatMap((kind) => (kind.stays ? once : struck).map((request) => ({ kind, state, ...request })))
}

/** What a trouble is about, where the site does not say that there is one: it says something else, as if that were all. */
export function lieAbout({
  kind: { effect },
  list,
}: Trouble): 'people' | 'comments' | 'spaces' | 'pages' | undefined {
  if (effect.kind !== 'omit' && !(effect.kind === 'status' && effect.status === 404)) return undefined
  if (/permissions|role-mode|roles|role-assignments|\/group|byOperation|\/restriction|\/user\?/.test(list))
    return 'people'
  if (/comment/.test(list)) return 'comments'
  return /\/api\/(v2\/spaces|space)\?/.test(list) ? 'spaces' : 'pages'
}
