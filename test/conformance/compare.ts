/**
 * Compares elements with the ones the reference made: types, texts, ids and all metadata.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import type { Element } from '../../src/model/element.ts'

/** An element as the reference's recordings hold it. */
export type Recorded = Omit<Element, 'type'> & {
  readonly type: string
  /** The label came from a stand-in for the language model: narrative and uncategorized are one. */
  readonly _type_from_nlp_stub?: boolean
}

/** What depends on the machine that recorded it. */
const ignored: ReadonlySet<string> = new Set(['file_directory', 'last_modified'])
const proseOrNot: ReadonlySet<string> = new Set(['NarrativeText', 'UncategorizedText'])

function sameType(element: Element, recorded: Recorded): boolean {
  if (element.type === recorded.type) return true
  return (
    recorded._type_from_nlp_stub === true && proseOrNot.has(element.type) && proseOrNot.has(recorded.type)
  )
}

function metadataDifference(element: Element, recorded: Recorded): string | undefined {
  const keys = new Set([...Object.keys(element.metadata), ...Object.keys(recorded.metadata)])
  for (const key of keys) {
    const [ours, theirs] = [element.metadata[key], recorded.metadata[key]]
    if (!ignored.has(key) && !isDeepStrictEqual(ours, theirs))
      return `metadata.${key}: ${JSON.stringify(ours)}, expected ${JSON.stringify(theirs)}`
  }
  return undefined
}

function elementDifference(element: Element, recorded: Recorded): string | undefined {
  if (!sameType(element, recorded)) return `type: ${element.type}, expected ${recorded.type}`
  if (element.text !== recorded.text)
    return `text: ${JSON.stringify(element.text)}, expected ${JSON.stringify(recorded.text)}`
  if (element.element_id !== recorded.element_id)
    return `element_id: ${element.element_id}, expected ${recorded.element_id}`
  return metadataDifference(element, recorded)
}

/** The first difference in words; undefined when there is none. */
export function firstDifference(
  elements: readonly Element[],
  recorded: readonly Recorded[],
): string | undefined {
  for (const [index, element] of elements.entries()) {
    const expected = recorded[index]
    const difference = expected && elementDifference(element, expected)
    if (difference !== undefined) return `element ${index}: ${difference}`
  }
  if (elements.length === recorded.length) return undefined
  return `${elements.length} elements, expected ${recorded.length}`
}
