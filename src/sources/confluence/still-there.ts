/**
 * Whether a space can still be seen: where it cannot, a listing that ends early looks like one that ends.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { ConfluenceApi, Space } from './api.ts'

/** @throws {OutflowError} kind `permission`: the space was there before and is not any more */
export async function confirmVisible(
  spaces: ConfluenceApi['spaces'],
  space: Space,
  { signal }: CallContext,
): Promise<void> {
  const { key } = space
  for await (const each of spaces({ keys: [key], archived: true }, { signal })) if (each.key === key) return
  throw outOfSight(space)
}

export function outOfSight({ key, name }: Space): OutflowError {
  return new OutflowError({
    kind: 'permission',
    code: 'confluence.space.gone',
    message: `Space ${key} (${name}) went out of sight while it was being listed.`,
    fix: 'It was deleted, or the account lost its view permission. Have a space administrator restore it, or take the space out of `spaces`.',
  })
}
