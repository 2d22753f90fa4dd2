/**
 * Every error's way out: which status, and which body. Clients of the reference retry a 5xx for half an hour, so a 5xx is only what a
 * retry may cure: our own database out of reach, or a bug.
 *
 * @module
 */

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { asOutflowError, OutflowError } from '../model/errors.ts'
import type { Door } from './context.ts'
import type { ErrorBody } from './wire/errors.ts'

interface Answer {
  readonly status: number
  readonly body: ErrorBody
}

/** Where the code says more than the kind. */
const statusOfCode: Readonly<Record<string, number>> = {
  'connector.in_use': 409,
  'connector.key_taken': 409,
  'connector.type_unknown': 422,
  'request.method_not_allowed': 405,
  'request.too_large': 413,
  'settings.invalid': 412,
  'upload.too_large': 413,
  'workflow.key_taken': 409,
}

/** The reference's own sentences: people search for them. */
const sentences: Readonly<Record<string, string>> = {
  'key.missing': 'API key is missing, please provide an API key in the header.',
  'key.malformed': 'API key is malformed, please type the API key correctly in the header.',
  'request.path_unknown': 'Not Found',
  'request.method_not_allowed': 'Method Not Allowed',
}

/** Answers everything that is thrown on the way to an answer, and every path that there is not. */
export function answerErrors(server: Door): void {
  server.setErrorHandler(sendError)
  server.setNotFoundHandler((request, reply) => sendError(pathUnknown(), request, reply))
}

/** For whatever Fastify finds wrong before a route is known. */
export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = answerTo(thrown, request.id)
  if (status >= 500) request.trouble = thrown
  void reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('x-request-id', request.id)
    .serializer(JSON.stringify)
    .send(body)
}

/** The answer to an error, whatever was thrown. */
export function answerTo(thrown: unknown, requestId: string): Answer {
  const error = fromFastify(thrown) ?? asOutflowError(thrown)
  const status = statusOf(error)
  // What a bug says may hold anything; it goes to the log.
  const message = status === 500 ? 'Internal Server Error' : error.message
  const detail = status === 422 && error.fields.length > 0 ? problemsOf(error) : sentences[error.code]
  return {
    status,
    body: {
      detail: detail ?? message,
      ...(status === 412 && { errors: fieldsOf(error) }),
      code: error.code,
      message,
      ...(error.fix !== undefined && status !== 500 && { fix: error.fix }),
      request_id: requestId,
    },
  }
}

function statusOf({ kind, code, fields }: OutflowError): number {
  if (Object.hasOwn(statusOfCode, code)) return statusOfCode[code]!
  if (/^(state|queue|secrets)\./.test(code)) return 503
  if (kind === 'bug') return 500
  if (isOfOtherSystem(code)) return kind === 'missing' ? 404 : kind === 'config' ? 412 : 424
  switch (kind) {
    case 'missing':
      return 404
    case 'credentials':
      return 401
    case 'permission':
      return 403
    case 'throttled':
      return 429
    case 'transient':
      return 503
    case 'config':
      return code.startsWith('connector.') || isOfConnector(fields) ? 412 : 422
    case 'content':
      return 422
  }
}

/** What a source or a destination did: never the caller's key, never our own trouble. */
const isOfOtherSystem = (code: string) => /^(http|confluence|postgres|files)\./.test(code)

/** Of a connector's settings, whatever found the fault. */
const isOfConnector = (fields: OutflowError['fields']) =>
  fields.length > 0 && fields.every(({ field }) => field.startsWith('config.'))

const fieldsOf = ({ fields, message }: OutflowError) =>
  fields.length > 0 ? [...fields] : [{ field: 'config', message }]

/** `body`, `query`, `path`, `header`: fields of anything else are the body's. */
const problemsOf = ({ fields }: OutflowError) =>
  fields.map(({ field, message }) => {
    const place = field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const isWhole = ['body', 'query', 'path', 'header'].includes(String(place[0]))
    return {
      loc: isWhole ? place : ['body', ...place],
      msg: message,
      type: message === 'Field required' ? 'missing' : 'value_error',
    }
  })

/** What Fastify and its plugins throw has a status of its own. */
function fromFastify(thrown: unknown): OutflowError | undefined {
  if (thrown instanceof OutflowError || !(thrown instanceof Error)) return undefined
  const { statusCode = 500, message, code } = thrown as FastifyError
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH' || statusCode === 404)
    return pathUnknown()
  if (statusCode === 413) return tooLarge()
  if (statusCode < 400 || statusCode >= 500) return undefined
  return new OutflowError({
    kind: 'config',
    code: 'request.invalid',
    message: `The request cannot be read: ${message.replace(/\.+$/, '')}.`,
    cause: thrown,
  })
}

const pathUnknown = () =>
  new OutflowError({
    kind: 'missing',
    code: 'request.path_unknown',
    message: 'There is nothing at this path.',
    fix: 'All paths are listed at /docs.',
  })

/** @param what names the limit: `10 MB a file` */
export const tooLarge = (what?: string) =>
  new OutflowError({
    kind: 'config',
    code: 'request.too_large',
    message: `The request is too large${what === undefined ? '' : `: at most ${what}`}.`,
    fix: 'Send less at once.',
  })

declare module 'fastify' {
  interface FastifyRequest {
    /** What was answered with a 5xx, for the log. */
    trouble: unknown
  }
}
