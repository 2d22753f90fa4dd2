/**
 * How Cloud words its errors: v1, v2 and the gateway each in a shape of their own, unknown addresses as a page for people.
 *
 * @module
 */

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { notFound, Problem } from '../problem.ts'

type Shape = (problem: Problem) => object

export const v1Error: Shape = ({ status, message }) => ({
  statusCode: status,
  data: {
    authorized: status !== 401 && status !== 403,
    valid: status !== 400,
    errors: [{ message: { translation: message, args: [] } }],
    successful: false,
  },
  message,
})

export const v2Error: Shape = ({ status, code, message }) => ({
  errors: [{ status, code, title: message, detail: null }],
})

/** Answers what routes and hooks of this plugin throw, in this shape. */
export function shapeErrors(app: FastifyInstance, shape: Shape): void {
  app.setErrorHandler<FastifyError | Problem>((error, _request, reply) => {
    const problem = error instanceof Problem ? error : problemOf(error)
    return reply.code(problem.status).headers(problem.headers).send(shape(problem))
  })
}

/** Fastify's own refusals (a body that is no JSON) keep their status; anything else is ours. */
function problemOf(error: FastifyError): Problem {
  const status = error.statusCode ?? 500
  if (status < 500) return new Problem(status, 'INVALID_MESSAGE', error.message)
  return new Problem(500, 'INTERNAL_SERVER_ERROR', error.message)
}

/** Addresses that this part of the API does not have are its own kind of error. */
export function refuseUnknown(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw notFound()
  })
}

/** A page for people, where no API answers. */
export function answerUnknown(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => sendPage(reply))
}

const sendPage = (reply: FastifyReply) =>
  reply
    .code(404)
    .type('text/html; charset=UTF-8')
    .send(
      '<!DOCTYPE html><html lang="en"><head><title>Page unavailable</title></head><body><h1>Your page was not found</h1></body></html>',
    )
