/**
 * Lists by `start` and `limit`: the next page starts after what really came, never after what was asked for, and only an empty or
 * short page is the end, for next links are missing here and wrong there.
 *
 * @module
 */

import type { HttpClient } from '../../kit/http.ts'
import type { CallContext } from '../../model/call.ts'
import { createOffsets } from './offsets.ts'

interface WirePage<Item> {
  readonly results?: readonly Item[]
  /** What the site made of our limit. */
  readonly limit?: number
  readonly _links?: { readonly next?: string }
}

interface OffsetList {
  readonly path: string
  readonly limit: number
  readonly query?: Readonly<Record<string, string | readonly string[]>>
}

/** Each item once, also where the list moves up while it is read; see `createOffsets`. */
export async function* listByStart<Item extends object>(
  http: HttpClient,
  { path, limit, query }: OffsetList,
  { signal }: CallContext,
): AsyncGenerator<Item> {
  const readByStart = createOffsets()
  const known = new Set<string>()
  let before = ''
  for (let position: string | undefined; ; ) {
    const { start = 0, next } = readByStart(position, limit)
    const { body } = await http.json<WirePage<Item>>({ path, query: { ...query, start, limit }, signal })
    const results = body?.results ?? []
    const names = results.map(nameOf)
    for (const [index, item] of results.entries()) {
      if (known.has(names[index]!)) continue
      known.add(names[index]!)
      yield item
    }
    const following = next(names)
    const full = results.length >= (body?.limit ?? limit)
    // A site that takes no notice of the start gives the same page for ever.
    const isLast = names.join() === before || (!following.moved && !full && !body?._links?.next)
    if (following.next === undefined || isLast) return
    before = names.join()
    position = following.next
  }
}

/** What tells an item from the others of its list, whatever it is. */
function nameOf(item: {
  readonly id?: unknown
  readonly accountId?: unknown
  readonly userKey?: unknown
}): string {
  return JSON.stringify(item.id ?? item.accountId ?? item.userKey ?? item)
}
