/**
 * Restrictions of one piece of content. There is no `GET …/restriction` on Data Center, only the views by operation.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { notFound } from '../problem.ts'
import { queryOf } from '../query.ts'
import { startLimitPage } from './paging.ts'
import { operationJson, relevantRestrictions, restrictionOperations } from './restriction-json.ts'
import { contentById, type DataCenterSite, restId, visit } from './site.ts'

interface ById {
  readonly Params: { readonly id: string }
}

const kinds = ['user', 'group']

export function addRestrictions(app: FastifyInstance, site: DataCenterSite): void {
  app.get<ById>('/rest/api/content/:id/restriction/byOperation', (request) => {
    const visitor = visit(site, request)
    const node = contentById(visitor, request.params.id)
    const page = { start: 0, limit: site.traps.restrictionListSize }
    const entries = restrictionOperations.map(
      (operation) => [operation, operationJson(visitor, { node, operation, page, kinds })] as const,
    )
    const self = `${site.base}/rest/api/content/${restId(node)}/restriction/byOperation`
    return { ...Object.fromEntries(entries), _links: { self, base: site.base, context: site.contextPath } }
  })

  app.get<{ Params: { id: string; operation: string } }>(
    '/rest/api/content/:id/restriction/byOperation/:operation',
    (request) => {
      const visitor = visit(site, request)
      const query = queryOf(request)
      const node = contentById(visitor, request.params.id)
      const operation = restrictionOperations.find((one) => one === request.params.operation)
      if (operation === undefined) throw notFound(`No operation with key : ${request.params.operation}`)
      const page = {
        start: query.whole('start', { byDefault: 0, min: 0 }),
        limit: Math.min(query.whole('limit', { byDefault: 100, min: 1 }), 200),
      }
      return operationJson(visitor, { node, operation, page, kinds })
    },
  )

  if (site.capabilities.relevantViewRestrictions) addRelevant(app, site)
}

function addRelevant(app: FastifyInstance, site: DataCenterSite): void {
  app.get<ById>('/rest/api/content/:id/restriction/relevantViewRestrictions', (request) => {
    const visitor = visit(site, request)
    const node = contentById(visitor, request.params.id)
    const page = { start: 0, limit: site.traps.restrictionListSize }
    const restrictions = startLimitPage({
      site,
      request,
      items: relevantRestrictions(visitor, node),
      json: (restricting) => operationJson(visitor, { node: restricting, operation: 'read', page, kinds }),
      cap: 50,
    })
    return { viewContentRestrictions: restrictions }
  })
}
