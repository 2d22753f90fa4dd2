/**
 * Small real servers on loopback, for tests of what happens on the wire.
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Seen {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Milliseconds, monotonic. */
  readonly at: number
}

export interface Loopback {
  readonly origin: string
  /** Every request that arrived, in order. */
  readonly seen: readonly Seen[]
  /** How many connections were opened. */
  connections(): number
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Given the request and how many came before it. */
export type Handler = (seen: Seen, response: ServerResponse, index: number) => void | Promise<void>

export async function serve(handler: Handler): Promise<Loopback> {
  const seen: Seen[] = []
  let connections = 0
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = request
    const entry = { method, path, headers, body: Buffer.concat(chunks).toString(), at: performance.now() }
    const index = seen.push(entry) - 1
    await handler(entry, response, index)
  }
  const server = createServer((request, response) => void receive(request, response))
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
    close,
    [Symbol.asyncDispose]: close,
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function sendHtml(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Readonly<Record<string, string>> = {},
) {
  response.writeHead(status, { 'content-type': 'text/html;charset=UTF-8', ...headers })
  response.end(html)
}
