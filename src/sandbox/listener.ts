/**
 * One origin on loopback: a port that listens, and later the routes behind it.
 *
 * @module
 */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import { OutflowError } from '../model/errors.ts'

/** Bodies to be converted may be long. In bytes. */
const largestBody = 32 * 1024 * 1024

export interface Listener {
  readonly server: Server
  /** Scheme, host and port, no slash at the end. */
  readonly origin: string
  /** Ends all connections and gives the port back. */
  close(): Promise<void>
}

/**
 * Listens before anything is served: routes have to know their own address. Port 0 stands for any that is free.
 *
 * @throws {OutflowError} `sandbox.port.unusable`
 */
export async function listen(port: number): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 60_000 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(unusable(port, cause)))
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return {
    server,
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const unusable = (port: number, cause: Error) =>
  new OutflowError({
    kind: 'config',
    code: 'sandbox.port.unusable',
    message: `The sandbox cannot listen on port ${port} of 127.0.0.1: ${cause.message}.`,
    fix: 'Stop what uses the port, choose another one, or leave it out to take any that is free.',
    cause,
  })

/** Puts routes behind the port. */
export async function serve(
  { server }: Listener,
  register: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: largestBody,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
  })
  register(app)
  await app.ready()
  server.on('request', (request, response) => app.routing(request, response))
  return app
}
