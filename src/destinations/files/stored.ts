/**
 * Files of elements, read back to give them other permissions.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import type { DataSource, Element } from '../../model/element.ts'
import { OutflowError } from '../../model/errors.ts'
import { type DocumentPermissions, permissionFields } from '../../model/permissions.ts'

/** @throws {OutflowError} kind `missing`: the file is not there, or is not what was written */
export async function readElements(path: string): Promise<readonly Element[]> {
  try {
    const text = await readFile(path, 'utf8')
    if (path.endsWith('.json')) return JSON.parse(text) as Element[]
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Element]))
  } catch (cause) {
    throw new OutflowError({
      kind: 'missing',
      code: 'files.not_there',
      message: `The file ${path} is not there any more, or is not as it was written.`,
      fix: 'The document is processed again.',
      cause,
    })
  }
}

/** The same elements with these permissions and nothing else changed; one data source is shared by all, as when they were made. */
export function withPermissions(
  elements: readonly Element[],
  permissions: DocumentPermissions,
): readonly Element[] {
  const before = elements[0]?.metadata.data_source
  if (before === undefined) return elements
  const {
    permissions_data: _,
    permissions_status: __,
    permissions_reason: ___,
    permissions_rules: ____,
    ...rest
  } = before
  const source: DataSource = { ...rest, ...permissionFields(permissions) }
  return elements.map((element) => ({ ...element, metadata: { ...element.metadata, data_source: source } }))
}
