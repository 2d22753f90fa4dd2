/**
 * Cloud's two ways of paging: v2 and v1 search both go by cursor. Only the cursor is taken from a next link; the request around it
 * is always our own, because next links lose the gateway's path and double the context path.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ListPage, PageRequest, ReadPage } from './listing.ts'
import { heavyPage, type Seat } from './seat.ts'

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

interface WireList<Item> {
  readonly results?: readonly Item[]
  readonly _links?: { readonly next?: string }
}

export interface CloudList {
  /** After `apiPath`: `/api/v2/pages`. */
  readonly path: string
  readonly query: Query
  /** Left out of plain pages. */
  readonly heavy?: Query
}

/** Reads pages of a list for `listPages`. */
export function cursorReader<Wire, Item>(
  seat: Seat,
  list: CloudList,
  toItem: (wire: Wire) => Item | undefined,
  { signal }: CallContext,
): ReadPage<Item> {
  return async ({ position, size, plain }: PageRequest) => {
    const request = {
      path: `${seat.apiPath}${list.path}`,
      query: { ...list.query, ...(plain ? {} : list.heavy), limit: size, cursor: position },
      signal,
    }
    const response = plain
      ? await seat.http.json<WireList<Wire>>(request)
      : await heavyPage<WireList<Wire>>(seat.http, request)
    return response && cursorPage(response.body ?? {}, response.headers.link, toItem)
  }
}

function cursorPage<Wire, Item>(
  body: WireList<Wire>,
  link: string | string[] | undefined,
  toItem: (wire: Wire) => Item | undefined,
): ListPage<Item> {
  const items = (body.results ?? []).map(toItem).filter((item) => item !== undefined)
  const links = [body._links?.next, nextInHeader(link)].filter((each) => each !== undefined && each !== '')
  const next = links.map(cursorOf).find((cursor) => cursor !== undefined)
  return { items, next, lost: next === undefined && links.length > 0 }
}

function cursorOf(link: string | undefined): string | undefined {
  if (!link) return undefined
  return new URL(link, 'https://any.invalid').searchParams.get('cursor') ?? undefined
}

/** The header is there on the last page too, with `rel="base"`: only `rel="next"` leads on. */
function nextInHeader(link: string | string[] | undefined): string | undefined {
  return [link ?? []]
    .flat()
    .join(',')
    .match(/<([^>]*)>\s*;\s*rel="next"/)?.[1]
}
