/**
 * Exit codes, so that a scheduler knows what to do without reading.
 *
 * @module
 */

import type { ErrorKind } from '../model/errors.ts'
import type { JobFinished } from '../model/events.ts'

export const exitCodes = {
  /** Everything asked for is done. */
  done: 0,
  /** Unexpected: a bug, or unclassified. */
  unexpected: 1,
  /** Usage or configuration is wrong: fix it. */
  usage: 2,
  /** Finished, but some documents did not arrive, or removals wait for a decision. */
  incomplete: 3,
  /** Sign-in or permission refused: renew. */
  refused: 4,
  /** Source or destination unreachable, or throttled beyond patience: run again later. */
  unreachable: 5,
  /** Stopped by the person: run again. */
  interrupted: 130,
} as const

const byKind: Readonly<Record<ErrorKind, number>> = {
  config: exitCodes.usage,
  credentials: exitCodes.refused,
  permission: exitCodes.refused,
  missing: exitCodes.usage,
  throttled: exitCodes.unreachable,
  transient: exitCodes.unreachable,
  content: exitCodes.unexpected,
  bug: exitCodes.unexpected,
}

export const exitCodeOfError = (kind: ErrorKind): number => byKind[kind]

/** @param tolerated share of found documents that may be missing without being an incomplete run, 0 to 1 */
export function exitCodeOfJob({ outcome, coverage, held, error }: JobFinished, tolerated: number): number {
  if (outcome === 'stopped') return exitCodes.interrupted
  if (outcome === 'failed') return error ? exitCodeOfError(error.kind) : exitCodes.unexpected
  const missing = coverage.failed + coverage.not_permitted
  return held > 0 || missing > coverage.found * tolerated ? exitCodes.incomplete : exitCodes.done
}
