/**
 * Cloud: comments by API v1's search, which gives those of whole spaces with their bodies; API v2 gives them page by page, or of the
 * whole site.
 *
 * @module
 */

import type { CommentItem } from '../api.ts'
import { cursorReader } from '../cloud-call.ts'
import { quoteCql } from '../cql.ts'
import { listPages } from '../listing.ts'
import { isAlive } from '../not-there.ts'
import { createPageSize } from '../page-size.ts'
import { contentSearch, wideSearch } from '../searches.ts'
import { bulks, type Seat } from '../seat.ts'
import { type CommentCalls, commentItem, commentParts, everyOne, type WireComment } from './wire.ts'

type Options = Parameters<CommentCalls['commentsOn']>[1]

/** Silent caps of the site: with bodies, and with other expansions. */
const mostWithBodies = 50
const mostWithParts = 200
/** Ids or keys in one CQL query, so that the address stays short. */
const mostInCql = 100

export function createCloudComments(seat: Seat): CommentCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    bodies: createPageSize(mostWithBodies, mostWithBodies),
    plain: createPageSize(mostWithParts, mostWithParts),
  }

  function found(clause: string, body: boolean, options: Options) {
    const { path, query, expand, contentIn } = options.archived ? wideSearch : contentSearch
    const cql = `type=comment${clause} order by created`
    const list = {
      path,
      query: { ...query, cql, expand: expand(commentParts) },
      heavy: body ? { expand: expand(`${commentParts},body.storage`) } : {},
    }
    const toItem = (wire: WireComment) => commentItem(contentIn(wire), site.webUrl)
    const read = cursorReader<WireComment, CommentItem>(seat, list, toItem, options)
    return listPages({ name: 'comments', read, size: body ? sizes.bodies : sizes.plain })
  }

  return {
    async *comments(spaces, { body, everywhere }, options) {
      const keys = spaces.map(({ key }) => quoteCql(key))
      const clauses = bulks(keys, mostInCql).map((part) => ` and space in (${part.join(',')})`)
      for (const clause of everywhere ? [''] : clauses) yield* found(clause, body, options)
    },
    commentsByIds(ids, options) {
      const clauses = bulks(ids, mostInCql).map((part) => ` and id in (${part.join(',')})`)
      return everyOne(clauses.map((clause) => found(clause, true, options)))
    },
    commentsOn: (containerId, options) =>
      everyOne([found(` and container=${quoteCql(containerId)}`, true, options)]),
    async commentStatus(id, { signal }) {
      for (const location of ['footer', 'inline'] as const) {
        const path = `${apiPath}/api/v2/${location}-comments/${id}`
        const { status, body } = await http.json<WireAnswer | undefined>({ path, accept: [404], signal })
        if (status !== 404) return isAlive(body?.status) ? location : 'gone'
        // A proxy in between may say "not found", too.
        if (!Array.isArray(body?.errors)) return 'unknown'
      }
      return 'gone'
    },
  }
}

interface WireAnswer {
  readonly status?: string
  readonly errors?: unknown
}
