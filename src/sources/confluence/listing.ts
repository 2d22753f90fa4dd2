/**
 * Reads a list to its real end: pages grow and shrink with what the site can bear, one item that breaks its page costs only
 * itself, and a list that goes round in circles is an error, never a short list.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import { isMisshapen } from './misshapen.ts'
import type { PageSize } from './page-size.ts'

export interface ListPage<Item> {
  readonly items: readonly Item[]
  /** Where the next page begins; absent at the end. */
  readonly next?: string | undefined
  /** There is a next page, and nothing says where it begins. */
  readonly lost?: boolean
}

export interface PageRequest {
  /** Absent: from the beginning. */
  readonly position: string | undefined
  readonly size: number
  /** Without bodies and expansions: what remains readable when one item breaks them. */
  readonly plain: boolean
}

/** `undefined`: the site could not build this page; a smaller one may do. A plain page is never undefined, it throws. */
export type ReadPage<Item> = (request: PageRequest) => Promise<ListPage<Item> | undefined>

interface Listing<Item> {
  /** For messages: `pages of space HR`. */
  readonly name: string
  readonly read: ReadPage<Item>
  readonly size: PageSize
  /** Stop after so many items. */
  readonly limit?: number | undefined
  /** Asked when the last page is empty: that looks the same as having lost sight of the rest. Throws when it was that. */
  readonly confirmEnd?: () => Promise<void>
}

/** Empty pages in a row that are followed; some servers put one in between. */
const mostEmpty = 50

/** @throws {OutflowError} kind `transient`, code `confluence.listing.repeats`: the listing is incomplete */
export async function* listPages<Item extends { readonly id: string }>({
  name,
  read,
  size,
  limit = Number.POSITIVE_INFINITY,
  confirmEnd,
}: Listing<Item>): AsyncGenerator<readonly Item[]> {
  const positions = new Set<string>()
  let previous: ReadonlySet<string> = new Set()
  let position: string | undefined
  let left = limit
  let empty = 0
  while (left > 0) {
    const page = await readWhatWorks(read, size, { position, most: left })
    if (repeats(page.items, previous)) throw incomplete(name, 'the same page came twice')
    const items = distinct(page.items).slice(0, left)
    if (items.length > 0) yield items
    left -= items.length
    if (page.lost) throw incomplete(name, 'the link to the next page leads nowhere')
    if (page.next === undefined) {
      if (page.items.length === 0) await confirmEnd?.()
      return
    }
    if (positions.has(page.next)) throw incomplete(name, 'the same cursor came twice')
    positions.add(page.next)
    position = page.next
    empty = items.length > 0 ? 0 : empty + 1
    if (empty > mostEmpty) throw incomplete(name, 'it goes on and on with nothing in it')
    if (items.length > 0) previous = new Set(items.map((item) => item.id))
  }
}

/** Halves the page until it can be read; a single item that still breaks it is read plainly. */
async function readWhatWorks<Item>(
  read: ReadPage<Item>,
  size: PageSize,
  { position, most }: { readonly position: string | undefined; readonly most: number },
): Promise<ListPage<Item>> {
  for (;;) {
    const asked = Math.min(size.current(), most)
    const page = await wellShaped(read({ position, size: asked, plain: false }))
    if (page) {
      size.worked()
      return page
    }
    if (size.failed(asked)) continue
    const plain = await read({ position, size: 1, plain: true })
    size.passed()
    if (plain) return plain
  }
}

/** An item that came misshapen breaks its page as one does that the site cannot build. */
async function wellShaped<Item>(page: ReturnType<ReadPage<Item>>): ReturnType<ReadPage<Item>> {
  try {
    return await page
  } catch (thrown) {
    if (isMisshapen(thrown)) return undefined
    throw thrown
  }
}

/** A page may name an item twice when somebody moves things while it is being built. */
function distinct<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  return byId.size === items.length ? items : [...byId.values()]
}

function repeats(items: readonly { readonly id: string }[], previous: ReadonlySet<string>): boolean {
  return items.length > 0 && items.every((item) => previous.has(item.id))
}

function incomplete(name: string, what: string): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'confluence.listing.repeats',
    message: `The list of ${name} could not be read to its end: ${what}. It is incomplete.`,
    fix: 'Run again later; if it stays, report it to the administrators of the site.',
  })
}
