/**
 * Server-sent events: numbered, so that a client that lost its connection goes on where it was.
 * Source: html.spec.whatwg.org, "Server-sent events".
 *
 * @module
 */

import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { JobEvent } from '../platform/platform.ts'

/** Proxies close a connection on which nothing comes for long. */
const patience = 15_000

/**
 * An answer that goes on until the job has ended, or the client or the server goes.
 *
 * @param events is given the signal that ends it
 */
export function streamEvents(
  reply: FastifyReply,
  closing: AbortSignal,
  events: (signal: AbortSignal) => AsyncIterable<JobEvent>,
): FastifyReply {
  const signal = AbortSignal.any([closing, goneSignal(reply)])
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache, no-transform')
      .header('x-accel-buffering', 'no')
      // Nothing comes after it, and a server that closes waits for connections that are kept.
      .header('connection', 'close')
      .send(Readable.from(textOf(events(signal), signal)))
  )
}

/** Aborted when the client has gone. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

async function* textOf(events: AsyncIterable<JobEvent>, signal: AbortSignal): AsyncGenerator<string> {
  yield ': the story of a job\n\n'
  const iterator = events[Symbol.asyncIterator]()
  try {
    let next = iterator.next()
    while (!signal.aborted) {
      const result = await orNothing(next, signal)
      if (result === undefined) {
        yield ': still here\n\n'
        continue
      }
      if (result.done) return
      yield eventText(result.value)
      if (result.value.event.type === 'job.finished') return
      next = iterator.next()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

/** `undefined` when it takes too long, or is not wanted any more. */
async function orNothing<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  const { promise: nothing, resolve } = Promise.withResolvers<undefined>()
  const stop = () => resolve(undefined)
  const timer = setTimeout(stop, patience)
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([value, nothing])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

export const eventText = ({ number, at, event }: JobEvent) =>
  `id: ${number}\nevent: ${event.type}\ndata: ${JSON.stringify({ at: at.toISOString(), ...event })}\n\n`
