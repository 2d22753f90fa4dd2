/**
 * Data Center's two ways of paging: `content/scan` by cursor, everything else by `start`, where the next link cannot be trusted and
 * only an empty page is the end.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ContentItem } from './api.ts'
import { dataCenterItem, itemParts, type WireContent } from './data-center-wire.ts'
import type { ReadPage } from './listing.ts'
import { heavyPage, isLocal, type Seat } from './seat.ts'

interface WirePage {
  readonly results?: readonly WireContent[]
  readonly nextCursor?: string | null
  readonly _links?: { readonly next?: string }
}

export interface ContentList {
  /** After `apiPath`. */
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly body: boolean
  readonly paging: 'cursor' | 'start'
}

/** One draft or trashed ancestor makes a whole batch answer 404: a smaller one may do. */
const broken = [404]

/** Reads pages of content with everything that a listing can bring along; one item that breaks them is read by itself. */
export function contentReader(seat: Seat, list: ContentList, { signal }: CallContext): ReadPage<ContentItem> {
  const { http, apiPath, site } = seat
  const full = list.body ? `${itemParts},body.storage` : itemParts

  async function page(
    position: string | undefined,
    size: number,
    plain: boolean,
  ): Promise<WirePage | undefined> {
    const request = {
      path: `${apiPath}${list.path}`,
      query: {
        ...list.query,
        ...(position === undefined ? {} : { [list.paging]: position }),
        limit: size,
        expand: plain ? 'version' : full,
      },
      signal,
    }
    const response = plain
      ? await http.json<WirePage>(request)
      : await heavyPage<WirePage>(http, request, broken)
    return response && (response.body ?? {})
  }

  return async ({ position, size, plain }) => {
    const wire = await page(position, size, plain)
    if (!wire) return undefined
    const results = wire.results ?? []
    const items = plain ? await Promise.all(results.map((each) => alone(seat, each, { signal }))) : results
    return {
      items: items.map((item) => dataCenterItem(item, site.webUrl)),
      next: nextPosition(list.paging, wire, position),
    }
  }
}

function nextPosition(
  paging: ContentList['paging'],
  wire: WirePage,
  position: string | undefined,
): string | undefined {
  const count = wire.results?.length ?? 0
  if (paging === 'cursor') {
    const next = wire.nextCursor ?? cursorOf(wire._links?.next)
    // An empty last page may point to itself.
    return count === 0 && next === position ? undefined : next
  }
  return count === 0 ? undefined : String(Number(position ?? 0) + count)
}

function cursorOf(link: string | undefined): string | undefined {
  if (!link) return undefined
  return new URL(link, 'http://any.invalid').searchParams.get('cursor') ?? undefined
}

/** One item without its body, by its own request; if even that fails, the bare item, whose ancestors are then unknown. */
async function alone(
  { http, apiPath }: Seat,
  bare: WireContent,
  { signal }: CallContext,
): Promise<WireContent> {
  try {
    const path = `${apiPath}/rest/api/content/${bare.id}`
    return (await http.json<WireContent>({ path, query: { expand: itemParts }, signal })).body
  } catch (thrown) {
    if (isLocal(thrown)) return bare
    throw thrown
  }
}
