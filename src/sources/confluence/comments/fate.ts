/**
 * What became of comments that no list brought.
 *
 * @module
 */

import type { CallContext } from '../../../model/call.ts'
import type { Standing } from '../api.ts'
import { isLocal } from '../seat.ts'
import type { Wiki } from '../wiki.ts'

/** A comment that was seen before, and the page or post that it was on. */
interface KnownComment {
  readonly id: string
  readonly containerId: string
}

/** Where it is now, or that it is nowhere. */
export type Fate = 'footer' | 'inline' | 'gone' | 'unknown'

/**
 * What became of comments that no list brought: `gone` only where what they were on is to be seen and the comment's own address says that
 * it is not there. For comments have no restrictions of their own, so it cannot be a matter of sight.
 */
export async function locateComments(
  wiki: Wiki,
  known: readonly KnownComment[],
  context: CallContext,
): Promise<ReadonlyMap<string, Fate>> {
  const inSight = await visibleOf(wiki, new Set(known.map(({ containerId }) => containerId)), context)
  const fates = known.map(async ({ id, containerId }) => {
    const fate = inSight.has(containerId) ? await fateOf(wiki, id, context) : 'unknown'
    return [id, fate] as const
  })
  return new Map(await Promise.all(fates))
}

async function visibleOf(
  { api }: Wiki,
  ids: ReadonlySet<string>,
  context: CallContext,
): Promise<ReadonlySet<string>> {
  const pages = await api.standings([...ids], 'page', context)
  const others = [...ids].filter((id) => !pages.has(id))
  const posts =
    others.length > 0 ? await api.standings(others, 'blogpost', context) : new Map<string, Standing>()
  const isVisible = ([, { status }]: readonly [string, Standing]) =>
    status === 'current' || status === 'archived'
  return new Set([...pages, ...posts].filter(isVisible).map(([id]) => id))
}

async function fateOf({ api }: Wiki, id: string, context: CallContext): Promise<Fate> {
  try {
    return await api.commentStatus(id, context)
  } catch (thrown) {
    if (isLocal(thrown)) return 'unknown'
    throw thrown
  }
}
