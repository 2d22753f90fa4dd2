/**
 * Names of space permissions, in every spelling that sites use, as the operations we compute with.
 *
 * @module
 */

import type { Grant } from './api.ts'

/** `key/targetType` (Cloud's v2 and Data Center's REST) and Data Center's old names. */
const operations: Readonly<Record<string, Grant['operation']>> = {
  'read/space': 'read',
  'create/page': 'create-page',
  'create/blogpost': 'create-blogpost',
  'delete/page': 'delete-page',
  'delete/blogpost': 'delete-blogpost',
  VIEWSPACE: 'read',
  EDITSPACE: 'create-page',
  EDITBLOG: 'create-blogpost',
  REMOVEPAGE: 'delete-page',
  REMOVEBLOG: 'delete-blogpost',
}

/** `undefined` for the many permissions that say nothing about reading, writing or deleting pages. */
export function operationOf(permission: string): Grant['operation'] | undefined {
  return Object.hasOwn(operations, permission) ? operations[permission] : undefined
}
