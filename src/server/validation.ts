/**
 * Requests against their schemas: every problem is named at once, with its place.
 *
 * @module
 */

import { serializerCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { OutflowError } from '../model/errors.ts'
import type { Door } from './context.ts'

/** As the wire calls the parts of a request. */
const parts: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

export function useSchemas(server: Door): void {
  server.setValidatorCompiler<z.ZodType>(({ schema, httpPart = 'body' }) => (data: unknown) => {
    const result = schema.safeParse(data, { error: missing })
    if (result.success) return { value: result.data }
    return { error: invalid(parts[httpPart] ?? httpPart, result.error.issues) }
  })
  server.setSerializerCompiler(serializerCompiler)
}

/** No body at all comes as `null`. */
const missing: z.core.$ZodErrorMap = ({ code, input, path = [] }) =>
  code === 'invalid_type' && (input === undefined || (input === null && path.length === 0))
    ? 'Field required'
    : undefined

function invalid(part: string, issues: readonly z.core.$ZodIssue[]): OutflowError {
  const fields = issues.map(({ path, message }) => ({ field: [part, ...path].join('.'), message }))
  return new OutflowError({
    kind: 'config',
    code: 'request.invalid',
    message: `The request is not valid: ${fields.map(({ field, message }) => `${field}: ${message}`).join('; ')}.`,
    fix: 'The schema of each request is at /docs.',
    fields,
  })
}
