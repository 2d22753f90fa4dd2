/**
 * Errors as Data Center's REST API words them.
 *
 * @module
 */

import { STATUS_CODES } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound, Problem } from '../problem.ts'

export const noContent = (id: string) => notFound(`No content found with id: ContentId{id=${id}}`)
export const noSpace = (key: string) => notFound(`No space found with key : ${key}`)
export const forbidden = (message: string) => new Problem(403, 'FORBIDDEN', message)

/** Turns what routes throw into answers; HTML where the problem says so. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((thrown: Error & { statusCode?: number }, _request, reply) => {
    const status = thrown instanceof Problem ? thrown.status : (thrown.statusCode ?? 500)
    const headers = thrown instanceof Problem ? thrown.headers : {}
    const asPage = headers['content-type']?.startsWith('text/html') === true
    const body = asPage ? thrown.message : problemBody(status, thrown.message)
    return reply.code(status).headers(headers).send(body)
  })
  app.setNotFoundHandler(noSuchRoute)
}

function problemBody(status: number, message: string) {
  return {
    statusCode: status,
    data: {
      authorized: status !== 403,
      valid: true,
      allowedInReadOnlyMode: true,
      errors: [],
      successful: false,
    },
    message,
    reason: STATUS_CODES[status] ?? 'Error',
  }
}

/** What the REST layer answers where no resource is (newer routes on an older version, nonsense), and the site elsewhere. */
export function noSuchRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(404)
  if (!request.url.includes('/rest/')) return reply.type('text/html;charset=UTF-8').send(pageNotFound)
  const message = `null for uri: ${request.protocol}://${request.host}${request.url}`
  return reply.send({ message, 'status-code': 404 })
}

const pageNotFound =
  '<!doctype html><html><head><title>Page Not Found - Confluence</title></head><body><h1>Page Not Found</h1></body></html>'
