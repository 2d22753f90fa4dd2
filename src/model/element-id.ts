/**
 * Ids of elements: the same document gives the same ids for ever (source: unstructured 0.27, `Element.id_to_hash`).
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Element } from './element.ts'

/**
 * Gives each element its id: the first 32 hex digits of sha256 over file name, text, page number and its place among the elements
 * of its page. What is missing counts as the word `None`. Set file names before, hierarchy after.
 */
export function assignElementIds(elements: readonly Element[]): void {
  const seen = new Map<number | undefined, number>()
  for (const element of elements) {
    const { filename, page_number: page } = element.metadata
    const sequence = seen.get(page) ?? 0
    seen.set(page, sequence + 1)
    const identity = `${filename ?? 'None'}${element.text}${page ?? 'None'}${sequence}`
    element.element_id = hash('sha256', identity, 'hex').slice(0, 32)
  }
}
