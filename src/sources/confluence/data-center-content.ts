/**
 * Data Center: pages and posts with labels and restrictions in the same listing, by `content/scan` where the version has it.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Annotation, ConfluenceApi, ContentItem, Standing } from './api.ts'
import { cqlOf, quoteCql } from './cql.ts'
import { type ContentList, contentReader } from './data-center-call.ts'
import type { Abilities } from './data-center-version.ts'
import {
  dataCenterAnnotation,
  dataCenterItem,
  dataCenterSpace,
  dataCenterStanding,
  itemParts,
  type WireContent,
  type WireSpace,
} from './data-center-wire.ts'
import { listPages } from './listing.ts'
import { isAlive, notThere } from './not-there.ts'
import { listByStart } from './offset-list.ts'
import { createPageSize } from './page-size.ts'
import { dataCenterIdentities } from './restrictions.ts'
import { bulks, type Seat } from './seat.ts'
import { confirmVisible } from './still-there.ts'
import { wholeRestrictionOf } from './whole-restriction.ts'

/** Silent caps of real servers: with bodies, and with other expansions. */
const mostWithBodies = 50
const mostWithParts = 200
const mostKeys = 50

type ContentCalls = Pick<
  ConfluenceApi,
  | 'spaces'
  | 'content'
  | 'blogPosts'
  | 'contentByIds'
  | 'standings'
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

export function createDataCenterContent(seat: Seat, can: Abilities): ContentCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    bodies: createPageSize(mostWithBodies, mostWithBodies),
    parts: createPageSize(mostWithParts, mostWithParts),
  }

  const sizeOf = ({ body }: ContentList) => (body ? sizes.bodies : sizes.parts)

  function items(name: string, list: ContentList, options: CallContext) {
    return listPages({ name, read: contentReader(seat, list, options), size: sizeOf(list) })
  }

  const spaces: ContentCalls['spaces'] = async function* ({ keys, ids, archived = false }, options) {
    let left = options.limit ?? Number.POSITIVE_INFINITY
    for (const part of keys === undefined ? [undefined] : bulks(keys, mostKeys)) {
      const query = {
        expand: 'homepage',
        ...(part ? { spaceKey: part } : {}),
        ...(archived ? {} : { status: 'current' }),
      }
      const list = { path: `${apiPath}/rest/api/space`, limit: mostWithParts, query }
      for await (const space of listByStart<WireSpace>(http, list, options)) {
        if (ids && !ids.includes(String(space.id))) continue
        if (left-- <= 0) return
        yield dataCenterSpace(space)
      }
    }
  }

  const byQuery = (cql: string, body: boolean): ContentList => ({
    path: '/rest/api/content/search',
    query: { cql },
    body,
    paging: 'start',
  })

  function listOfPosts(keys: readonly string[] | undefined, body: boolean): ContentList[] {
    if (!can.scanPosts) {
      const inSpaces = keys ? ` and space in (${keys.map(quoteCql).join(',')})` : ''
      return [byQuery(`type=blogpost${inSpaces} order by created`, body)]
    }
    const scan = { path: '/rest/api/content/scan', body, paging: 'cursor' } as const
    const query = { type: 'blogpost', status: 'current' }
    return keys ? keys.map((spaceKey) => ({ ...scan, query: { ...query, spaceKey } })) : [{ ...scan, query }]
  }

  async function byIds(ids: readonly string[], body: boolean, options: CallContext): Promise<ContentItem[]> {
    const gathered: ContentItem[] = []
    for (const part of bulks(ids, body ? mostWithBodies : mostWithParts)) {
      const list: ContentList = can.contentByIds
        ? { path: '/rest/api/content', query: { ids: part.join(',') }, body, paging: 'start' }
        : byQuery(`id in (${part.join(',')})`, body)
      const wanted = new Set(part)
      for await (const batch of items('content by id', list, options)) {
        gathered.push(...batch)
        for (const { id } of batch) wanted.delete(id)
        if (wanted.size === 0) break
      }
    }
    return gathered
  }

  /** `any` is the current and the trashed. Versions that do not know a status refuse it, and have nothing of that kind. */
  async function* withStatus(
    ids: readonly string[],
    status: string,
    { signal }: CallContext,
  ): AsyncGenerator<WireContent> {
    const expand = 'space'
    if (can.contentByIds)
      for (const part of bulks(ids, mostWithParts)) {
        const list = { path: `${apiPath}/rest/api/content`, query: { ids: part.join(','), status, expand } }
        yield* listByStart<WireContent>(http, { ...list, limit: mostWithParts }, { signal })
      }
    else
      for (const id of ids) {
        const path = `${apiPath}/rest/api/content/${id}`
        const accept = [400, 404]
        const response = await http.json<WireContent>({ path, query: { status, expand }, accept, signal })
        if (response.status === 200) yield response.body
      }
  }

  async function get(id: string, expand: string, { signal }: CallContext): Promise<WireContent> {
    return (
      await http.json<WireContent>({ path: `${apiPath}/rest/api/content/${id}`, query: { expand }, signal })
    ).body
  }

  const restriction: ContentCalls['restriction'] = (id, operation, options) =>
    wholeRestrictionOf({ seat, identities: dataCenterIdentities, id, operation }, options)

  return {
    spaces,
    content(space, { body }, options) {
      const list: ContentList = can.scan
        ? {
            path: '/rest/api/content/scan',
            query: { spaceKey: space.key, type: 'page', status: 'current' },
            body,
            paging: 'cursor',
          }
        : {
            path: `/rest/api/space/${encodeURIComponent(space.key)}/content/page`,
            query: { depth: 'all' },
            body,
            paging: 'start',
          }
      return listPages({
        name: `pages of space ${space.key}`,
        read: contentReader(seat, list, options),
        size: sizeOf(list),
        limit: options.limit,
        confirmEnd: () => confirmVisible(spaces, space, options),
      })
    },
    async *blogPosts(spaces, { body, everywhere }, options) {
      const keys = everywhere ? undefined : spaces.map((space) => space.key)
      const known = new Set(spaces.map((space) => space.id))
      for (const list of listOfPosts(keys, body))
        for await (const batch of items('blog posts', list, options))
          yield batch.filter((post) => known.has(post.spaceId))
    },
    contentByIds: (ids, _type, options) => byIds(ids, true, options),
    async count(spaces, types, { signal }) {
      const keys = spaces.map(({ key }) => key)
      const { body } = await http.json<{ totalSize?: number }>({
        path: `${apiPath}/rest/api/search`,
        query: { cql: cqlOf(keys, types), limit: 1 },
        signal,
      })
      return body?.totalSize
    },
    async *annotations() {
      // The listing brought them.
    },
    async annotationsByIds(ids, options) {
      const found = await byIds(ids, false, options)
      return found.flatMap(({ annotation }) => annotation ?? [])
    },
    async annotation(id, _type, options) {
      const { read, update, ...rest }: Annotation = dataCenterAnnotation(await get(id, itemParts, options))
      return {
        ...rest,
        read: read ?? (await restriction(id, 'read', options)),
        update: update ?? (await restriction(id, 'update', options)),
      }
    },
    async idsMatching(space, cql, options) {
      const ids = new Set<string>()
      const query = { cql: `space=${quoteCql(space.key)} and type in (page,blogpost) and (${cql})` }
      const list = { path: `${apiPath}/rest/api/content/search`, limit: 1000, query }
      for await (const { id } of listByStart<WireContent>(http, list, options)) ids.add(String(id))
      return ids
    },
    restriction,
    async node(id, _type, options) {
      const wire = await get(id, `${itemParts},body.storage`, options)
      if (!isAlive(wire.status) || (wire.type !== 'page' && wire.type !== 'blogpost')) throw notThere(id)
      return dataCenterItem(wire, site.webUrl)
    },
    async standings(ids, _type, options) {
      const standings = new Map<string, Standing>()
      for (const status of ['any', 'archived']) {
        const left = ids.filter((id) => !standings.has(id))
        for await (const wire of withStatus(left, status, options)) {
          const standing = dataCenterStanding(wire)
          if (standing) standings.set(String(wire.id), standing)
        }
      }
      return standings
    },
    async pageByTitle({ key: spaceKey }, title, options) {
      const query = { spaceKey, title, type: 'page' }
      const list: ContentList = { path: '/rest/api/content', query, body: options.body, paging: 'start' }
      for await (const batch of items('pages by title', list, options)) return batch[0]
      return undefined
    },
    async view(id, _type, options) {
      const { body, version } = await get(id, 'body.view,version', options)
      return { html: body?.view?.value ?? '', version: version?.number ?? 1 }
    },
  }
}
