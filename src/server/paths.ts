/**
 * One form for every path: clients that were given `…/api/v1` as the server's address ask for `/api/v1/api/v1/…`, and the
 * documentation's curl leaves out the slash at the end. The router knows one form; the others are turned into it here.
 *
 * @module
 */

import type { IncomingMessage } from 'node:http'

const prefix = '/api/v1'

/** The address as the router knows it. */
export function onePath({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const query = url.indexOf('?')
  let path = query < 0 ? url : url.slice(0, query)
  while (path.startsWith(`${prefix}${prefix}/`)) path = path.slice(prefix.length)
  if (path.startsWith(`${prefix}/general/`)) path = path.slice(prefix.length)
  return query < 0 ? path : path + url.slice(query)
}

/** Router options for the rest: a slash at the end or none, one between parts or two. Ids of documents hold slashes, and are long. */
export const routing = {
  ignoreTrailingSlash: true,
  ignoreDuplicateSlashes: true,
  maxParamLength: 4000,
} as const
