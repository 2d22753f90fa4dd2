/**
 * Groups and users.
 *
 * @module
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { badRequest, found } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import type { Group } from '../../world.ts'
import { anonymousShape, groupShape, listLinks, pathOf, userShape } from './shapes.ts'

const largestPage = 200

export function addGroups(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  const byName = () => [...world.groups].sort((a, b) => (a.name < b.name ? -1 : 1))
  const shape = (group: Group) => groupShape(context, group)

  app.get('/group', (request) => {
    const access = queryOf(request).choice('accessType', ['user', 'admin', 'site-admin'])
    const groups = byName().filter((group) => access === undefined || group.access === access)
    return page(context, request, groups, shape)
  })

  app.get('/group/picker', (request) => {
    const wanted = (queryOf(request).text('query') ?? '').toLowerCase()
    const groups = byName().filter(({ name }) => name.toLowerCase().includes(wanted))
    return page(context, request, groups, shape)
  })

  app.get('/group/by-id', (request) => {
    const wanted = queryOf(request).text('id')
    return shape(
      found(
        world.groups.find(({ id }) => id === wanted),
        `No group found with id ${wanted}`,
      ),
    )
  })

  /** A group that does not exist has no members: 200. */
  app.get<{ Params: { groupId: string } }>('/group/:groupId/membersByGroupId', (request) => {
    const group = world.groups.find(({ id }) => id === request.params.groupId)
    const members = world.users.filter(({ accountId, active }) => active && group?.members.has(accountId))
    return page(context, request, members, (user) => userShape(context, user))
  })
}

export function addUsers(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  const byId = (id: string | undefined) => world.users.find(({ accountId }) => accountId === id)

  app.get('/user', (request) => {
    const id = queryOf(request).text('accountId')
    if (id === undefined) throw badRequest('accountId is required')
    return userShape(context, found(byId(id), `No user found with accountId : ${id}`))
  })

  app.get('/user/current', ({ viewer: { user } }) =>
    user === undefined ? anonymousShape(context) : userShape(context, user),
  )

  app.get('/user/anonymous', () => anonymousShape(context))

  app.get('/user/bulk', (request) => {
    const ids = queryOf(request).list('accountId').slice(0, 100)
    const results = ids.flatMap((id) => byId(id) ?? []).map((user) => userShape(context, user))
    return { results, start: 0, limit: 100, size: results.length, _links: listLinks(context, '/user/bulk') }
  })

  app.get('/user/memberof', (request) => {
    const id = queryOf(request).text('accountId')
    const user = found(byId(id), `No user found with accountId : ${id}`)
    const groups = world.groups.filter(({ members }) => members.has(user.accountId))
    return page(context, request, groups, (group) => groupShape(context, group))
  })
}

/** `start` and `limit`, with a next link while there is more. */
function page<Item>(
  context: SandboxContext,
  request: FastifyRequest,
  items: readonly Item[],
  shape: (item: Item) => object,
) {
  const query = queryOf(request)
  const start = query.whole('start', { byDefault: 0, min: 0 })
  const limit = Math.min(query.whole('limit', { byDefault: largestPage, min: 1 }), largestPage)
  const results = items.slice(start, start + limit).map(shape)
  const path = pathOf(request)
  const announced = start + limit < items.length && context.traps.peopleNextLinks
  return {
    results,
    start,
    limit,
    size: results.length,
    ...(query.flag('shouldReturnTotalSize') && { totalSize: items.length }),
    _links: {
      ...listLinks(context, path),
      ...(announced && { next: pathFrom(path, { start: start + limit, limit }) }),
    },
  }
}

function pathFrom(
  path: string,
  { start, limit }: { readonly start: number; readonly limit: number },
): string {
  const url = new URL(path, 'http://site')
  url.searchParams.set('limit', String(limit))
  url.searchParams.set('start', String(start))
  return `/rest/api${url.pathname}${url.search}`
}
