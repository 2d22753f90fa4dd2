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
    const { page_number: page } = element.metadata
    const sequence = seen.get(page) ?? 0
    seen.set(page, sequence + 1)
    element.element_id = elementId(element, sequence)
  }
}

/** The id of an element, by its place among the elements of its page: 0 for the first. */
export function elementId({ text, metadata }: Element, sequence: number): string {
  const { filename, page_number: page } = metadata
  const identity = `${filename ?? 'None'}${text}${page ?? 'None'}${sequence}`
  return hash('sha256', identity, 'hex').slice(0, 32)
}
