/**
 * What the probes look at: the spaces a run would read, and a few pages of the first of them that has any.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import { untilAborted } from '../../util/until-aborted.ts'
import type { Account, ConfluenceApi, ContentItem, Grant, Space } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { chooseSpaces } from './scope.ts'
import { isLocal } from './seat.ts'

/** How many of each the probes look at. */
export const sampleSize = 3
/** Of these, each is asked for its permissions. */
const mostSpaces = 20

export interface Opened {
  readonly connection: { readonly account: Account; readonly signedInBy: string }
  readonly api: ConfluenceApi
}

export interface Scoped {
  readonly spaces: readonly Space[]
  /** How many there are before a limit cuts. */
  readonly available: number
}

interface SpaceGrants {
  readonly space: Space
  readonly grants: readonly Grant[]
}

export interface Sample {
  readonly scope: (context: CallContext) => Promise<Scoped>
  readonly pages: (context: CallContext) => Promise<readonly ContentItem[]>
  /** Of the first spaces. @throws {OutflowError} the first refusal; its message names all the spaces that refuse */
  readonly grants: (context: CallContext) => Promise<readonly SpaceGrants[]>
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
    return grantsOf(await api(context), spaces.slice(0, mostSpaces), context)
  })
  return { api, scope, pages, grants }
}

/** Rights differ from space to space, so one that refuses must not hide behind one that does not. */
async function grantsOf(
  api: ConfluenceApi,
  spaces: readonly Space[],
  context: CallContext,
): Promise<readonly SpaceGrants[]> {
  const refusals: { space: Space; error: OutflowError }[] = []
  const read = await Promise.all(
    spaces.map(async (space) => {
      const grants = await api.grants(space, context).catch((thrown: unknown) => {
        if (!isLocal(thrown) || thrown.kind === 'transient') throw thrown
        refusals.push({ space, error: thrown })
        return []
      })
      return { space, grants }
    }),
  )
  if (refusals[0] !== undefined) throw refusedBy(refusals, spaces.length)
  return read
}

function refusedBy(refusals: readonly { space: Space; error: OutflowError }[], tried: number): OutflowError {
  const { kind, code, message } = refusals[0]!.error
  const keys = refusals.map(({ space }) => space.key).join(', ')
  return new OutflowError({
    kind,
    code,
    message: `Refused by ${refusals.length} of ${tried} spaces: ${keys}. ${message}`,
    cause: refusals[0]!.error,
  })
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
