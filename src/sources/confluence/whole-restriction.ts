/**
 * One restriction to its last principal: v1's `restriction/byOperation/{operation}`, the same on Cloud and Data Center.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Restriction } from './api.ts'
import { type Identities, restrictionPage, unrestricted, type WireRestriction } from './restrictions.ts'
import type { Seat } from './seat.ts'

interface Wanted {
  readonly seat: Seat
  readonly identities: Identities
  readonly id: string
  readonly operation: 'read' | 'update'
}

const pageSize = 200

/** @throws {OutflowError} `permission`, `missing`; `content` when somebody in the list cannot be identified, or is not shown */
export async function wholeRestrictionOf(
  { seat, identities, id, operation }: Wanted,
  { signal }: CallContext,
): Promise<Restriction> {
  const users = new Set<string>()
  const groups = new Set<string>()
  for (let start = 0; ; ) {
    const { body } = await seat.http.json<WireRestriction>({
      path: `${seat.apiPath}/rest/api/content/${id}/restriction/byOperation/${operation}`,
      query: { expand: 'restrictions.user,restrictions.group', start, limit: pageSize },
      signal,
    })
    const page = restrictionPage(body ?? {}, identities)
    if (!page || (page.hides && start === 0)) throw unidentified(id)
    const before = users.size + groups.size
    for (const user of page.restriction.users) users.add(user)
    for (const group of page.restriction.groups) groups.add(group)
    const grew = users.size + groups.size > before
    if (!page.more || !grew) break
    start += page.length
  }
  if (users.size === 0 && groups.size === 0) return unrestricted
  return { users: [...users], groups: [...groups] }
}

function unidentified(id: string): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.restriction.unidentified',
    message: `The restriction of ${id} names somebody who is not shown or has no id, or came without its lists.`,
    fix: 'Nobody is let in to that page or what is below it. Open its restrictions in Confluence and remove who is gone.',
  })
}
