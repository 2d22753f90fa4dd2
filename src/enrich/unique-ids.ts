/**
 * Ids of elements that no two documents share, in the form of UUIDs. The same element of the same document gets the same one for ever.
 *
 * @module
 */

import { hash } from 'node:crypto'
import { z } from 'zod'
import { defineStep } from '../kit/define.ts'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'

/** A UUID of version 8: free of form but for the marks of version and variant (RFC 9562, 5.8). */
function uniqueId(documentId: string, elementId: string): string {
  const digits = hash('sha256', `${documentId}\n${elementId}`, 'hex')
  const variant = ((Number.parseInt(digits[16]!, 16) & 0x3) | 0x8).toString(16)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

function identified(element: Element, documentId: string): Element {
  const { element_id, metadata } = element
  const parent = metadata.parent_id
  return {
    ...element,
    element_id: uniqueId(documentId, element_id),
    metadata: parent === undefined ? metadata : { ...metadata, parent_id: uniqueId(documentId, parent) },
  }
}

export default defineStep({
  name: 'unique_ids',
  title: 'Unique element ids',
  settings: z.strictObject({}),
  create: () => ({
    role: 'enrich',
    name: 'unique_ids',
    apply: async (elements: readonly Element[], { id }: Document) =>
      elements.map((element) => identified(element, id)),
  }),
})
