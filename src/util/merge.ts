/**
 * Several streams as one, a bounded number of them at a time. Each is asked for its next value only when its last one was taken.
 *
 * @module
 */

interface Arrival<Value> {
  readonly stream: AsyncIterator<Value>
  readonly result: IteratorResult<Value>
}

/**
 * Order between the streams is not kept, within each it is. The first error of any ends all. When the signal is aborted, waiting ends
 * at once with its reason, and the streams are asked to return.
 *
 * @param streams started in this order, when there is room
 * @param limit streams at the same time
 */
export async function* merge<Value>(
  streams: Iterable<() => AsyncIterable<Value>>,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  const waiting = streams[Symbol.iterator]()
  const running = new Map<AsyncIterator<Value>, Promise<Arrival<Value>>>()
  const aborted = whenAborted(signal)

  const advance = (stream: AsyncIterator<Value>) =>
    running.set(
      stream,
      stream.next().then((result) => ({ stream, result })),
    )

  function fill(): void {
    while (running.size < limit) {
      const next = waiting.next()
      if (next.done) return
      advance(next.value()[Symbol.asyncIterator]())
    }
  }

  try {
    for (fill(); running.size > 0; fill()) {
      const { stream, result } = await Promise.race([...running.values(), aborted.promise])
      // Values that are there already would win every race.
      signal.throwIfAborted()
      running.delete(stream)
      if (result.done) continue
      // Back to the end of the line, so that no stream keeps the others waiting.
      advance(stream)
      yield result.value
    }
  } finally {
    aborted.forget()
    for (const [stream, next] of running) {
      next.catch(() => undefined)
      stream.return?.()?.catch(() => undefined)
    }
  }
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', stop) }
}
