/**
 * How a request is told in one line.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'

/** What is asked, as a person reads it: `GET /path?query`, decoded where it can be. */
export function requestLine({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): string {
  try {
    return `${method} ${decodeURIComponent(url.replaceAll('+', ' '))}`
  } catch {
    return `${method} ${url}`
  }
}
