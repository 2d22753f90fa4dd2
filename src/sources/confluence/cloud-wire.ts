/**
 * What Cloud answers, as far as we read it, and what we make of it. Nulls are where live answers have them.
 *
 * @module
 */

import type { Annotation, ContentItem, NodeType, Person, Restriction, Space, Standing } from './api.ts'
import { cloudIdentities, type WireRestriction, type WireUser, wholeRestriction } from './restrictions.ts'
import { idOf, textIn } from './wire-values.ts'

export interface WireSpace {
  readonly id: string
  readonly key: string
  readonly name?: string | null
  readonly type?: string
  readonly status?: string
  readonly homepageId?: string | null
  readonly currentActiveAlias?: string | null
}

export interface WireItem {
  readonly id: string
  readonly status?: string
  readonly title?: string | null
  readonly spaceId?: string
  readonly parentId?: string | null
  readonly parentType?: string | null
  readonly position?: number | null
  readonly createdAt?: string
  readonly version?: { readonly number?: number; readonly createdAt?: string; readonly authorId?: string }
  readonly body?: { readonly storage?: { readonly value?: string } }
  readonly _links?: { readonly webui?: string }
}

/** v1's form, from `content/search`. */
export interface WireFound {
  readonly id: string
  readonly version?: { readonly number?: number; readonly by?: WireUser }
  readonly metadata?: { readonly labels?: { readonly results?: readonly WireLabel[] } }
  readonly restrictions?: { readonly read?: WireRestriction; readonly update?: WireRestriction }
}

export interface WireLabel {
  readonly name?: string
  readonly prefix?: string
}

export function cloudSpace(wire: WireSpace): Space {
  return {
    id: idOf(wire.id),
    key: idOf(wire.key),
    name: wire.name ?? wire.key,
    type: wire.type ?? 'global',
    status: wire.status === 'archived' ? 'archived' : 'current',
    ...(wire.homepageId ? { homepageId: String(wire.homepageId) } : {}),
    ...(wire.currentActiveAlias ? { alias: wire.currentActiveAlias } : {}),
  }
}

export function cloudItem(wire: WireItem, type: NodeType, webUrl: string): ContentItem {
  const { version, parentId, position } = wire
  const body = textIn(wire.body?.storage?.value)
  return {
    id: idOf(wire.id),
    type,
    title: textIn(wire.title) ?? '',
    status: wire.status === 'archived' ? 'archived' : 'current',
    spaceId: String(wire.spaceId ?? ''),
    version: version?.number ?? 1,
    url: wire._links?.webui ? `${webUrl}${wire._links.webui}` : `${webUrl}/pages/${wire.id}`,
    ...dates(wire.createdAt, version?.createdAt),
    ...(version?.authorId ? { authorId: version.authorId } : {}),
    ...(position != null ? { position } : {}),
    ...(parentId ? { parent: { id: String(parentId), type: nodeType(wire.parentType) } } : {}),
    ...(body === undefined ? {} : { body }),
  }
}

/** A status of another kind, such as a historical one, is none that we know how to read. */
export function cloudStanding({ id, status, spaceId }: WireItem): (Standing & { id: string }) | undefined {
  const known = (['current', 'archived', 'trashed', 'draft'] as const).find((each) => each === status)
  return known && { id: idOf(id), status: known, spaceId: String(spaceId ?? '') }
}

/** Undefined where the labels did not come along: then the item has to be asked about singly, for nobody said that it has none. */
export function cloudAnnotation(wire: WireFound): Annotation | undefined {
  const labels = wire.metadata?.labels?.results
  if (!labels) return undefined
  const read = wholeRestriction(wire.restrictions?.read, cloudIdentities)
  const update = wholeRestriction(wire.restrictions?.update, cloudIdentities)
  const author = authorOf(wire.version?.by?.accountId, wire.version?.by)
  return {
    id: idOf(wire.id),
    labels: labelNames(labels),
    ...(wire.version?.number !== undefined ? { version: wire.version.number } : {}),
    ...(author ? { author } : {}),
    ...restrictionsOf(read, update),
  }
}

export function restrictionsOf(read: Restriction | undefined, update: Restriction | undefined) {
  return { ...(read ? { read } : {}), ...(update ? { update } : {}) }
}

const noLabels: readonly string[] = []

/** Team labels and personal ones (`my:…`) keep their names, as the page shows them. */
export function labelNames(labels: readonly WireLabel[] = noLabels as []): readonly string[] {
  if (labels.length === 0) return noLabels
  return labels.map((label) => label.name ?? '').filter((name) => name !== '')
}

export function nameOf(user: WireUser | undefined): string | undefined {
  return user?.displayName || user?.publicName || undefined
}

export function authorOf(id: string | undefined, user: WireUser | undefined): Person | undefined {
  const name = nameOf(user)
  return id && name ? { id, name } : undefined
}

/** Only dates that are dates: a broken one is left out. */
export function dates(created: string | undefined, modified: string | undefined) {
  const createdAt = dateOf(created)
  const modifiedAt = dateOf(modified)
  return { ...(createdAt ? { createdAt } : {}), ...(modifiedAt ? { modifiedAt } : {}) }
}

function dateOf(text: string | undefined): Date | undefined {
  const date = textIn(text) === undefined ? undefined : new Date(text!)
  return date && !Number.isNaN(date.getTime()) ? date : undefined
}

const nodeTypes: readonly string[] = [
  'page',
  'folder',
  'whiteboard',
  'database',
  'embed',
] satisfies NodeType[]

function nodeType(type: string | null | undefined): NodeType {
  return type && nodeTypes.includes(type) ? (type as NodeType) : 'page'
}
