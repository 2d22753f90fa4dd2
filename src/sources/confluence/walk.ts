/**
 * The walk through the pages of one space, told in docs/confluence/how-it-walks.md: labels and restrictions first, then the listing
 * with bodies, each page leaving as soon as everything above it is known.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { type OutflowError, reportError } from '../../model/errors.ts'
import { readAhead } from '../../util/read-ahead.ts'
import type { Along } from './along.ts'
import type { ContentItem, Space } from './api.ts'
import type { PageInHand } from './around.ts'
import { changedMeanwhile } from './changed.ts'
import { placeOf, refOf, spaceRef } from './documents.ts'
import { findAbove, type Growth, growTree } from './growth.ts'
import { looksAround } from './looks-around.ts'
import { listSafely, recallPage } from './render.ts'
import { bulks, isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import type { Surroundings } from './surroundings.ts'
import { createTree, isUnchanged, type TreeNode } from './tree.ts'
import { createWaitingRoom, type Waiting } from './waiting-room.ts'
import type { Looks, Wiki } from './wiki.ts'

export interface Walk {
  readonly wiki: Wiki
  readonly space: Space
  readonly selection: Selection
  /** At most so many documents; `Infinity` = all. */
  readonly limit: number
  readonly archived: boolean
  readonly bodyMode: Surroundings['bodyMode']
  readonly along: Along
  readonly context: IndexContext
}

/** An item whose body has to be fetched. */
interface Wanted extends Waiting {
  /** Although it is itself as it was delivered. */
  readonly stale: boolean
}

/** What the pages of a space came to. */
export interface Walked {
  readonly documents: number
  readonly found: number
  /** Whether the limit cut anything. */
  readonly truncated: boolean
  /** Everything that there is in the space has been listed. */
  readonly complete: boolean
  /** Documents there are by the filters, where all have been looked at. */
  readonly available?: number
}

/** Bodies kept waiting in one space, in characters. */
const mostWaiting = 8_000_000
/** Up to so many pages of a space, labels and restrictions are asked by id; beyond, in one pass over the space. */
const smallPart = 1000
/** Pages that are fetched again at a time. */
const fetchedAtOnce = 250
/** Pages that are looked at again together, so that what they ask of the site goes in one question. */
const recalledAtOnce = 250

/**
 * Never throws for what concerns this space alone: then the space itself is listed as failed or not permitted, after whatever of it
 * was found.
 */
export async function* walkSpace(walk: Walk): AsyncGenerator<Listed, Walked> {
  const { space, context } = walk
  context.emit({ type: 'space.started', space: space.key, title: space.name })
  const tour = createTour(walk)
  let failure: OutflowError | undefined
  for (const part of [tour.list, tour.rest])
    try {
      yield* part()
    } catch (thrown) {
      if (!isLocal(thrown)) throw thrown
      failure ??= thrown
    }
  if (failure) yield spaceFailed(walk, failure)
  return tour.walked(failure === undefined)
}

export function spaceFailed(
  { wiki, space }: { readonly wiki: Pick<Wiki, 'api'>; readonly space: Space },
  error: OutflowError,
): Listed {
  const document = spaceRef(wiki.api.site, space)
  const refused = error.kind === 'permission' || error.kind === 'missing'
  return { type: refused ? 'not_permitted' : 'failed', document, error: reportError(error) }
}

function createTour(walk: Walk) {
  const { wiki, space, selection, limit, along, context } = walk
  const { api } = wiki
  const room = createWaitingRoom(mostWaiting)
  const tree = createTree()
  const { filtering } = selection
  /** With a filter, or where most is as it was delivered, nobody knows yet which bodies are wanted. */
  const withBodies = !filtering && !context.recall
  const limited = limit !== Number.POSITIVE_INFINITY
  let growth: Growth | undefined
  let complete = false
  let cut = false
  let documents = 0
  let found = 0
  let wanted = 0

  const inHand = (item: ContentItem, way: readonly TreeNode[]): PageInHand => ({
    wiki,
    space,
    item,
    way,
    tree: () => (complete ? tree : undefined),
    bodyMode: walk.bodyMode,
  })

  async function* leave(item: ContentItem, way: readonly TreeNode[], stale = false): AsyncGenerator<Listed> {
    const page = inHand(item, way)
    const listed = await listSafely(page)
    yield* leaveListed(listed.type === 'document' && stale ? { ...listed, stale } : listed, page)
  }

  async function* leaveListed(listed: Listed, page: PageInHand): AsyncGenerator<Listed> {
    documents += 1
    for await (const each of withAll(listed, page)) {
      found += 1
      yield each
    }
  }

  async function* withAll(listed: Listed, page: PageInHand): AsyncGenerator<Listed> {
    yield listed
    yield* along.after(listed, page)
  }

  /** What was written lately may be for fewer readers than those above it had when they were listed. */
  async function asOfNow(item: ContentItem, way: readonly TreeNode[], looks: Looks) {
    return wiki.isLate(item) ? growth!.renewedWay(item, looks) : way
  }

  /** A page goes on its way, or stays until it can. */
  async function* consider({ item, node }: Waiting, looks: Looks): AsyncGenerator<Listed> {
    const way = await growth!.way(node)
    if ('missing' in way) return room.put(item, node, { page: way.missing.id })
    if (!withBodies || item.body === undefined || looksAround(item.body)) return room.put(item, node, 'end')
    yield* leave(item, await asOfNow(item, way.nodes, looks))
  }

  async function* list(): AsyncGenerator<Listed> {
    const annotate = !filtering && limit <= smallPart ? 'ids' : 'space'
    growth = await growTree({ wiki, space, tree, annotate, archived: walk.archived }, context)
    const options = { signal: context.signal, ...(limited && !filtering ? { limit: limit + 1 } : {}) }
    const what = { body: withBodies, archived: walk.archived }
    let left = filtering ? Number.POSITIVE_INFINITY : limit
    for await (const batch of readAhead(api.content(space, what, options))) {
      if (batch.length > left) cut = true
      const fresh = await growth.add(batch.slice(0, left))
      left -= fresh.length
      yield* receive(fresh)
    }
    if (!cut) for (const ids of bulks(growth.unlisted(), fetchedAtOnce)) yield* receive(await unlisted(ids))
    complete = !cut
  }

  async function* receive(fresh: readonly ContentItem[]): AsyncGenerator<Listed> {
    const looks: Looks = new Map()
    for (const item of fresh) yield* consider({ item, node: tree.get(item.id)! }, looks)
    for (const waiting of room.release(fresh.map(({ id }) => id))) yield* consider(waiting, looks)
  }

  /** A list that ended early looks like one that ended: what the search index knows beside it is asked for by id. */
  async function unlisted(ids: readonly string[]): Promise<readonly ContentItem[]> {
    return growth!.add((await api.contentByIds(ids, 'page', context)).filter(isOurs))
  }

  const isOurs = ({ spaceId, status }: ContentItem) =>
    spaceId === space.id && (walk.archived || status === 'current')

  /** Whoever still waits, once nothing more will be listed. */
  async function* rest(): AsyncGenerator<Listed> {
    const waiting = [...room.empty()]
    if (!growth || waiting.length === 0) return
    const above = await findAbove(
      growth,
      waiting.map(({ node }) => node),
    )
    // No list brought them, and they are pages as any other.
    if (!cut) for (const item of above.filter(isOurs)) waiting.push({ item, node: tree.get(item.id)! })
    // Before any of them leaves, since they may list one another.
    const looks: Looks = new Map()
    for (const { item } of waiting) if (wiki.isLate(item)) await growth.renewedWay(item, looks)
    const chosen: Waiting[] = []
    for (const each of waiting) {
      const rule = selection.skips(each.item, wayTo(each.node))
      if (rule !== undefined) yield* skipped(each, rule)
      else if (filtering && ++wanted > limit) cut = true
      else chosen.push(each)
    }
    const bodiless: Wanted[] = []
    for (const part of bulks(chosen, recalledAtOnce)) yield* leaveOrWant(part, bodiless)
    for (const part of bulks(bodiless, fetchedAtOnce)) yield* fetchAndLeave(part)
  }

  /** What has its body, or needs none, leaves; the others are put among the bodiless. */
  async function* leaveOrWant(part: readonly Waiting[], bodiless: Wanted[]): AsyncGenerator<Listed> {
    const recalled = await Promise.all(
      part.map(({ item, node }) => recallPage(inHand(item, wayTo(node)), context)),
    )
    for (const [index, each] of part.entries()) {
      const as = recalled[index]!
      const way = wayTo(each.node)
      if ('listed' in as) yield* leaveListed(as.listed, inHand(each.item, way))
      else if (each.item.body !== undefined) yield* leave(each.item, way, as.stale)
      else bodiless.push({ ...each, stale: as.stale })
    }
  }

  async function* fetchAndLeave(part: readonly Wanted[]): AsyncGenerator<Listed> {
    const ids = part.map(({ item }) => item.id)
    const again = new Map((await fetchBodies(ids)).map((item) => [item.id, item]))
    for (const { item, node, stale } of part) {
      const fresh = again.get(item.id) ?? item
      if (fresh.spaceId !== item.spaceId) yield movedAway(fresh)
      // Edited or moved since it was listed: then what is known of its readers may be old, too.
      else if (!isUnchanged(fresh, item)) yield* leave(fresh, await wiki.wayTo(fresh))
      else yield* leave(fresh, wayTo(node), stale)
    }
  }

  /** Those that do not come are downloaded one by one, where each fails or succeeds alone. */
  async function fetchBodies(ids: readonly string[]): Promise<readonly ContentItem[]> {
    try {
      return await api.contentByIds(ids, 'page', context)
    } catch (thrown) {
      if (isLocal(thrown)) return []
      throw thrown
    }
  }

  function wayTo(node: TreeNode): readonly TreeNode[] {
    const way = tree.way(node)
    if (!way.known)
      throw new Error(`The way to ${node.id} is not known although everything above was fetched.`)
    return way.nodes
  }

  /** Into another space, whose readers are others. */
  function movedAway(item: ContentItem): Listed {
    found += 1
    const document = refOf({ site: api.site, space, item })
    const place = placeOf(api.site, item)
    return { type: 'failed', document, place, error: reportError(changedMeanwhile(item)) }
  }

  function* skipped({ item, node }: Waiting, rule: string): Generator<Listed> {
    found += 1
    const document = refOf({ site: api.site, space, item })
    yield { type: 'skipped', document, place: placeOf(api.site, item), rule, outOfScope: true }
    for (const each of along.skippedWith(inHand(item, wayTo(node)), rule)) {
      found += 1
      yield each
    }
  }

  return {
    list,
    rest,
    walked: (whole: boolean): Walked => ({
      documents,
      found,
      truncated: cut,
      complete: whole && complete,
      ...(cut && filtering ? { available: wanted } : {}),
    }),
  }
}
