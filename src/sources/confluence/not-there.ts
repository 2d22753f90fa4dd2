/**
 * Things that a site still answers for although they are not to be had: in the trash, not what was asked for, or without a body.
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

/** A body that did not come along is not an empty one. */
export function withoutBody({ title, url }: { readonly title: string; readonly url: string }): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.body.missing',
    message: `Confluence gave no body for "${title}" (${url}).`,
    fix: 'Open the page in a browser. If it shows there, save it once and run again.',
  })
}
