/**
 * An error on the wire: the reference's `detail` for its clients, and what makes it usable beside it.
 *
 * @module
 */

import { z } from 'zod'

const Problem = z.object({
  loc: z
    .array(z.union([z.string(), z.int()]))
    .meta({ description: 'Where: `["body", "workflow_nodes", 0, "subtype"]`.' }),
  msg: z.string(),
  type: z.string(),
})

export const ErrorBody = z
  .object({
    detail: z
      .union([z.string(), z.array(Problem)])
      .meta({ description: 'What happened; of an invalid request, each problem by itself.' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With status 412: what is wrong with which field of a connector.' }),
    code: z.string().meta({ description: 'Stable. Each code has a paragraph in docs/errors.md.' }),
    message: z.string().meta({ description: 'One sentence: what happened, to what.' }),
    fix: z.string().optional().meta({ description: 'What to do next, and who can.' }),
    request_id: z.string(),
  })
  .meta({ id: 'Error' })

export type ErrorBody = z.output<typeof ErrorBody>

const meanings = {
  401: 'No key, or one that is not valid.',
  403: 'The key lacks the scope.',
  404: 'There is no such thing, or it belongs to another workspace.',
  409: 'Something else stands against it.',
  412: 'The connector cannot work with these settings.',
  413: 'Too large.',
  422: 'The request is not valid.',
  424: 'A source or a destination refused, or could not be reached.',
  429: 'Too much at once.',
  500: 'A bug.',
  503: 'The database cannot be reached; try again.',
} as const

type ErrorStatus = keyof typeof meanings

const always = [401, 403, 422, 429, 500, 503] as const satisfies readonly ErrorStatus[]

const answer = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})

/** All answers of a route: its own, and its errors. */
export function responses<Success extends Record<number, unknown>>(
  success: Success,
  ...more: readonly ErrorStatus[]
) {
  const failures = [...always, ...more].map((status) => [status, answer(meanings[status], ErrorBody)])
  return { ...success, ...(Object.fromEntries(failures) as Record<string, never>) }
}
