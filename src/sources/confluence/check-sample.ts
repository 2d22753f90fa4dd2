/**
 * What the probes look at: the spaces a run would read, and a few pages of the first of them that has any.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { untilAborted } from '../../util/until-aborted.ts'
import type { Account, ConfluenceApi, ContentItem, Grant, Space } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { chooseSpaces } from './scope.ts'

/** How many of each the probes look at. */
export const sampleSize = 3

export interface Opened {
  readonly connection: { readonly account: Account; readonly signedInBy: string }
  readonly api: ConfluenceApi
}

export interface Scoped {
  readonly spaces: readonly Space[]
  /** How many there are before a limit cuts. */
  readonly available: number
}

export interface Sample {
  readonly scope: (context: CallContext) => Promise<Scoped>
  readonly pages: (context: CallContext) => Promise<readonly ContentItem[]>
  readonly grants: (context: CallContext) => Promise<readonly Grant[]>
  readonly api: (context: CallContext) => Promise<ConfluenceApi>
}

/** What several probes look at is read once; what failed is read again by the next one, which has its own time. */
export function createSample(settings: ConfluenceSettings, open: () => Promise<Opened>): Sample {
  const api = async ({ signal }: CallContext) => (await untilAborted(open(), signal)).api
  const scope = once(async (context: CallContext) => {
    const { spaces, truncated } = await chooseSpaces(await api(context), settings, context)
    return { spaces, available: truncated?.available ?? spaces.length }
  })
  const pages = once(async (context: CallContext) => {
    const { spaces } = await scope(context)
    for (const space of spaces.slice(0, sampleSize)) {
      const found = await firstPages(await api(context), space, context)
      if (found.length > 0) return found
    }
    return []
  })
  const grants = once(async (context: CallContext) => {
    const { spaces } = await scope(context)
    return spaces[0] === undefined ? [] : (await api(context)).grants(spaces[0], context)
  })
  return { api, scope, pages, grants }
}

async function firstPages(
  api: ConfluenceApi,
  space: Space,
  { signal }: CallContext,
): Promise<readonly ContentItem[]> {
  const listing = api.content(space, { body: true, archived: false }, { signal, limit: sampleSize })
  for await (const batch of listing) if (batch.length > 0) return batch.slice(0, sampleSize)
  return []
}

function once<Value>(
  read: (context: CallContext) => Promise<Value>,
): (context: CallContext) => Promise<Value> {
  let reading: Promise<Value> | undefined
  return (context) => {
    reading ??= read(context).catch((thrown: unknown) => {
      reading = undefined
      throw thrown
    })
    return reading
  }
}
