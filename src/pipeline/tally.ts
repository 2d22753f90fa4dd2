/**
 * Counts what became of every document, so that the summary adds up by construction.
 *
 * @module
 */

import type { Coverage, NotDone, RunEvent, Truncation } from '../model/events.ts'
import type { PermissionsStatus } from '../model/permissions.ts'

export interface Tally {
  /** Listens to every event of the run. */
  count(event: RunEvent): void
  coverage(): Coverage
  /** Documents that are no part of the source any more; they are in no sum. */
  removals(): { readonly removed: number; readonly held: number }
  truncated(): Readonly<Record<string, Truncation>>
  permissions(): Readonly<Record<PermissionsStatus, number>>
  notDone(): readonly NotDone[]
}

export function createTally(): Tally {
  const coverage = {
    found: 0,
    done: 0,
    access_changed: 0,
    unchanged: 0,
    skipped: 0,
    not_permitted: 0,
    unsupported: 0,
    failed: 0,
  }
  const permissions = { complete: 0, partial: 0, unknown: 0 }
  const removals = { removed: 0, held: 0 }
  const truncated: Record<string, Truncation> = {}
  const notDone: NotDone[] = []

  function count(event: RunEvent): void {
    switch (event.type) {
      case 'document.found':
        coverage.found++
        break
      case 'document.done':
        coverage.done++
        permissions[event.permissions]++
        break
      case 'document.access_changed':
        coverage.access_changed++
        permissions[event.permissions]++
        break
      case 'document.unchanged':
        coverage.unchanged++
        permissions[event.permissions]++
        break
      case 'document.removed':
        removals.removed++
        break
      case 'document.held':
        removals.held++
        notDone.push({ document: event.document, state: 'held', reason: event.message })
        break
      case 'document.skipped':
        coverage.skipped++
        break
      case 'document.not_permitted': {
        const { document, error } = event
        coverage.not_permitted++
        notDone.push({ document, state: 'not_permitted', reason: error.message, error })
        break
      }
      case 'document.unsupported':
        coverage.unsupported++
        notDone.push({ document: event.document, state: 'unsupported', reason: event.reason })
        break
      case 'document.failed': {
        const { document, error, stage } = event
        coverage.failed++
        notDone.push({ document, state: 'failed', reason: error.message, stage, error })
        break
      }
      case 'space.truncated': {
        const { type: _, space, ...truncation } = event
        truncated[space] = truncation
        break
      }
      default:
    }
  }

  return {
    count,
    coverage: () => ({ ...coverage }),
    removals: () => ({ ...removals }),
    truncated: () => ({ ...truncated }),
    permissions: () => ({ ...permissions }),
    notDone: () => notDone,
  }
}
