/**
 * Who is in a crowd, asked once each, with every way of not knowing told apart from being empty.
 *
 * @module
 */

import { type ErrorKind, OutflowError } from '../../../model/errors.ts'
import { type Crowd, crowdName, isGroup } from './gate.ts'

/** Memberships as the site tells them. Both may throw an `OutflowError`; `missing` means that the group is gone. */
export interface Membership {
  groupMembers(groupId: string): Promise<ReadonlySet<string>>
  /** `undefined` where the members cannot be enumerated. */
  accessClassMembers(accessClass: string): Promise<ReadonlySet<string> | undefined>
}

type Members =
  | { readonly known: true; readonly ids: ReadonlySet<string> }
  /** `why` names the crowd too, for the reason of a `partial` status. */
  | { readonly known: false; readonly why: string }

export type MembersOf = (crowd: Crowd) => Promise<Members>

/**
 * Remembers every answer, "not to be had" included: one page's answer is the next page's. A group that is gone has no members.
 * What ends the run (cancelled, credentials lost, throttled beyond patience) is thrown on and not remembered.
 */
export function createMembers(membership: Membership): MembersOf {
  const known = new Map<Crowd, Promise<Members>>()
  return (crowd) => {
    const asked = known.get(crowd)
    if (asked !== undefined) return asked
    const answer = ask(crowd, membership)
    known.set(crowd, answer)
    answer.catch(() => known.delete(crowd))
    return answer
  }
}

/** These concern the whole run, not this crowd. */
const endOfRun: ReadonlySet<ErrorKind> = new Set(['config', 'credentials', 'throttled'])

async function ask(crowd: Crowd, membership: Membership): Promise<Members> {
  try {
    if (isGroup(crowd)) return { known: true, ids: await membership.groupMembers(crowdName(crowd)) }
    const ids = await membership.accessClassMembers(crowdName(crowd))
    return ids === undefined ? notKnown(crowd, 'it cannot be enumerated') : { known: true, ids }
  } catch (thrown) {
    if (!(thrown instanceof OutflowError)) throw thrown
    if (thrown.kind === 'missing' && isGroup(crowd)) return { known: true, ids: new Set() }
    if (endOfRun.has(thrown.kind)) throw thrown
    return notKnown(crowd, thrown.message)
  }
}

const notKnown = (crowd: Crowd, why: string): Members => ({
  known: false,
  why: `${isGroup(crowd) ? 'group' : 'access class'} ${crowdName(crowd)} (${why})`,
})
