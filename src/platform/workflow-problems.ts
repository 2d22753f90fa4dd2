/**
 * What is wrong with a workflow that somebody wants to set up.
 *
 * @module
 */

import { type FieldProblem, OutflowError } from '../model/errors.ts'

/** All of it at once. */
export function invalidWorkflow(fields: readonly FieldProblem[]): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'workflow.invalid',
    message: `The workflow cannot be used: ${fields.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
    fix: 'Correct the named fields.',
    fields,
  })
}
