/**
 * Where and how we talk to a site: what both flavours of the API stand on.
 *
 * @module
 */

import type { HttpClient, HttpRequest, HttpResponse } from '../../kit/http.ts'
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

/**
 * A list's page, tried once: `undefined` when the site could not build it, or did not get it across. A site that asks for patience, or
 * is away for the moment, gets it.
 */
export async function heavyPage<Body>(
  http: HttpClient,
  request: HttpRequest,
  alsoBroken: readonly number[] = [],
): Promise<HttpResponse<Body> | undefined> {
  const accept = [...tooHeavy, ...alsoBroken]
  try {
    const response = await http.json<Body>({ ...request, accept })
    return accept.includes(response.status) ? undefined : response
  } catch (thrown) {
    if (thrown instanceof OutflowError && notAcross.includes(thrown.code)) return undefined
    throw thrown
  }
}

/** What a site answers when a list is too heavy for it, or one item in it breaks the rest. A smaller list may do. */
const tooHeavy: readonly number[] = [500, 502, 504]

/** The answer took too long, or broke off on its way. */
const notAcross: readonly string[] = ['http.timeout', 'http.connection_broken', 'http.truncated']

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
