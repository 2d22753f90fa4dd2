/**
 * Does a page show other pages? Told from its body without parsing it, since every body is looked at.
 *
 * @module
 */

import { showsOtherPages } from './storage-format/macros/rules.ts'

const nameStart = 'ac:name="'

/** Whether a body holds a macro that shows other pages, which have to be known before it can be rendered. Searched plainly: every body is. */
export function looksAround(body: string): boolean {
  for (let at = body.indexOf(nameStart); at >= 0; at = body.indexOf(nameStart, at)) {
    at += nameStart.length
    const end = body.indexOf('"', at)
    if (end > at && showsOtherPages(body.slice(at, end))) return true
  }
  return false
}
