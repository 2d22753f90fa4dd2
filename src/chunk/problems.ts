/**
 * What can be wrong with chunks that are read.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'

/** `orig_elements` that nothing can be read from. */
export function damagedOriginals(cause: unknown): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'chunk.orig_elements',
    message:
      'The elements that a chunk was made of cannot be read: orig_elements is damaged, or far too large.',
    fix: 'Chunk the document again.',
    cause,
  })
}
