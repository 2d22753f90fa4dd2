/**
 * Users and groups.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { badRequest, found, notFound } from '../problem.ts'
import { queryOf } from '../query.ts'
import type { Group, User } from '../world.ts'
import { startLimitPage } from './paging.ts'
import { anonymousJson, groupJson, userJson } from './people-json.ts'
import { forbidden } from './problem.ts'
import { type DataCenterSite, type Visit, visit } from './site.ts'

interface ByName {
  readonly Params: { readonly name: string }
}

export function addPeople(app: FastifyInstance, site: DataCenterSite): void {
  addUsers(app, site)
  addGroups(app, site)
}

/** Who is who is for those who are signed in. @throws {Problem} 403 */
function mustBeKnown(visitor: Visit): Visit {
  if (visitor.viewer.user === undefined) throw forbidden('Not permitted to view users or groups.')
  return visitor
}

function addUsers(app: FastifyInstance, site: DataCenterSite): void {
  app.get('/rest/api/user', (request) => {
    const visitor = mustBeKnown(visit(site, request))
    return userJson(visitor, askedUser(visitor, queryOf(request)))
  })

  app.get('/rest/api/user/current', (request) => {
    const visitor = visit(site, request)
    const { user } = visitor.viewer
    return user === undefined ? anonymousJson(visitor) : userJson(visitor, user)
  })

  app.get('/rest/api/user/anonymous', (request) => anonymousJson(visit(site, request)))

  app.get('/rest/api/user/list', (request) => {
    const visitor = mustBeKnown(visit(site, request))
    const { users } = visitor.world
    return startLimitPage({ site, request, items: users, json: (one) => userJson(visitor, one), cap: 200 })
  })

  app.get('/rest/api/user/memberof', (request) => {
    const visitor = mustBeKnown(visit(site, request))
    const { accountId } = askedUser(visitor, queryOf(request))
    const groups = visitor.world.groups.filter(({ members }) => members.has(accountId))
    return startLimitPage({ site, request, items: groups, json: (one) => groupJson(visitor, one), cap: 200 })
  })
}

/** By `key` or `username`. @throws {Problem} 400 without either, 404 when there is nobody of that name */
function askedUser({ world }: Visit, query: ReturnType<typeof queryOf>): User {
  const [key, username] = [query.text('key'), query.text('username')]
  if (key === undefined && username === undefined)
    throw badRequest('Either username or user key must be provided')
  const user = world.users.find((one) =>
    key === undefined ? one.username === username : one.userKey === key,
  )
  return found(user, `No user found with ${key === undefined ? 'username' : 'key'} : ${key ?? username}`)
}

function addGroups(app: FastifyInstance, site: DataCenterSite): void {
  const groupNamed = (visitor: Visit, name: string): Group => {
    const group = visitor.world.groups.find((one) => one.name === name)
    if (group === undefined) throw notFound(`No group found with name : ${name}`)
    return group
  }

  app.get('/rest/api/group', (request) => {
    const visitor = mustBeKnown(visit(site, request))
    const items = visitor.world.groups
    return startLimitPage({
      site,
      request,
      items,
      json: (one) => groupJson(site, one),
      cap: 200,
      byDefault: 200,
    })
  })

  app.get<ByName>('/rest/api/group/:name', (request) =>
    groupJson(site, groupNamed(mustBeKnown(visit(site, request)), request.params.name)),
  )

  app.get<ByName>('/rest/api/group/:name/member', (request) => {
    const visitor = mustBeKnown(visit(site, request))
    const { members } = groupNamed(visitor, request.params.name)
    const items = [...members].flatMap((id) => visitor.user(id) ?? [])
    return startLimitPage({
      site,
      request,
      items,
      json: (one) => userJson(site, one),
      cap: 200,
      byDefault: 200,
    })
  })
}
