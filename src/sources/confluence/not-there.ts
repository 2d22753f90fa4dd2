/**
 * Things that a site still answers for although they are gone: what is in the trash, or is not what was asked for.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'

/** Drafts, trashed and deleted content are not part of the wiki. */
export function isAlive(status: string | undefined): boolean {
  return status === undefined || status === 'current' || status === 'archived'
}

export function notThere(id: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'confluence.content.not_there',
    message: `There is no page or post ${id} any more: it is a draft, in the trash, or something else.`,
    fix: 'Restore it in Confluence, or give the address of another page.',
  })
}
