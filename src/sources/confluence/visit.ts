/**
 * What asking again for known documents stands on.
 *
 * @module
 */

import type { IndexContext, Known, Revisited } from '../../model/contracts.ts'
import { type OutflowError, reportError } from '../../model/errors.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import type { ConfluenceSettings } from './config.ts'
import type { Survey } from './survey.ts'
import type { Wiki } from './wiki.ts'

export interface Revisit {
  readonly wiki: Wiki
  readonly settings: ConfluenceSettings
  readonly survey: Survey
  readonly context: IndexContext
}

/** An answer, without the id of the document that it is about. */
export type Answer = Revisited extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never

/**
 * It could not be found out what became of it: that is said, for there may be news of it.
 *
 * @param permissions who may read it now, where that is known
 */
export const failedAnswer = (
  { document, place }: Known,
  error: OutflowError,
  permissions?: DocumentPermissions,
): Answer => ({
  found: { type: 'failed', document, place, error: reportError(error), ...(permissions && { permissions }) },
})
