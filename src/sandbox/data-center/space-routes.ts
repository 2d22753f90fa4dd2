/**
 * Spaces and who may do what in them.
 *
 * @module
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { queryOf } from '../query.ts'
import { parseExpansion } from './expansion.ts'
import { startLimitPage } from './paging.ts'
import { type DataCenterSite, spaceByKey, type Visit, visit } from './site.ts'
import { spaceJson } from './space-json.ts'
import { mayAdminister, permissionSets, permissionsJson } from './space-permissions.ts'

interface ByKey {
  readonly Params: { readonly key: string }
}

export function addSpaces(app: FastifyInstance, site: DataCenterSite): void {
  app.get('/rest/api/space', (request) => listSpaces(visit(site, request), request))

  app.get<ByKey>('/rest/api/space/:key', (request) => {
    const visitor = visit(site, request)
    const expansion = parseExpansion(queryOf(request).list('expand'))
    const space = spaceByKey(visitor, request.params.key)
    if (expansion.has('permissions')) mustAdminister(visitor, request.params.key)
    return spaceJson(visitor, space, expansion)
  })

  if (site.capabilities.spacePermissions) addPermissions(app, site)
  if (site.capabilities.jsonRpc) addJsonRpc(app, site)
}

function listSpaces(visitor: Visit, request: FastifyRequest) {
  const query = queryOf(request)
  const keys = [...query.list('spaceKey'), ...query.list('spaceKeys')].map((key) => key.toLowerCase())
  const ids = [...query.list('spaceId'), ...query.list('spaceIds')]
  const type = query.choice('type', ['global', 'personal'])
  const status = query.choice('status', ['current', 'archived'])
  const expansion = parseExpansion(query.list('expand'))
  const spaces = visitor.world.spaces.filter(
    (space) =>
      visitor.viewer.sees(space) &&
      (keys.length === 0 || keys.includes(space.key.toLowerCase())) &&
      (ids.length === 0 || ids.includes(space.id)) &&
      (type === undefined || (space.type === 'personal') === (type === 'personal')) &&
      (status === undefined || space.status === status),
  )
  if (expansion.has('permissions')) for (const space of spaces) mustAdminister(visitor, space.key)
  return startLimitPage({
    site: visitor,
    request,
    items: spaces,
    json: (space) => spaceJson(visitor, space, expansion),
    cap: visitor.traps.spaceListSize,
    next: 'lags',
  })
}

/** Real servers answer 500 where 403 is meant (CONFSERVER-99908). @throws {Problem} */
function mustAdminister(visitor: Visit, key: string): void {
  const space = spaceByKey(visitor, key)
  if (mayAdminister(visitor, space)) return
  throw new Problem(500, 'INTERNAL_SERVER_ERROR', `Failed to retrieve permissions for space ${space.key}`)
}

function addPermissions(app: FastifyInstance, site: DataCenterSite): void {
  const answer = (whose: 'known' | 'anonymous') => (request: FastifyRequest<ByKey>) => {
    const visitor = visit(site, request)
    mustAdminister(visitor, request.params.key)
    return permissionsJson(visitor, spaceByKey(visitor, request.params.key), whose)
  }
  app.get<ByKey>('/rest/api/space/:key/permissions', answer('known'))
  app.get<ByKey>('/rest/api/space/:key/permissions/anonymous', answer('anonymous'))
}

/** The remote API of old versions, of which one method is left to need. */
function addJsonRpc(app: FastifyInstance, site: DataCenterSite): void {
  app.post('/rpc/json-rpc/confluenceservice-v2', (request, reply) => {
    if (site.traps.remoteApi === 'disabled') return refuseRemoteApi(reply)
    if (site.traps.remoteApi === 'web-sudo') return sendWebSudo(reply)
    const { method, params, id } = (request.body ?? {}) as {
      method?: string
      params?: unknown[]
      id?: unknown
    }
    const visitor = visit(site, request)
    const key = params?.[0]
    const space = visitor.world.spaces.find((one) => one.key === key)
    const failure = rpcFailure(visitor, { method, space })
    if (failure !== undefined) return { jsonrpc: '2.0', error: failure, id }
    return { jsonrpc: '2.0', result: permissionSets(visitor, space!), id }
  })
}

function rpcFailure(
  visitor: Visit,
  { method, space }: { method: string | undefined; space: Visit['world']['spaces'][number] | undefined },
): { readonly code: number; readonly message: string } | undefined {
  const exception = (name: string, why: string) => ({
    code: 500,
    message: `com.atlassian.confluence.rpc.${name}: ${why}`,
  })
  if (method !== 'getSpacePermissionSets') return { code: -32601, message: `Method ${method} not found` }
  if (space === undefined || !visitor.viewer.sees(space))
    return exception('RemoteException', 'No space found with that key')
  if (!mayAdminister(visitor, space))
    return exception('NotPermittedException', 'You are not permitted to see the permissions of this space')
  return undefined
}

function refuseRemoteApi(reply: FastifyReply): FastifyReply {
  return reply.code(401).type('text/html').send('<html><body>The remote API is not enabled.</body></html>')
}

/** Asks an administrator to type the password once more; a program only sees 200 and HTML. */
function sendWebSudo(reply: FastifyReply): FastifyReply {
  const page =
    '<!doctype html><html><head><title>Administrator Access</title></head><body><form method="post"><label>Confirm your password</label><input type="password" name="password"></form></body></html>'
  return reply
    .code(200)
    .type('text/html;charset=UTF-8')
    .header('x-atlassian-websudo', 'Has-Authentication')
    .send(page)
}
