/**
 * Search by CQL.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { badRequest } from '../problem.ts'
import { type Query, queryOf } from '../query.ts'
import { createSearch, type SearchRequest } from '../search.ts'
import type { WorldNode } from '../world.ts'
import { contentJson } from './content-json.ts'
import { webLinks } from './content-links.ts'
import { contentPage } from './content-routes.ts'
import { parseExpansion, resultCap } from './expansion.ts'
import { startLimitPage } from './paging.ts'
import { type DataCenterSite, type Visit, visit } from './site.ts'

export function addSearch(app: FastifyInstance, site: DataCenterSite): void {
  const search = createSearch(site.world, site.traps.indexLagMs)
  app.addHook('onClose', async () => search.close())

  app.get('/rest/api/content/search', (request) => {
    const visitor = visit(site, request)
    const found = search.find(searchRequest(queryOf(request)), visitor.viewer)
    return contentPage(visitor, request, found)
  })

  app.get('/rest/api/search', (request) => {
    const visitor = visit(site, request)
    const query = queryOf(request)
    const asked = searchRequest(query)
    const began = Date.now()
    const found = search.find(asked, visitor.viewer)
    const expansion = parseExpansion(query.list('expand')).below('content')
    const page = startLimitPage({
      site,
      request,
      items: found,
      json: (node) => resultJson(visitor, node, contentJson(visitor, node, expansion)),
      cap: resultCap(expansion),
      next: 'overruns',
    })
    return { ...page, totalSize: found.length, cqlQuery: asked.cql, searchDuration: Date.now() - began }
  })
}

/** @throws {Problem} 400 without a query, or with a context that is no JSON */
function searchRequest(query: Query): SearchRequest {
  const cql = query.text('cql')
  if (cql === undefined || cql.trim() === '') throw badRequest('A CQL query is required')
  const archivedSpaces = query.flag('includeArchivedSpaces')
  return { cql, archivedSpaces, statuses: statusesOf(query.text('cqlcontext')) }
}

function statusesOf(context: string | undefined): readonly WorldNode['status'][] {
  if (context === undefined) return ['current']
  try {
    const { contentStatuses } = JSON.parse(context) as { contentStatuses?: readonly WorldNode['status'][] }
    return contentStatuses ?? ['current']
  } catch {
    throw badRequest(`Could not parse the CQL context: ${context}`)
  }
}

function resultJson(visitor: Visit, node: WorldNode, content: object) {
  const space = visitor.spaceOf(node)
  return {
    content,
    title: node.title,
    excerpt: '',
    url: webLinks(visitor, node).webui,
    resultGlobalContainer: { title: space.name, displayUrl: `/display/${space.key}` },
    entityType: 'content',
    iconCssClass: `aui-icon content-type-${node.type}`,
    lastModified: node.version.createdAt.toISOString(),
    friendlyLastModified: node.version.createdAt.toISOString().slice(0, 10),
    timestamp: node.version.createdAt.getTime(),
  }
}
