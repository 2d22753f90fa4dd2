/**
 * The door of a process that does work and answers no requests of users: alive, ready, numbers.
 *
 * @module
 */

import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Door } from './context.ts'
import { healthRoutes } from './routes/health.ts'
import type { Server, ServerOptions } from './server.ts'
import { useSchemas } from './validation.ts'

/** Everything but listening. */
export async function createMonitor({
  platform,
  metrics,
}: Pick<ServerOptions, 'platform' | 'metrics'>): Promise<Server> {
  const closing = new AbortController()
  const server: Door = fastify({
    logger: false,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>()
  useSchemas(server)
  healthRoutes(server, { platform, metrics, closing: closing.signal })
  server.addHook('preClose', async () => closing.abort())
  await server.ready()
  return { listen: (place) => server.listen(place), close: () => server.close() }
}
