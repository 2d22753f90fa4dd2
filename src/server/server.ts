/**
 * The HTTP door: the Unstructured Platform API over a `Platform`, and what is more. It translates; the rules are the platform's.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import multipart from '@fastify/multipart'
import fastify, { type FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Platform } from '../platform/platform.ts'
import { requireKeys } from './auth.ts'
import { readBodies } from './bodies.ts'
import type { Door, MetricsPage, ServerContext } from './context.ts'
import { answerErrors, sendError } from './errors.ts'
import { logRequests, type RequestEntry } from './log.ts'
import { noteMethods } from './methods.ts'
import { describeApi, serveDescription } from './openapi.ts'
import { onePath, routing } from './paths.ts'
import { apiRoutes, rootRoutes } from './routes/all.ts'
import { useSchemas } from './validation.ts'

export interface ServerOptions {
  readonly platform: Platform
  /** Called for every request, once it is answered. */
  readonly log?: (entry: RequestEntry) => void
  /** Answers `/metrics`. */
  readonly metrics?: () => Promise<MetricsPage>
}

export interface Server {
  /** Begins to listen. @returns the address, with the port that it came to be. */
  listen(place: { readonly host: string; readonly port: number }): Promise<string>
  /** Takes no more requests, ends streams of events, waits for the requests under way. */
  close(): Promise<void>
}

/** Everything but listening. Reads nothing from the environment. */
export async function createServer({ platform, log, metrics }: ServerOptions): Promise<Server> {
  const closing = new AbortController()
  const context: ServerContext = { platform, metrics, closing: closing.signal }
  const server: Door = fastify({
    logger: false,
    bodyLimit: 1_000_000,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    requestIdHeader: false,
    rewriteUrl: onePath,
    routerOptions: routing,
    frameworkErrors: sendError,
  }).withTypeProvider<ZodTypeProvider>()

  const refuseOtherMethods = noteMethods(server)
  server.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  server.addHook('onSend', async (_request, reply) => {
    if (closing.signal.aborted) void reply.header('connection', 'close')
  })
  logRequests(server, log)
  answerErrors(server)
  useSchemas(server)
  readBodies(server)
  requireKeys(server, platform.keys)
  await server.register(multipart)
  await describeApi(server)
  await server.register(
    async (api) => {
      for (const routes of apiRoutes) routes(api.withTypeProvider<ZodTypeProvider>(), context)
    },
    { prefix: '/api/v1' },
  )
  for (const routes of rootRoutes) routes(server, context)
  serveDescription(server)
  refuseOtherMethods()
  server.addHook('preClose', async () => closing.abort())
  await server.ready()

  return {
    listen: (place) => server.listen(place),
    close: () => server.close(),
  }
}

/** The caller's own id of the request, so that its log and ours can be held together; or a new one. */
function requestIdOf({ headers }: Pick<FastifyRequest['raw'], 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}
