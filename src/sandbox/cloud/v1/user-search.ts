/**
 * `search/user`: people by what a query says of them.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { badRequest } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import { listLinks, userShape } from './shapes.ts'

export function addUserSearch(app: FastifyInstance, context: SandboxContext): void {
  app.get('/search/user', (request) => {
    const query = queryOf(request)
    const start = query.whole('start', { byDefault: 0, min: 0 })
    const limit = Math.min(query.whole('limit', { byDefault: 25, min: 1 }), 200)
    const users = usersMatching(context, query.text('cql'))
    const results = users.slice(start, start + limit).map((user) => ({
      user: userShape(context, user),
      title: user.displayName,
      excerpt: '',
      url: `/people/${user.accountId}`,
      breadcrumbs: [],
      entityType: 'user',
      iconCssClass: 'aui-icon content-type-profile',
      lastModified: new Date(0).toISOString(),
      score: 0,
    }))
    return {
      results,
      start,
      limit,
      size: results.length,
      totalSize: users.length,
      cqlQuery: query.text('cql'),
      searchDuration: 1,
      _links: listLinks(context, '/search/user'),
    }
  })
}

/** `type=user`, `user = "id"`, `user.accountid = "id"`, `user.fullname ~ "words"`. */
function usersMatching({ world }: SandboxContext, cql: string | undefined) {
  const text = cql?.trim() ?? ''
  if (/^type\s*=\s*"?user"?$/i.test(text)) return world.users
  const [, field, value] = /^(user(?:\.\w+)?)\s*[=~]\s*"?([^"]+)"?$/i.exec(text) ?? []
  if (value === undefined) throw badRequest(`Could not parse cql : ${cql}`)
  if (field!.toLowerCase() === 'user.fullname')
    return world.users.filter(({ displayName }) => displayName.toLowerCase().includes(value.toLowerCase()))
  return world.users.filter(({ accountId }) => accountId === value)
}
