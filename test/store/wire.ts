/**
 * Something between a client and a real PostgreSQL server: it can change what the server says, and cut the line.
 *
 * @module
 */

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Wire extends AsyncDisposable {
  /** The URL of a database on that server, through here. */
  through(databaseUrl: string): string
  /** Cuts every connection there is; new ones are let through. */
  cut(): void
}

/** @param change of what the server sends */
export async function wireTo(port: number, change: (sent: Buffer) => Buffer = (sent) => sent): Promise<Wire> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => [client, upstream].map((each) => each.destroy()))
    }
    client.pipe(upstream)
    upstream.on('data', (sent) => client.write(change(sent)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    through(databaseUrl) {
      const url = new URL(databaseUrl)
      url.port = String((server.address() as AddressInfo).port)
      return url.href
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
