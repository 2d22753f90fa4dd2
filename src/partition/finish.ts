/**
 * What every partitioner does at its end: languages, file name and type, ids, parents.
 *
 * @module
 */

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
  assignElementIds(elements)
  if (mode === 'compat') assignParents(elements)
  else assignParentsThrough(elements)
  return elements
}
