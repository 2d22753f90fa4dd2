/**
 * Who shares what: every client of one site with one credential goes by the same throttle and counts for the same number of parallel
 * requests, whichever run it belongs to. What a site grants, it grants to the account, not to our runs.
 *
 * A visitor's requests are counted apart, as sites do.
 *
 * @module
 */

import { hash } from 'node:crypto'
import { createLimiter, type Limiter } from '../util/limiter.ts'
import { createThrottle, type Throttle } from './http-throttle.ts'

/** As whom which site is asked. */
interface Account {
  readonly origin: string
  /** Absent for a visitor. */
  readonly authorization?: string | undefined
}

interface Shared {
  readonly throttle: Throttle
  /** As many places as the first of its members wanted; who wants fewer keeps to that besides. */
  readonly limiter: Limiter
}

interface Membership extends Shared {
  /** The last one out takes everything that was remembered with it. Idempotent. */
  leave(): void
}

export interface Sharing {
  join(account: Account, concurrency: number): Membership
}

/**
 * @param open given a key that names site and account without telling the credential; default: kept in memory. Another one may keep it
 * where several processes see it.
 */
export function createSharing(open: (key: string) => Throttle = () => createThrottle()): Sharing {
  const groups = new Map<string, Shared & { members: number }>()
  return {
    join(account, concurrency) {
      const key = keyOf(account)
      const group = groups.get(key) ?? {
        throttle: open(key),
        limiter: createLimiter(concurrency),
        members: 0,
      }
      groups.set(key, group)
      group.members++
      let joined = true
      return {
        throttle: group.throttle,
        limiter: group.limiter,
        leave() {
          if (joined && --group.members === 0) groups.delete(key)
          joined = false
        },
      }
    },
  }
}

const keyOf = ({ origin, authorization }: Account) =>
  `${origin} ${authorization === undefined ? 'visitor' : hash('sha256', authorization)}`

/**
 * That of this process, for clients that are told of no other: two runs that know nothing of each other meet here. It holds something
 * only while a client is open.
 */
export const processSharing = createSharing()
