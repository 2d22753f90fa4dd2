/**
 * The walk through the pages of one space, told in docs/confluence/how-it-walks.md: labels and restrictions first, then the listing
 * with bodies, each page leaving as soon as everything above it is known.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { type OutflowError, reportError } from '../../model/errors.ts'
import { readAhead } from '../../util/read-ahead.ts'
import type { ContentItem, Space } from './api.ts'
import { changedMeanwhile } from './changed.ts'
import { refOf, spaceRef } from './documents.ts'
import { findAbove, type Growth, growTree } from './growth.ts'
import { listSafely } from './render.ts'
import { bulks, isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import { showsOtherPages } from './storage-format/macros/rules.ts'
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
  readonly context: IndexContext
}

/** What the pages of a space came to. */
export interface Walked {
  readonly documents: number
  readonly found: number
  /** Whether the limit cut anything. */
  readonly truncated: boolean
  /** Documents there are by the filters, where all have been looked at. */
  readonly available?: number
}

/** Bodies kept waiting in one space, in characters. */
const mostWaiting = 8_000_000
/** Up to so many pages of a space, labels and restrictions are asked by id; beyond, in one pass over the space. */
const smallPart = 1000
/** Pages that are fetched again at a time. */
const fetchedAtOnce = 100

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
  return tour.walked()
}

export function spaceFailed({ wiki, space }: Pick<Walk, 'wiki' | 'space'>, error: OutflowError): Listed {
  const document = spaceRef(wiki.api.site, space)
  const refused = error.kind === 'permission' || error.kind === 'missing'
  return { type: refused ? 'not_permitted' : 'failed', document, error: reportError(error) }
}

function createTour(walk: Walk) {
  const { wiki, space, selection, limit, context } = walk
  const { api } = wiki
  const room = createWaitingRoom(mostWaiting)
  const tree = createTree()
  /** With a filter, nobody knows yet which bodies are wanted. */
  const withBodies = !selection.filtering
  const limited = limit !== Number.POSITIVE_INFINITY
  let growth: Growth | undefined
  let complete = false
  let cut = false
  let documents = 0
  let found = 0
  let wanted = 0

  const inHand = (item: ContentItem, way: readonly TreeNode[]) => ({
    wiki,
    space,
    item,
    way,
    tree: () => (complete ? tree : undefined),
    bodyMode: walk.bodyMode,
  })

  async function* leave(item: ContentItem, way: readonly TreeNode[]): AsyncGenerator<Listed> {
    found += 1
    documents += 1
    yield await listSafely(inHand(item, way))
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
    const annotate = withBodies && limit <= smallPart ? 'ids' : 'space'
    growth = await growTree({ wiki, space, tree, annotate, archived: walk.archived }, context)
    const options = { signal: context.signal, ...(limited && withBodies ? { limit: limit + 1 } : {}) }
    const what = { body: withBodies, archived: walk.archived }
    let left = withBodies ? limit : Number.POSITIVE_INFINITY
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
    const there = (await api.contentByIds(ids, 'page', context)).filter(
      ({ spaceId, status }) => spaceId === space.id && (walk.archived || status === 'current'),
    )
    return growth!.add(there)
  }

  /** Whoever still waits, once nothing more will be listed. */
  async function* rest(): AsyncGenerator<Listed> {
    const waiting = room.empty()
    if (!growth || waiting.length === 0) return
    await findAbove(
      growth,
      waiting.map(({ node }) => node),
    )
    // Before any of them leaves, since they may list one another.
    const looks: Looks = new Map()
    for (const { item } of waiting) if (wiki.isLate(item)) await growth.renewedWay(item, looks)
    const bodiless: Waiting[] = []
    for (const each of waiting) {
      const way = wayTo(each.node)
      const rule = selection.skips(each.item, way)
      if (rule !== undefined) yield skipped(each.item, rule)
      else if (!withBodies && ++wanted > limit) cut = true
      else if (each.item.body === undefined) bodiless.push(each)
      else yield* leave(each.item, way)
    }
    for (const part of bulks(bodiless, fetchedAtOnce)) yield* fetchAndLeave(part)
  }

  async function* fetchAndLeave(part: readonly Waiting[]): AsyncGenerator<Listed> {
    const ids = part.map(({ item }) => item.id)
    const again = new Map((await fetchBodies(ids)).map((item) => [item.id, item]))
    for (const { item, node } of part) {
      const fresh = again.get(item.id) ?? item
      if (fresh.spaceId !== item.spaceId) yield movedAway(fresh)
      // Edited or moved since it was listed: then what is known of its readers may be old, too.
      else if (!isUnchanged(fresh, item)) yield* leave(fresh, await wiki.wayTo(fresh))
      else yield* leave(fresh, wayTo(node))
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
    return { type: 'failed', document, error: reportError(changedMeanwhile(item)) }
  }

  function skipped(item: ContentItem, rule: string): Listed {
    found += 1
    return { type: 'skipped', document: refOf({ site: api.site, space, item }), rule }
  }

  return {
    list,
    rest,
    walked: (): Walked => ({
      documents,
      found,
      truncated: cut,
      ...(cut && !withBodies ? { available: wanted } : {}),
    }),
  }
}

const nameStart = 'ac:name="'

/** Whether a body holds a macro that shows other pages, which have to be known before it can be rendered. Searched plainly: every body is. */
function looksAround(body: string): boolean {
  for (let at = body.indexOf(nameStart); at >= 0; at = body.indexOf(nameStart, at)) {
    at += nameStart.length
    const end = body.indexOf('"', at)
    if (end > at && showsOtherPages(body.slice(at, end))) return true
  }
  return false
}
