/**
 * What was listed, held against what the search index counts. A list that leaves something out looks like any other; so where the index
 * knows of more, what it names beside the list is asked for by its id. The index may lag behind: it adds, and takes nothing away.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import type { Along } from './along.ts'
import type { ContentItem, Space } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { placeOf, refOf } from './documents.ts'
import { bulks, isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import { listAsNow, pageInHand } from './single.ts'
import { spaceFailed } from './walk.ts'
import type { Wiki } from './wiki.ts'

type ItemType = 'page' | 'blogpost'

interface CrossCheck {
  readonly wiki: Wiki
  readonly settings: ConfluenceSettings
  /** What was read of each space. */
  readonly types: readonly ItemType[]
  readonly listed: ListedIds
  readonly context: IndexContext
}

/** A space that was listed to its end. */
interface Share {
  readonly space: Space
  readonly selection: Selection
  readonly along: Along
}

export interface ListedIds {
  note(listed: Listed): void
  /** How many pages and posts of a space. */
  countIn(space: Space): number
  /** Wherever it was listed: an answer may have misplaced it. */
  has(id: string): boolean
}

/** Spaces that are counted by one request. */
const countedAtOnce = 50

export function createListedIds(): ListedIds {
  const counts = new Map<string, number>()
  const ids = new Set<string>()
  return {
    note(listed) {
      if (listed.type === 'truncated') return
      const { kind } = listed.document
      const place = listed.type === 'document' ? listed.document.place : listed.place
      if (!place || (kind !== 'page' && kind !== 'blogpost')) return
      if (ids.has(place.objectId)) return
      ids.add(place.objectId)
      counts.set(place.spaceId, (counts.get(place.spaceId) ?? 0) + 1)
    },
    countIn: ({ id }) => counts.get(id) ?? 0,
    has: (id) => ids.has(id),
  }
}

/** Lists what the lists left out. Costs a request for every 50 spaces where they left out nothing. */
export async function* leftOut(check: CrossCheck, shares: readonly Share[]): AsyncGenerator<Listed> {
  for (const some of bulks(shares, countedAtOnce)) {
    if (!(await knowsMore(check, some))) continue
    for (const share of some)
      if (some.length === 1 || (await knowsMore(check, [share]))) yield* rest(check, share)
  }
}

async function knowsMore(
  { wiki, types, listed, context }: CrossCheck,
  shares: readonly Share[],
): Promise<boolean> {
  const spaces = shares.map(({ space }) => space)
  const known = spaces.reduce((sum, space) => sum + listed.countIn(space), 0)
  return ((await countOf(wiki, spaces, types, context)) ?? 0) > known
}

/** By single requests. What is gone since, or is none of the space's, does not come. */
async function* rest(check: CrossCheck, { space, selection, along }: Share): AsyncGenerator<Listed> {
  const { wiki, settings, types, listed, context } = check
  const { api } = wiki
  try {
    const ids = await api.idsMatching(space, `type in (${types.join(',')})`, context)
    const items = await itemsOf(
      check,
      [...ids].filter((id) => !listed.has(id)),
    )
    for (const item of items.filter(({ spaceId }) => spaceId === space.id)) {
      const page = await pageInHand(wiki, item, settings.body, context)
      const rule = selection.skips(item, page.way)
      if (rule !== undefined) {
        const document = refOf({ site: api.site, space, item })
        yield { type: 'skipped', document, place: placeOf(api.site, item), rule, outOfScope: true }
        yield* along.skippedWith(page, rule)
        continue
      }
      const now = await listAsNow(page, context)
      yield now
      yield* along.after(now, page)
    }
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    yield spaceFailed({ wiki, space }, thrown)
  }
}

async function itemsOf(
  { wiki, settings, types, context }: CrossCheck,
  ids: readonly string[],
): Promise<readonly ContentItem[]> {
  const items: ContentItem[] = []
  for (const type of types)
    if (ids.length > 0)
      for (const item of await wiki.api.contentByIds(ids, type, context))
        if (item.type === type && (item.status === 'current' || settings.include_archived)) items.push(item)
  return items
}

/** A refused answer is no answer. */
export async function countOf(
  { api }: Wiki,
  spaces: readonly Space[],
  types: readonly ItemType[],
  context: IndexContext,
): Promise<number | undefined> {
  try {
    return await api.count(spaces, types, context)
  } catch (thrown) {
    if (isLocal(thrown)) return undefined
    throw thrown
  }
}
