/**
 * What has to hold after a run, whatever went wrong in it. Each rule names what breaks it, in words; no words are the only success.
 *
 * @module
 */

import type { DocumentRef } from '../../src/model/document.ts'
import type { Element } from '../../src/model/element.ts'
import type { DocumentPermissions } from '../../src/model/permissions.ts'
import { viewerOf } from '../../src/sandbox/access.ts'
import type { World } from '../../src/sandbox/world.ts'
import { audit, spellings } from '../permissions/audit.ts'
import type { Stored } from '../second-run/scene.ts'
import { lieAbout, type Trouble } from './kinds.ts'
import type { Lane, Place, Ran } from './lane.ts'

interface Disturbed {
  readonly ran: Ran
  /** What the destination held. */
  readonly before: Stored
  readonly trouble: readonly Trouble[]
}

/** What holds even when a run was disturbed. */
export async function afterTrouble(lane: Lane, disturbed: Disturbed): Promise<readonly string[]> {
  const fresh = await lane.fresh()
  const { ran } = disturbed
  return [
    ...sum(ran),
    ...falseRemovals(lane.truth, ran),
    ...silence(lane, disturbed, fresh),
    ...leftovers(lane.truth, ran, fresh),
    ...tooOpen(lane, disturbed),
  ]
}

/** What holds when nothing disturbed it: the destination is what a fresh run makes, and no trouble is remembered. */
export async function afterRecovery(lane: Lane, place: Place, ran: Ran): Promise<readonly string[]> {
  const fresh = await lane.fresh()
  const different = [...fresh].flatMap(([path, elements]) => {
    const there = ran.stored.get(path)
    if (there && isSame(there, elements)) return []
    return [`afterwards ${nameOf(elements)} ${there ? difference(there, elements) : 'is missing'}`]
  })
  const remembered = (await place.entries()).flatMap(({ document: { title }, state, error, attempts }) =>
    settled.includes(state) && !error && attempts === 0
      ? []
      : [`afterwards "${title}" is ${state}: ${error?.message}`],
  )
  return [
    ...different,
    ...remembered,
    ...leftovers(lane.truth, ran, fresh).map((problem) => `afterwards ${problem}`),
    ...tooOpen(lane, { ran, before: new Map(), trouble: [] }).map((problem) => `afterwards ${problem}`),
    ...falseRemovals(lane.truth, ran),
    ...(['finished', 'held'].includes(ran.job.outcome)
      ? []
      : [`the run afterwards ended as ${ran.job.outcome}`]),
  ]
}

const settled: readonly string[] = ['done', 'removed', 'held']

function sum({ job: { coverage } }: Ran): readonly string[] {
  const { found, ...parts } = coverage
  const total = Object.values(parts).reduce((all, count) => all + count, 0)
  return total === found ? [] : [`${found} were found, and ${total} are accounted for`]
}

/** Nothing that is there, and that the account may see, is removed or held. */
function falseRemovals(truth: World, { events }: Ran): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'document.removed' && event.type !== 'document.held') return []
    const { document, reason, type } = event
    return isThere(truth, objectOf(document))
      ? [`"${document.title}" is there, and got ${type} (${reason})`]
      : []
  })
}

function isThere(truth: World, id: string): boolean {
  const node = truth.node(id)
  return node !== undefined && isCurrent(truth, id) && viewerOf(truth, truth.crawler).may('read', node)
}

/** A comment is there as long as what it is on. */
function isCurrent(truth: World, id: string): boolean {
  const node = truth.node(id)
  if (node?.status !== 'current') return false
  return node.containerId === undefined || isCurrent(truth, node.containerId)
}

/** Everything is in the destination as it is now, or the run says why not. */
function silence(lane: Lane, { ran, trouble }: Disturbed, fresh: Stored): readonly string[] {
  if (hasFailed(ran)) return []
  const losses = new Set(
    ran.events.flatMap((event) =>
      event.type === 'document.done' && event.losses.length > 0 ? [objectOf(event.document)] : [],
    ),
  )
  return [...fresh].flatMap(([path, elements]) => {
    const there = ran.stored.get(path)
    if (there && isSame(there, elements)) return []
    if (isNamed(elements, ran) || losses.has(objectIn(elements))) return []
    if (isExcused(lane, { ran, trouble, there, elements })) return []
    const what = there ? difference(there, elements) : 'is missing'
    return [`${nameOf(elements)} ${what}, and nothing says so (${ran.job.outcome})`]
  })
}

interface Differing extends Pick<Disturbed, 'ran' | 'trouble'> {
  readonly there: readonly Element[] | undefined
  readonly elements: readonly Element[]
}

/** Permissions that say themselves that they are not complete; and what a site makes us believe that nothing else tells of. */
function isExcused({ lookers }: Lane, { ran, trouble, there, elements }: Differing): boolean {
  const lies = new Set(trouble.map(lieAbout))
  // Another trouble may have silenced what would have told of them.
  if (lies.has('pages') && trouble.length > 1) return true
  if (there) {
    const { partial, unknown } = ran.job.permissions
    if (isSame(bare(there), bare(elements)) && (!isComplete(there) || lies.has('people'))) return true
    if (lookers.has(objectIn(elements)) && (partial + unknown > 0 || lies.has('people') || lies.has('pages')))
      return true
  }
  if (lies.has('comments') && locatorOf(elements).type === 'comment') return true
  return (
    lies.has('spaces') &&
    !ran.events.some((event) => event.type === 'space.started' && event.space === spaceOf(elements))
  )
}

/** What is gone is out of the destination, or lets nobody in, or the run says why not. */
function leftovers(truth: World, ran: Ran, fresh: Stored): readonly string[] {
  if (hasFailed(ran)) return []
  return [...ran.stored].flatMap(([path, elements]) => {
    if (fresh.has(path) || isNamed(elements, ran)) return []
    if (isClosed(elements) && !isThere(truth, objectIn(elements))) return []
    return [`${nameOf(elements)} is still there, and nothing says so (${ran.job.outcome})`]
  })
}

/**
 * Nobody is let in who may not. What a run could not look at stays as it was, which is all that can be done for it; then the run says so.
 * Of a list of members that is short without saying so nothing is known.
 */
function tooOpen({ truth, flavour }: Lane, { ran, before, trouble }: Disturbed): readonly string[] {
  if (trouble.some((each) => lieAbout(each) === 'people')) return []
  const stored = new Map([...ran.stored].map(([path, elements]) => [objectIn(elements), { path, elements }]))
  const emitted = [...stored].flatMap(([id, { elements }]) =>
    truth.node(id) ? [{ id, permissions: permissionsIn(elements) }] : [],
  )
  return audit(truth, emitted, spellings[flavour]).wrong.flatMap(({ kind, who, operation, id, page }) => {
    const { path, elements } = stored.get(id)!
    const old = before.get(path)
    const isAsBefore = old !== undefined && isSame(permissionsIn(old), permissionsIn(elements))
    const isSaid = hasFailed(ran) || isNamed(elements, ran)
    return kind === 'under-grant' || (isAsBefore && isSaid) ? [] : [`${who} may ${operation} "${page}"`]
  })
}

const hasFailed = ({ job }: Ran) => job.outcome === 'failed' && job.error !== undefined

/** By itself, or with all of its space or kind. */
function isNamed(elements: readonly Element[], { notDone }: Ran): boolean {
  const { type = 'page' } = locatorOf(elements)
  return notDone.some(({ document, error }) => {
    const [kind, name] = document.id.split('/').slice(-2)
    if (kind === 'space' || error?.code === 'confluence.space.left_out')
      return document.space === spaceOf(elements)
    if (kind === 'comments-of') return document.space === spaceOf(elements) && type === 'comment'
    if (name === 'blogposts') return type === 'blogpost' || type === 'comment'
    return name === objectIn(elements)
  })
}

const sourceOf = ([first]: readonly Element[]) => first!.metadata.data_source!
const locatorOf = (elements: readonly Element[]) => sourceOf(elements).record_locator!
const objectIn = (elements: readonly Element[]) => String(locatorOf(elements).document_id)
const spaceOf = (elements: readonly Element[]) => String(locatorOf(elements).space_id)
const objectOf = ({ id }: DocumentRef) => id.split('/').at(-1)!
const nameOf = (elements: readonly Element[]) => new URL(sourceOf(elements).url!).pathname

function permissionsIn(elements: readonly Element[]): DocumentPermissions {
  const { permissions_data: data, permissions_status: status } = sourceOf(elements)
  return { data, status } as DocumentPermissions
}

const isComplete = (elements: readonly Element[]) => permissionsIn(elements).status === 'complete'

const isClosed = (elements: readonly Element[]) =>
  permissionsIn(elements).data.every((entry) =>
    Object.values(entry).every(({ users, groups }) => users.length + groups.length === 0),
  )

/** Without what the permissions say, and without labels and ancestors, which come by the same questions. */
function bare(elements: readonly Element[]): unknown {
  return elements.map(({ metadata: { data_source, labels: _, ancestors: __, ...metadata }, ...element }) => {
    const entries = Object.entries(data_source ?? {}).filter(([name]) => !name.startsWith('permissions_'))
    return { ...element, metadata, source: Object.fromEntries(entries) }
  })
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The first place where they differ. */
function difference(one: readonly Element[], other: readonly Element[]): string {
  const [left, right] = [JSON.stringify(bare(one)), JSON.stringify(bare(other))]
  if (left === right) return `has other permissions (${permissionsIn(one).status})`
  let at = 0
  while (left[at] === right[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60)
  return `has ${around(left)} instead of ${around(right)}`
}
