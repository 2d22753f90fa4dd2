/**
 * One entry a request, for whoever writes logs or counts. No query, no header: both hold secrets at times.
 *
 * @module
 */

import type { Door } from './context.ts'

export interface RequestEntry {
  readonly method: string
  /** The pattern, not the path: `/api/v1/jobs/:job_id`. Missing where no route was meant. */
  readonly route?: string
  readonly status: number
  readonly milliseconds: number
  readonly requestId: string
  readonly keyId?: string
  /** What was answered with a 5xx. */
  readonly error?: unknown
  /** The client went before it was answered. */
  readonly aborted?: true
}

export function logRequests(server: Door, log: ((entry: RequestEntry) => void) | undefined): void {
  server.decorateRequest('trouble', undefined)
  if (!log) return
  server.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      const route = request.routeOptions.url
      log({
        method: request.method,
        ...(route !== undefined && { route }),
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        requestId: request.id,
        ...(request.caller && { keyId: request.caller.keyId }),
        ...(request.trouble !== undefined && { error: request.trouble }),
        ...(!reply.raw.writableFinished && { aborted: true as const }),
      })
    })
  })
}
