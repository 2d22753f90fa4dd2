/**
 * Cloud: who may do what in a space, who is in a group, and what people are called.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ConfluenceApi, Grant, Principal, Space } from './api.ts'
import { cursorReader } from './cloud-call.ts'
import { nameOf } from './cloud-wire.ts'
import { operationOf } from './grants.ts'
import { listPages } from './listing.ts'
import { listByStart } from './offset-list.ts'
import { createPageSize } from './page-size.ts'
import type { WireGroup, WireUser } from './restrictions.ts'
import { bulks, type Seat } from './seat.ts'
import { createVisitors } from './visitors.ts'

type AccessCalls = Pick<
  ConfluenceApi,
  'grants' | 'letsVisitorsIn' | 'groupMembers' | 'accessClassGroups' | 'groupName' | 'userNames'
>

interface WirePermission {
  readonly id: string
  readonly principal?: { readonly type?: string; readonly id?: string }
  readonly operation?: { readonly key?: string; readonly targetType?: string }
}

interface WireAssignment {
  readonly principal?: { readonly principalType?: string; readonly principalId?: string }
  readonly roleId?: string
}

interface WireRole {
  readonly id: string
  readonly spacePermissions?: readonly string[]
}

/** `{key, targetType}` of all that a role allows, by role id. */
type Roles = ReadonlyMap<string, readonly string[]>

/** The groups whose members an access class stands for. */
const classGroups: Readonly<Record<string, string>> = {
  ALL_LICENSED_USERS: 'user',
  ALL_PRODUCT_ADMINS: 'admin',
}

export function createCloudAccess(seat: Seat): AccessCalls {
  const { http, apiPath } = seat
  const listSize = createPageSize(250, 250)
  const visitors = createVisitors(seat, ({ id }) => `/api/v2/spaces/${id}`)
  let knownRoles: Promise<Roles | undefined> | undefined

  async function all<Wire extends { readonly id: string }>(path: string, name: string, options: CallContext) {
    const gathered: Wire[] = []
    const read = cursorReader<Wire, Wire>(seat, { path, query: {} }, (wire) => wire, options)
    for await (const batch of listPages({ name, read, size: listSize })) gathered.push(...batch)
    return gathered
  }

  /** Read once: the site's mode, then its roles where it has any. */
  function roles(options: CallContext): Promise<Roles | undefined> {
    knownRoles ??= readRoles(options)
    knownRoles.catch(() => {
      knownRoles = undefined
    })
    return knownRoles
  }

  async function readRoles(options: CallContext): Promise<Roles | undefined> {
    const path = `${apiPath}/api/v2/space-role-mode`
    const { status, body } = await http.json<{ mode?: string }>({
      path,
      signal: options.signal,
      accept: [403, 404],
    })
    // A site that does not know the question has no roles.
    if (status === 404 || body?.mode === 'PRE_ROLES') return undefined
    const wires = await all<WireRole>('/api/v2/space-roles', 'space roles', options)
    return new Map(wires.map((role) => [role.id, role.spacePermissions ?? []]))
  }

  async function assignedGrants(space: Space, known: Roles, options: CallContext): Promise<Grant[]> {
    const path = `/api/v2/spaces/${space.id}/role-assignments`
    const read = cursorReader<WireAssignment, WireAssignment & { id: string }>(
      seat,
      { path, query: {} },
      (wire) => ({
        ...wire,
        id: `${wire.roleId} ${wire.principal?.principalType} ${wire.principal?.principalId}`,
      }),
      options,
    )
    const grants: Grant[] = []
    for await (const batch of listPages({
      name: `role assignments of space ${space.key}`,
      read,
      size: listSize,
    }))
      for (const { principal, roleId } of batch)
        grants.push(
          ...grantsOf(principal?.principalType, principal?.principalId, known.get(roleId ?? '') ?? []),
        )
    return grants
  }

  return {
    async grants(space, options) {
      const path = `/api/v2/spaces/${space.id}/permissions`
      const wires = await all<WirePermission>(path, `permissions of space ${space.key}`, options)
      const direct = wires.flatMap(({ principal, operation }) =>
        grantsOf(principal?.type, principal?.id, [`${operation?.key}/${operation?.targetType}`]),
      )
      const known = await roles(options)
      const assigned = known ? await assignedGrants(space, known, options) : []
      return visitors.asGranted(space, [...direct, ...assigned], options)
    },
    letsVisitorsIn: visitors.areWelcome,
    async groupMembers(groupId, options) {
      const path = `${apiPath}/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`
      const members = new Map<string, string | undefined>()
      for await (const user of listByStart<WireUser>(http, { path, limit: 200 }, options))
        if (user.accountId) members.set(user.accountId, nameOf(user))
      return members
    },
    async accessClassGroups(accessClass, options) {
      const accessType = classGroups[accessClass]
      if (accessType === undefined) return undefined
      const groups: string[] = []
      const list = { path: `${apiPath}/rest/api/group`, limit: 200, query: { accessType } }
      for await (const group of listByStart<WireGroup>(http, list, options))
        if (group.id) groups.push(group.id)
      return groups
    },
    async groupName(id, { signal }) {
      const path = `${apiPath}/rest/api/group/by-id`
      const accept = [400, 403, 404]
      const { status, body } = await http.json<WireGroup>({ path, query: { id }, signal, accept })
      return status === 200 ? body?.name : undefined
    },
    async userNames(ids, options) {
      const names = new Map<string, string>()
      for (const accountIds of bulks([...new Set(ids)], 250)) {
        const { body } = await http.json<{ results?: readonly WireUser[] }>({
          method: 'POST',
          path: `${apiPath}/api/v2/users-bulk`,
          body: { accountIds },
          signal: options.signal,
        })
        for (const user of body?.results ?? []) {
          const name = nameOf(user)
          if (user.accountId && name) names.set(user.accountId, name)
        }
      }
      return names
    },
  }
}

function grantsOf(type: string | undefined, id: string | undefined, permissions: readonly string[]): Grant[] {
  const principal = principalOf(type, id)
  if (!principal) return []
  return permissions.flatMap((permission) => {
    const operation = operationOf(permission)
    return operation ? [{ operation, principal }] : []
  })
}

/** Role assignments say `ACCESS_CLASS` and `anonymous-users`, permissions `access-class` and `ANONYMOUS_USERS`: one spelling leaves here. */
function principalOf(type: string | undefined, id: string | undefined): Principal | undefined {
  if (!type || !id) return undefined
  const kind = type.toLowerCase().replaceAll('_', '-')
  if (kind === 'user' || kind === 'group') return { type: kind, id }
  if (kind === 'access-class') return { type: kind, id: id.toUpperCase().replaceAll('-', '_') }
  // A role among the permissions: its holders are listed by the role assignments.
  return undefined
}
