/**
 * What every partitioner does at its end: languages, file name and type, ids, parents.
 *
 * @module
 */

import { hash } from 'node:crypto'
import { assignLanguages } from '../kit/languages.ts'
import type { Element } from '../model/element.ts'
import { assignElementIds } from '../model/element-id.ts'
import { assignParents, assignParentsThrough } from '../model/hierarchy.ts'

export interface FinishOptions {
  readonly mode: 'enhanced' | 'compat'
  /** File name for metadata and ids; a name only. */
  readonly filename?: string
  /** MIME type for metadata. */
  readonly filetype?: string
  readonly languages: readonly string[]
  readonly detectLanguagePerElement: boolean
}

/** Completes the elements in place. Those of a file inside the file (`attached_to_filename`) keep their own names and languages. */
export async function finish(
  elements: Element[],
  { mode, filename, filetype, languages, detectLanguagePerElement }: FinishOptions,
): Promise<Element[]> {
  const own = elements.filter(({ metadata }) => metadata.attached_to_filename === undefined)
  await assignLanguages(own, { languages, perElement: detectLanguagePerElement })
  for (const { metadata } of own) {
    if (filename !== undefined) metadata.filename = filename
    if (filetype !== undefined) metadata.filetype = filetype
  }
  assignElementIds(own)
  distinguish(elements)
  if (mode === 'compat') assignParents(elements)
  else assignParentsThrough(own)
  return elements
}

/** Files inside a file got their ids by themselves, so two of one name may have the same; the later one gets another. */
function distinguish(elements: readonly Element[]): void {
  const occurrences = new Map<string, number>()
  const renamed = new Map<string, string>()
  for (const element of elements) {
    const { element_id: id, metadata } = element
    // A parent stands before its children, so the last that had the id is the one that is meant.
    const parent = metadata.parent_id && renamed.get(metadata.parent_id)
    if (parent) metadata.parent_id = parent
    const occurrence = occurrences.get(id) ?? 0
    occurrences.set(id, occurrence + 1)
    if (occurrence === 0) continue
    element.element_id = hash('sha256', `${id}${occurrence}`, 'hex').slice(0, 32)
    renamed.set(id, element.element_id)
  }
}
