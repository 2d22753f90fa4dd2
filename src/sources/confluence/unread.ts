/**
 * What could not be read this time.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'

export function unread(message: string): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'confluence.content.unread',
    message,
    fix: 'Run again later; what was delivered of it before is still there.',
  })
}
