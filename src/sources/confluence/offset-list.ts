/**
 * Lists by `start` and `limit`: the next page starts after what really came, never after what was asked for, and only an empty or
 * short page is the end, for next links are missing here and wrong there.
 *
 * @module
 */

import type { HttpClient } from '../../kit/http.ts'
import type { CallContext } from '../../model/call.ts'

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

export async function* listByStart<Item>(
  http: HttpClient,
  { path, limit, query }: OffsetList,
  { signal }: CallContext,
): AsyncGenerator<Item> {
  for (let start = 0; ; ) {
    const { body } = await http.json<WirePage<Item>>({ path, query: { ...query, start, limit }, signal })
    const results = body?.results ?? []
    yield* results
    start += results.length
    if (results.length === 0) return
    const full = results.length >= (body?.limit ?? limit)
    if (!full && !body?._links?.next) return
  }
}
