/**
 * What asking again for known documents stands on.
 *
 * @module
 */

import type { IndexContext, Revisited } from '../../model/contracts.ts'
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
