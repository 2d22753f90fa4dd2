/**
 * Data Center: comments by `content/scan` where the version has it, by a search before.
 *
 * @module
 */

import type { CallContext } from '../../../model/call.ts'
import type { CommentItem } from '../api.ts'
import { quoteCql } from '../cql.ts'
import { type ContentList, wireReader } from '../data-center-call.ts'
import type { Abilities } from '../data-center-version.ts'
import { listPages } from '../listing.ts'
import { isAlive } from '../not-there.ts'
import { createPageSize } from '../page-size.ts'
import { bulks, type Seat } from '../seat.ts'
import { type CommentCalls, commentItem, commentParts, type WireComment } from './wire.ts'

/** Silent caps of real servers: with bodies, and with other expansions. */
const mostWithBodies = 50
const mostWithParts = 200

export function createDataCenterComments(seat: Seat, can: Abilities): CommentCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    bodies: createPageSize(mostWithBodies, mostWithBodies),
    plain: createPageSize(mostWithParts, mostWithParts),
  }

  function listed(list: ContentList, options: CallContext) {
    const toItem = (wire: WireComment) => commentItem(wire, site.webUrl)
    const read = wireReader(seat, list, { parts: commentParts, toItem }, options)
    return listPages({ name: 'comments', read, size: list.body ? sizes.bodies : sizes.plain })
  }

  async function gathered(lists: readonly ContentList[], options: CallContext): Promise<CommentItem[]> {
    const all: CommentItem[] = []
    for (const list of lists) for await (const batch of listed(list, options)) all.push(...batch)
    return all
  }

  /** @param keys of the spaces; absent: of all */
  function lists(keys: readonly string[] | undefined, body: boolean): ContentList[] {
    if (!can.scanComments)
      return [search(keys ? ` and space in (${keys.map(quoteCql).join(',')})` : '', body)]
    const scan = { path: '/rest/api/content/scan', body, paging: 'cursor' } as const
    const query = { type: 'comment', status: 'current' }
    return keys ? keys.map((spaceKey) => ({ ...scan, query: { ...query, spaceKey } })) : [{ ...scan, query }]
  }

  return {
    async *comments(spaces, { body, everywhere }, options) {
      const keys = everywhere ? undefined : spaces.map(({ key }) => key)
      for (const list of lists(keys, body)) yield* listed(list, options)
    },
    commentsByIds(ids, options) {
      const parts = bulks(ids, mostWithBodies).map((part) => part.join(','))
      return gathered(
        parts.map(
          (part): ContentList =>
            can.contentByIds
              ? { path: '/rest/api/content', query: { ids: part }, body: true, paging: 'start' }
              : search(` and id in (${part})`, true),
        ),
        options,
      )
    },
    commentsOn: (containerId, options) =>
      gathered([search(` and container=${quoteCql(containerId)}`, true)], options),
    async commentStatus(id, { signal }) {
      const path = `${apiPath}/rest/api/content/${id}`
      const { status, body } = await http.json<WireAnswer | undefined>({ path, accept: [404], signal })
      if (status !== 404) return isAlive(body?.status) ? 'there' : 'gone'
      // A proxy in between may say "not found", too.
      return body?.statusCode === 404 ? 'gone' : 'unknown'
    },
  }
}

interface WireAnswer {
  readonly status?: string
  readonly statusCode?: number
}

const search = (clause: string, body: boolean): ContentList => ({
  path: '/rest/api/content/search',
  query: { cql: `type=comment${clause} order by created` },
  body,
  paging: 'start',
})
