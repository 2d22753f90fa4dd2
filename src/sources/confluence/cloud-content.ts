/**
 * Cloud: spaces, pages, posts and other nodes of the tree, by API v2.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ConfluenceApi, ContentItem, NodeType, Space, Standing } from './api.ts'
import { type CloudList, cursorReader } from './cloud-call.ts'
import { cloudItem, cloudSpace, cloudStanding, type WireItem, type WireSpace } from './cloud-wire.ts'
import { listPages } from './listing.ts'
import { isAlive, notThere } from './not-there.ts'
import { createPageSize, type PageSize } from './page-size.ts'
import { bulks, type Seat } from './seat.ts'
import { confirmVisible } from './still-there.ts'

/** API v2 takes so many ids, and gives so many items, at most. */
const mostItems = 250
/** Spaces in one `space-id` filter. */
const mostSpaces = 100

type ContentCalls = Pick<
  ConfluenceApi,
  'spaces' | 'content' | 'blogPosts' | 'contentByIds' | 'standings' | 'node' | 'pageByTitle' | 'view'
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

  async function get<Wire>(path: string, query: CloudList['query'], { signal }: CallContext): Promise<Wire> {
    return (await http.json<Wire>({ path: `${apiPath}${path}`, query, signal })).body
  }

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
    async node(id, type, options) {
      const query = type === 'page' || type === 'blogpost' ? { 'body-format': 'storage' } : {}
      const wire = await get<WireItem>(`${nodePaths[type]}/${id}`, query, options)
      if (!isAlive(wire.status)) throw notThere(id)
      return cloudItem(wire, type, site.webUrl)
    },
    async standings(ids, type, options) {
      const standings = new Map<string, Standing>()
      const status = type === 'page' ? ['current', 'archived', 'trashed'] : ['current', 'trashed']
      for (const part of bulks(ids, mostItems)) {
        const list = { path: `/api/v2/${type}s`, query: { id: part.join(','), status, sort: 'id' } }
        const read = cursorReader<WireItem, Standing & { id: string }>(seat, list, cloudStanding, options)
        for await (const batch of listPages({ name: `${type}s by id`, read, size: sizes.plain }))
          for (const { id, ...standing } of batch) standings.set(id, standing)
      }
      return standings
    },
    async pageByTitle(space, title, options) {
      const query = { 'space-id': space.id, title, status: 'current' }
      const list: PageList = {
        name: 'pages by title',
        path: '/api/v2/pages',
        query,
        type: 'page',
        body: options.body,
      }
      for await (const batch of items(list, options)) return batch[0]
      return undefined
    },
    async view(id, type, options) {
      const wire = await get<Pick<WireItem, 'version'> & { body?: { view?: { value?: string } } }>(
        `${nodePaths[type]}/${id}`,
        { 'body-format': 'view' },
        options,
      )
      return { html: wire.body?.view?.value ?? '', version: wire.version?.number ?? 1 }
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
