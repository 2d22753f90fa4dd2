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
import { contentSearch, type Search } from './searches.ts'
import { heavyPage, isLocal, type Seat } from './seat.ts'

interface WirePage<Wire> {
  readonly results?: readonly Wire[]
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

/** What is asked of each item of a list beside its body, and what is made of it. */
export interface ContentForm<Wire, Item> {
  readonly parts: string
  readonly toItem: (wire: Wire) => Item
  /** Where the list is a search of its own ways. */
  readonly search?: Search
  /** Statuses by which this list breaks, beside the usual ones. */
  readonly alsoBroken?: readonly number[]
}

/** Reads lists of pages and posts. */
export function contentReader(seat: Seat, list: ContentList, options: CallContext): ReadPage<ContentItem> {
  const { webUrl } = seat.site
  const toItem = (wire: WireContent) => dataCenterItem(wire, webUrl)
  return wireReader(seat, list, { parts: itemParts, toItem }, options)
}

/** Reads a list with everything that it can bring along; one item that breaks it is read by itself. */
export function wireReader<Wire extends { readonly id: number | string }, Item>(
  seat: Seat,
  list: ContentList,
  { parts, toItem, search = contentSearch, alsoBroken = [] }: ContentForm<Wire, Item>,
  { signal }: CallContext,
): ReadPage<Item> {
  const { http, apiPath } = seat
  const full = list.body ? `${parts},body.storage` : parts

  async function page(
    position: string | undefined,
    size: number,
    plain: boolean,
  ): Promise<WirePage<Wire> | undefined> {
    const request = {
      path: `${apiPath}${list.path}`,
      query: {
        ...list.query,
        ...(position === undefined ? {} : { [list.paging]: position }),
        limit: size,
        expand: search.expand(plain ? 'version' : full),
      },
      signal,
    }
    const response = plain
      ? await http.json<WirePage<Wire>>(request)
      : await heavyPage<WirePage<Wire>>(http, request, [...broken, ...alsoBroken])
    if (!response) return undefined
    const { results = [], ...rest } = response.body ?? {}
    return { ...rest, results: results.map((result) => search.contentIn(result)) }
  }

  const withDetails = async (results: readonly Wire[], plain: boolean) => {
    const details = { parts, signal }
    const items = plain ? await Promise.all(results.map((each) => alone(seat, each, details))) : results
    return items.map(toItem)
  }

  const readByCursor: ReadPage<Item> = async ({ position, size, plain }) => {
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
  wire: WirePage<unknown>,
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

/** One item without its body, by its own request; if even that fails, the bare item, of which little is known. */
async function alone<Wire extends { readonly id: number | string }>(
  { http, apiPath }: Seat,
  bare: Wire,
  { parts, signal }: CallContext & { readonly parts: string },
): Promise<Wire> {
  try {
    const path = `${apiPath}/rest/api/content/${bare.id}`
    return (await http.json<Wire>({ path, query: { expand: parts }, signal })).body
  } catch (thrown) {
    if (isLocal(thrown)) return bare
    throw thrown
  }
}
