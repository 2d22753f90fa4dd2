/**
 * Data Center: members of groups and names of people. There is no bulk look-up of names, but members come with theirs, two hundred at
 * a time, and most of them are wanted for the permissions anyway: so groups that may view a space are asked before single people are.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { createRecent } from '../../util/recent.ts'
import type { ConfluenceApi, Grant } from './api.ts'
import { nameOf } from './cloud-wire.ts'
import { listByStart } from './offset-list.ts'
import type { WireUser } from './restrictions.ts'
import { isLocal, type Seat } from './seat.ts'

export interface People extends Pick<ConfluenceApi, 'groupMembers' | 'groupName' | 'userNames'> {
  /** Whom a space lets in: where names will be looked for first. */
  expect(grants: readonly Grant[]): void
  /** The key behind a user name; `undefined` when the account is gone. */
  userKey(userName: string, options: CallContext): Promise<string | undefined>
}

type Members = ReadonlyMap<string, string | undefined>

const mostGroups = 1000
const mostUsers = 10_000

export function createPeople({ http, apiPath }: Seat): People {
  const groups = createRecent<Members>(mostGroups)
  const keys = createRecent<string | undefined>(mostUsers)
  const expected = new Set<string>()
  /** By user key and by user name. */
  const names = new Map<string, string>()

  function remember({ userKey, username, displayName }: WireUser): void {
    if (!displayName) return
    if (userKey) names.set(userKey, displayName)
    if (username) names.set(username, displayName)
  }

  async function readMembers(groupId: string, options: CallContext): Promise<Members> {
    const members = new Map<string, string | undefined>()
    const path = `${apiPath}/rest/api/group/${encodeURIComponent(groupId)}/member`
    for await (const user of listByStart<WireUser>(http, { path, limit: 200 }, options)) {
      remember(user)
      if (user.userKey) members.set(user.userKey, nameOf(user))
    }
    return members
  }

  const groupMembers = (groupId: string, options: CallContext) =>
    groups(groupId, () => readMembers(groupId, options))

  async function user(
    by: 'key' | 'username',
    id: string,
    { signal }: CallContext,
    accept: readonly number[] = [404],
  ): Promise<WireUser | undefined> {
    const path = `${apiPath}/rest/api/user`
    const { status, body } = await http.json<WireUser>({ path, query: { [by]: id }, signal, accept })
    return status === 200 ? body : undefined
  }

  /** Group by group, until nobody is unknown any more. */
  async function askGroups(ids: readonly string[], options: CallContext): Promise<void> {
    for (const group of expected) {
      if (ids.every((id) => names.has(id))) return
      try {
        await groupMembers(group, options)
      } catch (thrown) {
        if (!isLocal(thrown)) throw thrown
      }
    }
  }

  async function askSingly(id: string, options: CallContext): Promise<void> {
    const accept = [403, 404]
    const found = (await user('key', id, options, accept)) ?? (await user('username', id, options, accept))
    const name = nameOf(found)
    if (name) names.set(id, name)
  }

  return {
    expect(grants) {
      for (const { operation, principal } of grants)
        if (operation === 'read' && principal.type === 'group') expected.add(principal.id)
    },
    groupMembers,
    async groupName(id, { signal }) {
      const path = `${apiPath}/rest/api/group/${encodeURIComponent(id)}`
      const { status, body } = await http.json<{ readonly name?: string }>({
        path,
        signal,
        accept: [403, 404],
      })
      return status === 200 ? body?.name : undefined
    },
    userKey: (userName, options) =>
      keys(userName, async () => (await user('username', userName, options))?.userKey),
    async userNames(ids, options) {
      await askGroups(ids, options)
      const unknown = ids.filter((id) => !names.has(id))
      await Promise.all(unknown.map((id) => askSingly(id, options)))
      return new Map(ids.flatMap((id) => (names.has(id) ? [[id, names.get(id)!] as const] : [])))
    },
  }
}
