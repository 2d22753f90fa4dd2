/**
 * Data Center's two ways of paging: `content/scan` by cursor, everything else by `start`, where the next link cannot be trusted and
 * only an empty page is the end.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ContentItem } from './api.ts'
import { dataCenterItem, itemParts, type WireContent } from './data-center-wire.ts'
import type { ListPage, ReadPage } from './listing.ts'
import { createOffsets } from './offsets.ts'
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

  const withDetails = async (results: readonly WireContent[], plain: boolean) => {
    const items = plain ? await Promise.all(results.map((each) => alone(seat, each, { signal }))) : results
    return items.map((item) => dataCenterItem(item, site.webUrl))
  }

  const readByCursor: ReadPage<ContentItem> = async ({ position, size, plain }) => {
    const wire = await page(position, size, plain)
    return wire && { items: await withDetails(wire.results ?? [], plain), ...nextByCursor(wire, position) }
  }

  const readByStart = createOffsets()
  return list.paging === 'cursor'
    ? readByCursor
    : async ({ position, size, plain }) => {
        const step = readByStart(position, size)
        const wire = await page(step.start, size, plain)
        if (!wire) return undefined
        const { fresh, next } = step.next((wire.results ?? []).map(({ id }) => String(id)))
        return { items: await withDetails((wire.results ?? []).slice(fresh), plain), next }
      }
}

function nextByCursor(
  wire: WirePage,
  position: string | undefined,
): Pick<ListPage<unknown>, 'next' | 'lost'> {
  const next = wire.nextCursor ?? cursorOf(wire._links?.next)
  // An empty last page may point to itself.
  if ((wire.results?.length ?? 0) === 0 && next === position) return {}
  return { next, lost: next === undefined && Boolean(wire._links?.next) }
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
