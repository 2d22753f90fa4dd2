/**
 * A pipe in front of a sandbox through which every list asks for a few items only, so that a small wiki has lists of several pages, as
 * a large one has. Everything else passes as it is: resets and silence, too.
 *
 * @module
 */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Narrow {
  readonly origin: string
  close(): Promise<void>
}

/** @param most given a request line, how many items it may ask for */
export async function narrow(url: string, most: (line: string) => number): Promise<Narrow> {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const site = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, site],
      [site, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.resetAndDestroy())
      socket.on('close', () => {
        open.delete(socket)
        other.end()
      })
    }
    // A request's head comes in one piece from the client that is tried here.
    client.on('data', (bytes) => site.write(lessIn(bytes, most)))
    site.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function lessIn(bytes: Buffer, most: (line: string) => number): Buffer {
  const text = bytes.toString('latin1')
  const line = /^(?:GET|POST) [^\r]+/.exec(text)?.[0]
  if (line === undefined) return bytes
  const less = line.replace(/([?&]limit=)(\d+)/, (_, name: string, asked: string) => {
    return `${name}${Math.min(Number(asked), most(decodeURIComponent(line)))}`
  })
  return Buffer.from(less + text.slice(line.length), 'latin1')
}
