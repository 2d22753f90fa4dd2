/**
 * Data Center: who may do what in a space, who is in a group, and what people are called.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { ConfluenceApi, Grant, Principal, Space } from './api.ts'
import { createPeople } from './data-center-people.ts'
import type { Abilities } from './data-center-version.ts'
import { operationOf } from './grants.ts'
import type { Seat } from './seat.ts'
import { createVisitors } from './visitors.ts'

type AccessCalls = Pick<
  ConfluenceApi,
  'grants' | 'letsVisitorsIn' | 'groupMembers' | 'accessClassGroups' | 'groupName' | 'userNames'
>

interface WireGrant {
  readonly operation?: { readonly targetType?: string; readonly operationKey?: string }
  readonly subject?: { readonly type?: string; readonly name?: string; readonly userKey?: string } | null
}

interface WirePermissionSet {
  readonly type?: string
  readonly spacePermissions?: readonly {
    readonly type?: string
    readonly userName?: string | null
    readonly groupName?: string | null
  }[]
}

const anonymousUsers: Principal = { type: 'access-class', id: 'ANONYMOUS_USERS' }

export function createDataCenterAccess(seat: Seat, can: Abilities): AccessCalls {
  const { http, apiPath } = seat
  const visitors = createVisitors(seat, ({ key }) => `/rest/api/space/${encodeURIComponent(key)}`)
  const readGrants = can.spacePermissions ? permissionsByRest : permissionsByRpc
  const people = createPeople(seat)

  async function permissionsByRest(space: Space, { signal }: CallContext): Promise<Grant[]> {
    const path = `${apiPath}/rest/api/space/${encodeURIComponent(space.key)}/permissions`
    const read = async (below: string) => {
      // Missing rights answer 500 (CONFSERVER-99908).
      const { status, body } = await http.json<readonly WireGrant[]>({
        path: `${path}${below}`,
        signal,
        accept: [500],
      })
      if (status === 500 || !Array.isArray(body))
        throw notAllowed(space, 'The site answered 500, as it does where rights are missing.')
      return body as readonly WireGrant[]
    }
    const named = (await read('')).flatMap((wire) => grantOf(wire, subjectOf(wire.subject)))
    const anonymous = (await read('/anonymous')).flatMap((wire) => grantOf(wire, anonymousUsers))
    return [...named, ...anonymous]
  }

  async function permissionsByRpc(space: Space, options: CallContext): Promise<Grant[]> {
    const response = await http.text({
      method: 'POST',
      path: `${apiPath}/rpc/json-rpc/confluenceservice-v2`,
      body: { jsonrpc: '2.0', method: 'getSpacePermissionSets', params: [space.key], id: 1 },
      signal: options.signal,
      accept: [401, 403, 404, 500],
    })
    const sets = permissionSets(space, response)
    const grants: Grant[] = []
    for (const { type, spacePermissions = [] } of sets) {
      const operation = operationOf(type ?? '')
      if (!operation) continue
      for (const { userName, groupName } of spacePermissions) {
        const principal = await principalOf(userName, groupName, options)
        if (principal) grants.push({ operation, principal })
      }
    }
    return grants
  }

  /** Neither a user nor a group is the anonymous visitor. Somebody whose account is gone is nobody. */
  async function principalOf(
    userName: string | null | undefined,
    groupName: string | null | undefined,
    options: CallContext,
  ): Promise<Principal | undefined> {
    if (groupName) return { type: 'group', id: groupName }
    if (!userName) return anonymousUsers
    const key = await people.userKey(userName, options)
    return key ? { type: 'user', id: key } : undefined
  }

  return {
    async grants(space, options) {
      const grants = await visitors.asGranted(space, await readGrants(space, options), options)
      people.expect(grants)
      return grants
    },
    letsVisitorsIn: visitors.areWelcome,
    groupMembers: people.groupMembers,
    // Data Center knows only the anonymous visitor, whom nobody can enumerate.
    accessClassGroups: async () => undefined,
    groupName: people.groupName,
    userNames: people.userNames,
  }
}

function grantOf({ operation }: WireGrant, principal: Principal | undefined): Grant[] {
  const known = operationOf(`${operation?.operationKey}/${operation?.targetType}`)
  return known && principal ? [{ operation: known, principal }] : []
}

function subjectOf(subject: WireGrant['subject']): Principal | undefined {
  if (subject?.type === 'group' && subject.name) return { type: 'group', id: subject.name }
  if (subject?.type === 'user' && subject.userKey) return { type: 'user', id: subject.userKey }
  return undefined
}

/** A switched-off API answers 401 or 404, WebSudo 200 with a page to sign in again. */
function permissionSets(
  space: Space,
  { status, body }: { readonly status: number; readonly body: string },
): readonly WirePermissionSet[] {
  if (status >= 400)
    throw notAllowed(space, `The JSON-RPC API, which this version needs for it, answered ${status}.`)
  let answer: { result?: unknown; error?: { message?: string } }
  try {
    answer = JSON.parse(body)
  } catch {
    throw notAllowed(
      space,
      'The JSON-RPC API, which this version needs for it, answered with a web page (WebSudo).',
    )
  }
  if (!Array.isArray(answer?.result))
    throw notAllowed(space, 'The JSON-RPC API, which this version needs for it, refused the question.')
  return answer.result
}

function notAllowed(space: Space, why: string): OutflowError {
  return new OutflowError({
    kind: 'permission',
    code: 'confluence.space_permissions.refused',
    message: `This account may not see who has access to space ${space.key}. ${why}`,
    fix: 'Make the account an administrator of the space; before version 9.1, a Confluence administrator also has to switch on "Remote API (XML-RPC & SOAP)".',
  })
}
