/**
 * `content/search` and `search`: CQL with cursors and silent caps.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { plainText } from '../../cql-match.ts'
import { badRequest, Problem } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'
import type { SearchRequest } from '../../search.ts'
import type { WorldNode } from '../../world.ts'
import { spaceOf, webLink } from '../links.ts'
import { ancestorsOf } from '../v2/tree.ts'
import { createAnswers } from './answers.ts'
import { contentShape, type Expansion, expansionOf } from './content-shape.ts'
import { spaceShape } from './shapes.ts'

export function addSearch(app: FastifyInstance, context: SandboxContext): void {
  const answers = createAnswers(context)

  app.get('/content/search', (request) => {
    const query = queryOf(request)
    const expansion = expansionOf(query.list('expand'))
    const { nodes, limit, start, links } = answers.read(request, {
      asked: askedOf(query, false),
      limit: Math.min(query.whole('limit', { byDefault: 25, min: 0 }), capOf(expansion)),
    })
    if (expansion.has('ancestors.restrictions')) refuseUnpublishedAncestors(context, nodes)
    const reading = { context, viewer: request.viewer }
    const results = nodes.map((node) => contentShape(reading, node, expansion))
    return { results, start, limit, size: results.length, _links: links }
  })

  app.get('/search', (request) => {
    const query = queryOf(request)
    const expansion = expansionOf(query.list('expand').map((path) => path.replace(/^content\./, '')))
    const { nodes, total, ...page } = answers.read(request, {
      asked: askedOf(query, query.flag('includeArchivedSpaces')),
      limit: Math.min(query.whole('limit', { byDefault: 25, min: 0 }), capOf(expansion)),
    })
    const results = nodes.map((node) => resultShape({ context, viewer: request.viewer }, node, expansion))
    return {
      results,
      start: page.start,
      limit: page.limit,
      size: results.length,
      totalSize: total,
      cqlQuery: query.text('cql'),
      searchDuration: 1,
      _links: page.links,
    }
  })
}

/** Asking for more is not refused: the page is smaller than was asked for. */
function capOf(expansion: Expansion): number {
  if (expansion.has('body.export_view') || expansion.has('body.styled_view')) return 25
  if (expansion.has('body')) return 50
  return expansion.any ? 200 : 1000
}

function askedOf(query: Query, archivedSpaces: boolean): SearchRequest {
  const cql = query.text('cql')
  if (cql === undefined || cql.trim() === '') throw badRequest('Required parameter cql is missing')
  return { cql, archivedSpaces, statuses: statusesOf(query.text('cqlcontext')) }
}

function statusesOf(cqlContext: string | undefined): readonly WorldNode['status'][] {
  if (cqlContext === undefined) return ['current']
  try {
    const { contentStatuses = ['current'] } = JSON.parse(cqlContext) as { contentStatuses?: string[] }
    return (['current', 'archived'] as const).filter((status) => contentStatuses.includes(status))
  } catch {
    throw badRequest(`cqlcontext is not JSON: ${cqlContext}`)
  }
}

/** One draft or deleted page among the ancestors fails the whole page of results (CONFCLOUD-77618). */
function refuseUnpublishedAncestors({ world }: SandboxContext, nodes: readonly WorldNode[]): void {
  const unpublished = nodes
    .flatMap((node) => ancestorsOf(world, node))
    .find(({ status }) => status === 'draft' || status === 'trashed')
  if (unpublished === undefined) return
  throw new Problem(
    404,
    'NOT_FOUND',
    `Cannot find content <ContentId{id=${unpublished.id}}>. Outdated version/old_draft/trashed? Please provide valid ContentId.`,
  )
}

function resultShape(reading: Parameters<typeof contentShape>[0], node: WorldNode, expansion: Expansion) {
  const { context } = reading
  const space = spaceOf(context.world, node)
  return {
    content: contentShape(reading, node, expansion),
    title: node.title,
    excerpt: plainText(context.world, node).replaceAll(/\s+/g, ' ').trim().slice(0, 200),
    url: webLink(context.world, node),
    resultGlobalContainer: { title: space.name, displayUrl: spaceShape(context, space)._links.webui },
    breadcrumbs: [],
    entityType: 'content',
    iconCssClass: `aui-icon content-type-${node.type}`,
    lastModified: node.version.createdAt.toISOString(),
    friendlyLastModified: node.version.createdAt.toISOString().slice(0, 10),
    score: 0,
  }
}
