/**
 * Items that are listed twice: the last one of a page comes again at the head of the page after it.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import { type Answer, listingOf, withResults } from './answers.ts'

export interface Echoes {
  /** Keeps the last item of this answer for the page after it. */
  keep(answer: Answer): void
  /** The payload that goes out instead: with what was kept of the page before, once. */
  repeat(answer: Answer): unknown
  /** Nothing that was kept comes any more. */
  forget(): void
}

/** The last item of a page, until the page after it is asked for. */
interface Echo {
  readonly item: unknown
  /** Where its page began. */
  readonly position: string
}

export function createEchoes(): Echoes {
  const echoes = new Map<string, Echo>()
  return {
    forget: () => echoes.clear(),
    keep(answer) {
      const listing = listingOf(answer)
      if (listing === undefined || listing.results.length === 0) return
      const { list, position } = placeOf(answer.request)
      echoes.set(list, { item: listing.results.at(-1), position })
    },
    repeat(answer) {
      const { list, position } = placeOf(answer.request)
      const echo = echoes.get(list)
      // The same page may be asked for again, with a smaller limit; the beginning is no page after another.
      if (echo === undefined || position === '' || position === echo.position) return answer.payload
      const listing = listingOf(answer)
      if (listing === undefined) return answer.payload
      echoes.delete(list)
      return JSON.stringify(withResults(listing, [echo.item, ...listing.results]))
    },
  }
}

/** Which list a request reads, whatever the page and its size, and where its page begins; empty at the beginning. */
function placeOf({ url }: FastifyRequest): { readonly list: string; readonly position: string } {
  const [path = '', search] = url.split('?')
  const parameters = new URLSearchParams(search)
  const position = parameters.get('cursor') ?? parameters.get('start') ?? ''
  for (const name of ['cursor', 'start', 'limit', 'expand']) parameters.delete(name)
  return { list: `${path}?${parameters.toString()}`, position: position === '0' ? '' : position }
}
