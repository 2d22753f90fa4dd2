/**
 * A proxy in front of a sandbox that changes its listings on the way: for what no server would do on purpose.
 *
 * @module
 */

import type { Sandbox } from '../../src/sandbox/index.ts'
import { type Loopback, serve } from '../support/loopback.ts'

interface WireListing {
  results: { readonly id: string }[]
  _links: { next?: string }
  nextCursor?: string
}

/** @param change told the path with its query; changes the listing in place */
export function rewriting(
  { url }: Sandbox,
  change: (listing: WireListing, path: string) => void,
): Promise<Loopback> {
  return serve(async ({ method, path, headers, body }, response) => {
    const { authorization = '', accept = '*/*' } = headers
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { authorization, accept, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
      ...(body === '' ? {} : { body }),
      redirect: 'manual',
    })
    const text = await answer.text()
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(isListing(text) ? rewritten(text, (listing) => change(listing, path)) : text)
  })
}

const isListing = (text: string) => text.startsWith('{') && text.includes('"results":[')

function rewritten(text: string, change: (listing: WireListing) => void): string {
  const listing = JSON.parse(text) as WireListing
  change(listing)
  return JSON.stringify(listing)
}
