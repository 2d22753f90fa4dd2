/**
 * Whether the site lets in visitors who are not signed in. A space may grant them what it likes: with the site closed to them, the grant
 * serves only those who are signed in. No API tells every account, so we go and look, without credentials.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Grant, Space } from './api.ts'
import type { Seat } from './seat.ts'

const anonymous = 'ANONYMOUS_USERS'
const signedIn = 'AUTHENTICATED_USERS'

const isForVisitors = ({ principal: { type, id } }: Grant) => type === 'access-class' && id === anonymous

export interface Visitors {
  asGranted(space: Space, grants: readonly Grant[], options: CallContext): Promise<readonly Grant[]>
  /** Whether a visitor was let in. */
  areWelcome(): Promise<boolean>
}

/**
 * Gives grants their true meaning on this site: on one that is closed to visitors, what was granted to the anonymous is granted to
 * everybody who is signed in. Costs one request a site, if a space lets visitors view at all.
 *
 * @param address path of a space in the API, below the site's context path
 */
export function createVisitors({ visitor, site }: Seat, address: (space: Space) => string): Visitors {
  const context = new URL(site.webUrl).pathname.replace(/\/$/, '')
  let known: Promise<boolean> | undefined

  function isOpen(space: Space, options: CallContext): Promise<boolean> {
    known ??= look(space, options)
    known.catch(() => {
      known = undefined
    })
    return known
  }

  /** Any doubt means no: a redirect to a login page, or an answer that is not this space. */
  async function look(space: Space, { signal }: CallContext): Promise<boolean> {
    try {
      const path = `${context}${address(space)}`
      const { status, body } = await visitor.json<{ key?: unknown } | null | undefined>({
        path,
        signal,
        accept: [401, 403, 404],
      })
      return status === 200 && body?.key === space.key
    } catch (thrown) {
      if (thrown instanceof OutflowError) return false
      throw thrown
    }
  }

  const asGranted: Visitors['asGranted'] = async (space, grants, options) => {
    const viewable = grants.some((grant) => grant.operation === 'read' && isForVisitors(grant))
    if (!viewable || (await isOpen(space, options))) return grants
    return grants.map((grant) =>
      isForVisitors(grant) ? { ...grant, principal: { type: 'access-class', id: signedIn } } : grant,
    )
  }

  return { asGranted, areWelcome: async () => (await known) ?? false }
}
