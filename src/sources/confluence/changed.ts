/**
 * Pages that were written anew between two looks at them: new words may be for fewer readers than those established for the old ones.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'

export function changedMeanwhile({
  title,
  url,
}: {
  readonly title: string
  readonly url: string
}): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.page.changed',
    message: `"${title}" (${url}) was changed while it was being read, and so were its readers.`,
    fix: 'Run again: the next run reads both anew.',
  })
}
