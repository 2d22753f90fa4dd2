/**
 * What an OOXML package says of itself.
 *
 * @module
 */

import { parseOffice } from './namespaces.ts'
import { relatedPart, relationshipsOf } from './relationships.ts'
import { childOf, textOf } from './xml.ts'
import type { Zip } from './zip.ts'

/** Year to second, and perhaps a time zone. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/

/**
 * When the document was saved last, as its program wrote it: `2026-11-25T09:30:00Z`. Undefined when it does not say.
 *
 * @param what the format, for messages
 * @throws {OutflowError} kind `content`
 */
export async function lastModified(archive: Zip, what: string): Promise<string | undefined> {
  const part = relatedPart(await relationshipsOf(archive, '', what), 'core-properties')
  const text = part === undefined ? undefined : await archive.text(part)
  if (text === undefined) return undefined
  const modified = textOf(childOf(parseOffice(text, what), 'dcterms:modified')).trim()
  return dateTime.test(modified) ? modified : undefined
}
