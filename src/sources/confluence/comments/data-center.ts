/**
 * Data Center: comments by `content/scan` where the version has it, by a search before.
 *
 * @module
 */

import { quoteCql } from '../cql.ts'
import { type ContentList, wireReader } from '../data-center-call.ts'
import type { Abilities } from '../data-center-version.ts'
import { listPages } from '../listing.ts'
import { isAlive } from '../not-there.ts'
import { createPageSize } from '../page-size.ts'
import { contentSearch, wideSearch } from '../searches.ts'
import { bulks, type Seat } from '../seat.ts'
import {
  type CommentCalls,
  commentItem,
  commentParts,
  everyOne,
  locationIn,
  type WireComment,
} from './wire.ts'

type Options = Parameters<CommentCalls['commentsOn']>[1]

/** Silent caps of real servers: with bodies, and with other expansions. */
const mostWithBodies = 50
const mostWithParts = 200

export function createDataCenterComments(seat: Seat, can: Abilities): CommentCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    bodies: createPageSize(mostWithBodies, mostWithBodies),
    plain: createPageSize(mostWithParts, mostWithParts),
  }

  function listed(list: ContentList, options: Options, search = contentSearch) {
    const toItem = (wire: WireComment) => commentItem(wire, site.webUrl)
    const read = wireReader(seat, list, { parts: commentParts, toItem, search }, options)
    return listPages({ name: 'comments', read, size: list.body ? sizes.bodies : sizes.plain })
  }

  function found(clause: string, body: boolean, options: Options) {
    const search = options.archived ? wideSearch : contentSearch
    const query = { ...search.query, cql: `type=comment${clause} order by created` }
    return listed({ path: search.path, query, body, paging: 'start' }, options, search)
  }

  function scanned(query: { readonly spaceKey?: string }, body: boolean, options: Options) {
    const asked = { type: 'comment', status: 'current', ...query }
    return listed({ path: '/rest/api/content/scan', query: asked, body, paging: 'cursor' }, options)
  }

  return {
    async *comments(spaces, { body, everywhere }, options) {
      const keys = spaces.map(({ key }) => key)
      if (can.scanComments) {
        const parts = everywhere ? [{}] : keys.map((spaceKey) => ({ spaceKey }))
        for (const part of parts) yield* scanned(part, body, options)
      } else {
        const clause = everywhere ? '' : ` and space in (${keys.map(quoteCql).join(',')})`
        yield* found(clause, body, options)
      }
    },
    async commentsByIds(ids, options) {
      const lists = bulks(ids, mostWithBodies).map((part) =>
        can.contentByIds
          ? listed(byIds(part), options)
          : found(` and id in (${part.join(',')})`, true, options),
      )
      return everyOne(lists)
    },
    commentsOn: (containerId, options) =>
      everyOne([found(` and container=${quoteCql(containerId)}`, true, options)]),
    async commentStatus(id, { signal }) {
      const path = `${apiPath}/rest/api/content/${id}`
      const { status, body } = await http.json<WireAnswer | undefined>({ path, accept: [404], signal })
      if (status !== 404) return isAlive(body?.status) ? locationIn(body ?? {}) : 'gone'
      // A proxy in between may say "not found", too.
      return body?.statusCode === 404 ? 'gone' : 'unknown'
    },
  }
}

interface WireAnswer extends Pick<WireComment, 'extensions'> {
  readonly status?: string
  readonly statusCode?: number
}

const byIds = (ids: readonly string[]): ContentList => ({
  path: '/rest/api/content',
  query: { ids: ids.join(',') },
  body: true,
  paging: 'start',
})
