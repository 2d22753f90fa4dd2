/**
 * From what came of a document to what the ledger says of it.
 *
 * @module
 */

import type { Listed, Stored } from '../model/contracts.ts'
import { type Document, documentRef, type Place } from '../model/document.ts'
import type { ErrorReport } from '../model/errors.ts'
import type { RunEvent, Stage } from '../model/events.ts'
import type { DocumentState, LedgerEntry } from '../model/ledger.ts'

export function storedOf(entry: LedgerEntry | undefined): Stored | undefined {
  if (!entry?.delivered) return undefined
  const { version, receipt } = entry.delivered
  return { id: entry.document.id, version, receipt }
}

/** Tells spaces apart: another site has the same ids for other spaces. */
export const spaceOf = ({ site, spaceId }: Place): string => `${site} ${spaceId}`

/** What was delivered, by `spaceOf`. */
export function countBySpace(entries: Iterable<LedgerEntry>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { delivered, place } of entries)
    if (delivered) counts.set(spaceOf(place), (counts.get(spaceOf(place)) ?? 0) + 1)
  return counts
}

export type Subject = Pick<LedgerEntry, 'document' | 'place' | 'version'>
export type Why = { readonly stage?: Stage; readonly error?: ErrorReport; readonly reason?: string }

export const identity = (document: Document): Subject => ({
  document: documentRef(document),
  place: document.place,
  version: document.version,
})

export function whyNot(event: RunEvent): readonly [DocumentState, Why] {
  switch (event.type) {
    case 'document.failed':
      return ['failed', { stage: event.stage, error: event.error }]
    case 'document.not_permitted':
      return ['not_permitted', { error: event.error, reason: event.error.message }]
    case 'document.unsupported':
      return ['unsupported', { reason: event.reason }]
    default:
      throw new Error(`${event.type} is no reason not to be done.`)
  }
}

export function whyNotListed(
  listed: Exclude<Listed, { type: 'document' | 'truncated' }>,
): readonly [DocumentState, Why] {
  switch (listed.type) {
    case 'skipped':
      return ['skipped', { reason: listed.rule }]
    case 'unsupported':
      return ['unsupported', { reason: listed.reason }]
    case 'not_permitted':
      return ['not_permitted', { error: listed.error, reason: listed.error.message }]
    case 'failed':
      return ['failed', { stage: 'index', error: listed.error }]
  }
}

export const isBehindPartitioner = (stage: Stage | undefined) =>
  stage !== undefined && !(['index', 'download', 'partition'] as readonly Stage[]).includes(stage)

/** Whether nothing has to be written: of an unchanged document, nothing is. */
export function sameEntry(before: LedgerEntry | undefined, now: LedgerEntry): boolean {
  if (!before || before.delivered !== now.delivered || before.state !== now.state) return false
  return factsOf(before) === factsOf(now)
}

/** By name, since a database keeps no order of keys. */
function factsOf({ document, place, version, stage, attempts, error, reason }: LedgerEntry): string {
  const { id, kind, title, url, space } = document
  const { site, objectId, spaceId, parentIds } = place
  const named = [id, kind, title, url, space, site, objectId, spaceId, parentIds]
  const said = [error?.kind, error?.code, error?.message, error?.fix]
  return JSON.stringify([named, version, stage, attempts, said, reason])
}
