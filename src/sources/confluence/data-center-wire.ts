/**
 * What Data Center answers, as far as we read it, and what we make of it.
 *
 * @module
 */

import type { Annotation, ContentItem, NodeType, Space, Standing } from './api.ts'
import { authorOf, dates, labelNames, restrictionsOf, type WireLabel } from './cloud-wire.ts'
import {
  dataCenterIdentities,
  type WireRestriction,
  type WireUser,
  wholeRestriction,
} from './restrictions.ts'
import { idOf, textIn } from './wire-values.ts'

export interface WireSpace {
  readonly id: number | string
  readonly key: string
  readonly name?: string
  readonly type?: string
  readonly status?: string
  readonly homepage?: { readonly id?: number | string }
}

export interface WireContent {
  readonly id: number | string
  readonly type?: string
  readonly status?: string
  readonly title?: string
  readonly space?: WireSpace
  readonly version?: { readonly number?: number; readonly when?: string; readonly by?: WireUser }
  readonly history?: { readonly createdDate?: string }
  /** Root first. Missing where it was not, or could not be, expanded. */
  readonly ancestors?: readonly { readonly id: number | string; readonly type?: string }[]
  readonly body?: {
    readonly storage?: { readonly value?: string }
    readonly view?: { readonly value?: string }
  }
  readonly metadata?: { readonly labels?: { readonly results?: readonly WireLabel[] } }
  readonly restrictions?: { readonly read?: WireRestriction; readonly update?: WireRestriction }
  readonly extensions?: { readonly position?: number | string }
  readonly _links?: { readonly webui?: string }
}

/** Everything but the body. */
export const itemParts = [
  'space',
  'version',
  'history',
  'ancestors',
  'metadata.labels',
  'restrictions.read.restrictions.user',
  'restrictions.read.restrictions.group',
  'restrictions.update.restrictions.user',
  'restrictions.update.restrictions.group',
].join(',')

export function dataCenterSpace(wire: WireSpace): Space {
  return {
    id: idOf(wire.id),
    key: idOf(wire.key),
    name: wire.name ?? wire.key,
    type: wire.type ?? 'global',
    status: wire.status?.toLowerCase() === 'archived' ? 'archived' : 'current',
    ...(wire.homepage?.id !== undefined ? { homepageId: String(wire.homepage.id) } : {}),
  }
}

export function dataCenterItem(wire: WireContent, webUrl: string): ContentItem {
  const { version } = wire
  const ancestors = ancestorsOf(wire)
  const parent = ancestors?.at(-1)
  const body = textIn(wire.body?.storage?.value)
  const position = Number(wire.extensions?.position)
  return {
    id: idOf(wire.id),
    type: typeOf(wire.type),
    title: textIn(wire.title) ?? '',
    status: wire.status === 'archived' ? 'archived' : 'current',
    spaceId: String(wire.space?.id ?? ''),
    version: version?.number ?? 1,
    url: `${webUrl}${wire._links?.webui ?? `/pages/viewpage.action?pageId=${wire.id}`}`,
    ...dates(wire.history?.createdDate, version?.when),
    ...(version?.by?.userKey ? { authorId: version.by.userKey } : {}),
    ...(Number.isFinite(position) ? { position } : {}),
    ...(parent ? { parent: { id: idOf(parent.id), type: typeOf(parent.type) } } : {}),
    ...(ancestors === undefined && wire.type !== 'blogpost' ? { parentUnknown: true as const } : {}),
    ...(body === undefined ? {} : { body }),
    ...(wire.restrictions && wire.metadata?.labels?.results
      ? { annotation: dataCenterAnnotation(wire) }
      : {}),
  }
}

export function dataCenterStanding({ status, space }: WireContent): Standing | undefined {
  const known = (['current', 'archived', 'trashed', 'draft'] as const).find((each) => each === status)
  return known && { status: known, spaceId: String(space?.id ?? '') }
}

/** Root first. Undefined when the site did not say, in full, what is above: that is not the same as nothing. */
function ancestorsOf({ ancestors }: WireContent): WireContent['ancestors'] {
  return Array.isArray(ancestors) && ancestors.every(Boolean) ? ancestors : undefined
}

export function dataCenterAnnotation(wire: WireContent): Annotation {
  const author = authorOf(wire.version?.by?.userKey, wire.version?.by)
  const read = wholeRestriction(wire.restrictions?.read, dataCenterIdentities)
  const update = wholeRestriction(wire.restrictions?.update, dataCenterIdentities)
  return {
    id: idOf(wire.id),
    labels: labelNames(wire.metadata?.labels?.results),
    ...(author ? { author } : {}),
    ...(wire.version?.number !== undefined ? { version: wire.version.number } : {}),
    ...restrictionsOf(read, update),
  }
}

const typeOf = (type: string | undefined): NodeType => (type === 'blogpost' ? 'blogpost' : 'page')
