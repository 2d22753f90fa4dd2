/**
 * Where and how we talk to a site: what both flavours of the API stand on.
 *
 * @module
 */

import type { HttpClient } from '../../kit/http.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Site } from './api.ts'

export interface Seat {
  readonly http: HttpClient
  /** The same site as visitors meet it: without credentials. */
  readonly visitor: HttpClient
  readonly site: Site
  /** Path in front of `/rest/api` and `/api/v2`, no slash at the end: `/wiki`, `/ex/confluence/{cloudId}/wiki`, ``. */
  readonly apiPath: string
}

/** What a site answers when a list is too heavy for it, or one item in it breaks the rest. A smaller list may do. */
export const tooHeavy: readonly number[] = [500, 502, 504]

/** Whether a thrown error says that the answer took too long. */
export function isTimeout(thrown: unknown): boolean {
  return thrown instanceof OutflowError && thrown.code === 'http.timeout'
}

/** Whether an error concerns one thing alone; anything else (sign-in, settings, throttling) has to stop the run. */
export function isLocal(thrown: unknown): thrown is OutflowError {
  if (!(thrown instanceof OutflowError)) return false
  return ['permission', 'missing', 'content', 'transient'].includes(thrown.kind)
}

/** Splits ids into bulks, for queries that take a bounded number. */
export function bulks<Value>(values: readonly Value[], size: number): Value[][] {
  const parts: Value[][] = []
  for (let start = 0; start < values.length; start += size) parts.push(values.slice(start, start + size))
  return parts
}
