/**
 * A PostgreSQL with pgvector behind a real socket, on any machine: PGlite, speaking the wire protocol to one client at a time.
 *
 * @module
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

export interface PgvectorServer {
  readonly url: string
  /** Past the socket. */
  readonly db: PGlite
  /** Resolves when nobody is connected, and nothing of theirs is open. */
  left(): Promise<void>
  close(): Promise<void>
}

/** @param withVector whether the extension is there to be installed. Default true */
export async function startPgvector({ withVector = true } = {}): Promise<PgvectorServer> {
  const db = await PGlite.create(withVector ? { extensions: { vector } } : {})
  const talks = new Map<Socket, Promise<void>>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    talks.set(
      socket,
      serve(socket, db).finally(() => talks.delete(socket)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `postgres://postgres:any@127.0.0.1:${port}/postgres`,
    db,
    async left() {
      while (talks.size > 0) await Promise.all(talks.values())
    },
    async close() {
      server.close()
      for (const socket of talks.keys()) socket.destroy()
      await Promise.all(talks.values())
      await db.close()
    },
  }
}

/** There is one session for all who come: what one leaves open is rolled back for the next. */
async function serve(socket: Socket, db: PGlite): Promise<void> {
  try {
    await converse(socket, db)
  } catch {
    // The client hung up in the middle of something.
  } finally {
    socket.destroy()
    await db.exec('rollback')
  }
}

/** Hands over whole messages, one after the other, and sends back what each of them gives. */
async function converse(socket: Socket, db: PGlite): Promise<void> {
  let bytes = Buffer.alloc(0)
  let started = false
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk])
    for (;;) {
      const length = messageLength(bytes, started)
      if (length > bytes.length) break
      const message = bytes.subarray(0, length)
      bytes = bytes.subarray(length)
      if (started && message[0] === goodbye) return
      if (!started && message.readInt32BE(4) === requestForTls) socket.write('N')
      else {
        started = true
        socket.write(await db.execProtocolRaw(message))
      }
    }
  }
}

const goodbye = 'X'.charCodeAt(0)
const requestForTls = 80877103

/** Of the message that begins there; more than there are bytes while its head is incomplete. The first has no byte for its type. */
function messageLength(bytes: Buffer, started: boolean): number {
  const head = started ? 1 : 0
  return bytes.length < head + 4 ? Number.POSITIVE_INFINITY : head + bytes.readInt32BE(head)
}
