/**
 * Cloud: pages, posts and other nodes by v2; labels, restrictions and searches by the v1 calls that have no successor.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Annotation, ConfluenceApi, ContentItem, NodeType, Restriction, Space } from './api.ts'
import { type CloudList, cursorReader } from './cloud-call.ts'
import {
  cloudAnnotation,
  cloudItem,
  cloudSpace,
  labelNames,
  restrictionsOf,
  type WireFound,
  type WireItem,
  type WireLabel,
  type WireSpace,
} from './cloud-wire.ts'
import { quoteCql } from './cql.ts'
import { listPages } from './listing.ts'
import { createPageSize, type PageSize } from './page-size.ts'
import { cloudIdentities, type WireRestriction, wholeRestriction } from './restrictions.ts'
import { bulks, type Seat } from './seat.ts'
import { confirmVisible } from './still-there.ts'
import { wholeRestrictionOf } from './whole-restriction.ts'

/** API v2 takes so many ids, and gives so many items, at most. */
const mostItems = 250
/** Spaces in one `space-id` filter. */
const mostSpaces = 100
/** Ids in one CQL query, so that the address stays short. */
const mostIdsInCql = 200

const annotationParts = [
  'version',
  'metadata.labels',
  'restrictions.read.restrictions.user',
  'restrictions.read.restrictions.group',
  'restrictions.update.restrictions.user',
  'restrictions.update.restrictions.group',
].join(',')

type ContentCalls = Pick<
  ConfluenceApi,
  | 'spaces'
  | 'content'
  | 'blogPosts'
  | 'contentByIds'
  | 'count'
  | 'annotations'
  | 'annotationsByIds'
  | 'annotation'
  | 'idsMatching'
  | 'restriction'
  | 'node'
  | 'pageByTitle'
  | 'view'
>

interface PageList {
  readonly name: string
  readonly path: string
  readonly query: CloudList['query']
  readonly type: 'page' | 'blogpost'
  readonly body: boolean
  readonly confirmEnd?: () => Promise<void>
}

/** Page sizes are remembered across spaces: what the site cannot bear in one, it cannot bear in the next. */
export function createCloudContent(seat: Seat): ContentCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    // The documented maximum. A site that cannot bear it costs one try, for what it can bear is remembered.
    bodies: createPageSize(mostItems, mostItems),
    plain: createPageSize(mostItems, mostItems),
    found: createPageSize(mostItems, mostItems),
  }

  function items(list: PageList, options: CallContext, limit?: number) {
    const { name, path, query, type, body, confirmEnd } = list
    const read = cursorReader<WireItem, ContentItem>(
      seat,
      { path, query, ...(body ? { heavy: { 'body-format': 'storage' } } : {}) },
      (wire) => cloudItem(wire, type, site.webUrl),
      options,
    )
    const size = body ? sizes.bodies : sizes.plain
    return listPages({ name, read, size, limit, ...(confirmEnd ? { confirmEnd } : {}) })
  }

  const spaces: ContentCalls['spaces'] = async function* ({ keys, ids, archived = false }, options) {
    const named = keys ? (['keys', keys] as const) : ids ? (['ids', ids] as const) : undefined
    const filters = named ? bulks(named[1], mostItems).map((part) => ({ [named[0]]: part.join(',') })) : [{}]
    for (const filter of filters) yield* spacePages(seat, { filter, archived, size: sizes.plain }, options)
  }

  function found(cql: string, name: string, options: CallContext, limit?: number) {
    const list = {
      path: '/rest/api/content/search',
      query: { cql, expand: 'version' },
      heavy: { expand: annotationParts },
    }
    const read = cursorReader<WireFound, Annotation>(seat, list, cloudAnnotation, options)
    return listPages({ name, read, size: sizes.found, limit })
  }

  async function get<Wire>(path: string, query: CloudList['query'], { signal }: CallContext): Promise<Wire> {
    return (await http.json<Wire>({ path: `${apiPath}${path}`, query, signal })).body
  }

  const restriction: ContentCalls['restriction'] = (id, operation, options) =>
    wholeRestrictionOf({ seat, identities: cloudIdentities, id, operation }, options)

  return {
    spaces,
    content(space, { body, archived }, options) {
      const status = archived ? ['current', 'archived'] : 'current'
      const list: PageList = {
        name: `pages of space ${space.key}`,
        path: `/api/v2/spaces/${space.id}/pages`,
        query: { depth: 'all', status, sort: 'id' },
        type: 'page',
        body,
        confirmEnd: () => confirmVisible(spaces, space, options),
      }
      return items(list, options, options.limit)
    },
    async *blogPosts(spaces, { body }, options) {
      const ids = spaces.map((space) => space.id)
      for (const part of bulks(ids, mostSpaces)) {
        const query = { 'space-id': part.join(','), status: 'current', sort: 'id' }
        yield* items(
          { name: 'blog posts', path: '/api/v2/blogposts', query, type: 'blogpost', body },
          options,
        )
      }
    },
    async contentByIds(ids, type, options) {
      const gathered: ContentItem[] = []
      for (const part of bulks(ids, mostItems)) {
        const status = type === 'page' ? ['current', 'archived'] : 'current'
        const query = { id: part.join(','), status, sort: 'id' }
        const list = { name: `${type}s by id`, path: `/api/v2/${type}s`, query, type, body: true }
        for await (const batch of items(list, options)) gathered.push(...batch)
      }
      return gathered
    },
    async count(space, type, options) {
      const cql = `space=${quoteCql(space.key)} and type=${type}`
      const { totalSize } = await get<{ totalSize?: number }>('/rest/api/search', { cql, limit: 1 }, options)
      return totalSize
    },
    annotations(space, options) {
      const cql = `space=${quoteCql(space.key)} and type=page order by created`
      return found(cql, `restrictions and labels of space ${space.key}`, options, options.limit)
    },
    async annotationsByIds(ids, options) {
      const gathered: Annotation[] = []
      for (const part of bulks(ids, mostIdsInCql)) {
        const cql = `id in (${part.join(',')}) order by created`
        for await (const batch of found(cql, 'restrictions and labels', options)) gathered.push(...batch)
      }
      return gathered
    },
    async annotation(id, type, options) {
      const [labels, { read, update }] = await Promise.all([
        labelsOf(seat, id, type, options),
        bothRestrictions(seat, id, restriction, options),
      ])
      return { id, labels, ...restrictionsOf(read, update) }
    },
    async idsMatching(space, cql, options) {
      const ids = new Set<string>()
      const query = `space=${quoteCql(space.key)} and type in (page,blogpost) and (${cql})`
      const list = { path: '/rest/api/content/search', query: { cql: query } }
      const read = cursorReader<WireFound, { id: string }>(
        seat,
        list,
        ({ id }) => ({ id: String(id) }),
        options,
      )
      for await (const batch of listPages({ name: 'matches of `cql`', read, size: sizes.found }))
        for (const { id } of batch) ids.add(id)
      return ids
    },
    restriction,
    async node(id, type, options) {
      const query = type === 'page' || type === 'blogpost' ? { 'body-format': 'storage' } : {}
      return cloudItem(await get<WireItem>(`${nodePaths[type]}/${id}`, query, options), type, site.webUrl)
    },
    async pageByTitle(spaceKey, title, options) {
      const space = await spaceByKey(seat, spaceKey, sizes.plain, options)
      if (!space) return undefined
      const query = { 'space-id': space.id, title, status: 'current' }
      const list: PageList = {
        name: 'pages by title',
        path: '/api/v2/pages',
        query,
        type: 'page',
        body: true,
      }
      for await (const batch of items(list, options)) return batch[0]
      return undefined
    },
    async view(id, type, options) {
      const wire = await get<{ body?: { view?: { value?: string } } }>(
        `${nodePaths[type]}/${id}`,
        { 'body-format': 'view' },
        options,
      )
      return wire.body?.view?.value ?? ''
    },
  }
}

const nodePaths: Readonly<Record<NodeType, string>> = {
  page: '/api/v2/pages',
  blogpost: '/api/v2/blogposts',
  folder: '/api/v2/folders',
  whiteboard: '/api/v2/whiteboards',
  database: '/api/v2/databases',
  embed: '/api/v2/embeds',
}

interface SpaceFilter {
  readonly filter: CloudList['query']
  readonly archived: boolean
  readonly size: PageSize
}

async function* spacePages(
  seat: Seat,
  { filter, archived, size }: SpaceFilter,
  options: CallContext & { readonly limit?: number },
): AsyncGenerator<Space> {
  const query = { ...filter, ...(archived ? {} : { status: 'current' }) }
  const read = cursorReader<WireSpace, Space>(seat, { path: '/api/v2/spaces', query }, cloudSpace, options)
  for await (const batch of listPages({ name: 'spaces', read, size, limit: options.limit })) yield* batch
}

async function spaceByKey(
  seat: Seat,
  key: string,
  size: PageSize,
  options: CallContext,
): Promise<Space | undefined> {
  for await (const space of spacePages(seat, { filter: { keys: key }, archived: true, size }, options))
    return space
  return undefined
}

async function labelsOf(
  seat: Seat,
  id: string,
  type: 'page' | 'blogpost',
  options: CallContext,
): Promise<readonly string[]> {
  const labels: string[] = []
  const read = cursorReader<WireLabel & { id: string }, WireLabel & { id: string }>(
    seat,
    { path: `${nodePaths[type]}/${id}/labels`, query: {} },
    (label) => label,
    options,
  )
  for await (const batch of listPages({
    name: `labels of ${id}`,
    read,
    size: createPageSize(mostItems, mostItems),
  }))
    labels.push(...labelNames(batch))
  return labels
}

/** Both operations by one request; a list that was cut is read on by itself. */
async function bothRestrictions(
  { http, apiPath }: Seat,
  id: string,
  readWhole: ContentCalls['restriction'],
  options: CallContext,
): Promise<{ read: Restriction; update: Restriction }> {
  const { body } = await http.json<{ results?: readonly (WireRestriction & { operation?: string })[] }>({
    path: `${apiPath}/rest/api/content/${id}/restriction`,
    query: {
      expand:
        'read.restrictions.user,read.restrictions.group,update.restrictions.user,update.restrictions.group',
    },
    signal: options.signal,
  })
  if (!Array.isArray(body?.results)) throw unreadable(id)
  const of = async (operation: 'read' | 'update') => {
    const wire = body.results?.find((each) => each.operation === operation)
    return wholeRestriction(wire, cloudIdentities) ?? (await readWhole(id, operation, options))
  }
  return { read: await of('read'), update: await of('update') }
}

function unreadable(id: string): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.restriction.unreadable',
    message: `The restrictions of ${id} came in a form that cannot be read.`,
    fix: 'Nobody is let in to that page or what is below it. Look at its restrictions in Confluence, and report this.',
  })
}
