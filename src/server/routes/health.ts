/**
 * For those who operate it: alive, ready, numbers. None of it needs a key, or tells a secret.
 *
 * @module
 */

import { z } from 'zod'
import { reportError } from '../../model/errors.ts'
import type { Routes } from '../context.ts'

const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })

const Readiness = z
  .object({
    status: z.enum(['ok', 'not_ready']),
    reasons: z.array(z.object({ code: z.string(), message: z.string(), fix: z.string().optional() })),
  })
  .meta({ id: 'Readiness' })

export const healthRoutes: Routes = (server, { platform, metrics, closing }) => {
  server.get('/healthz', {
    schema: {
      tags: ['health'],
      operationId: 'health',
      summary: 'Whether this process is alive',
      security: [],
      response: { 200: Health },
    },
    handler: async () => ({ status: 'ok' as const }),
  })

  server.get('/readyz', {
    schema: {
      tags: ['health'],
      operationId: 'readiness',
      summary: 'Whether it can work, and why not',
      security: [],
      response: { 200: Readiness, 503: Readiness },
    },
    handler: async (_request, reply) => {
      const reasons = closing.aborted
        ? [{ code: 'request.server_closing', message: 'The server is closing.' }]
        : await notReady(() => platform.ready())
      if (reasons.length === 0) return { status: 'ok' as const, reasons }
      return reply.code(503).send({ status: 'not_ready', reasons: [...reasons] })
    },
  })

  if (!metrics) return
  server.get('/metrics', {
    schema: { hide: true },
    handler: async (_request, reply) => {
      const { contentType, body } = await metrics()
      return reply.type(contentType).send(body)
    },
  })
}

async function notReady(ready: () => Promise<void>) {
  try {
    await ready()
    return []
  } catch (error) {
    const { code, message, fix } = reportError(error)
    return [fix === undefined ? { code, message } : { code, message, fix }]
  }
}
