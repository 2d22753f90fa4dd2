/**
 * Several streams as one, a bounded number of them at a time. Each is asked for its next value only when its last one was taken.
 *
 * @module
 */

type Arrival<Value> =
  | { readonly stream: AsyncIterator<Value>; readonly result: IteratorResult<Value> }
  | { readonly stream: AsyncIterator<Value>; readonly thrown: unknown }

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
  const running = new Set<AsyncIterator<Value>>()
  const arrived: Arrival<Value>[] = []
  let wake: () => void = () => undefined

  function arrive(arrival: Arrival<Value>): void {
    arrived.push(arrival)
    wake()
  }

  function advance(stream: AsyncIterator<Value>): void {
    stream.next().then(
      (result) => arrive({ stream, result }),
      (thrown: unknown) => arrive({ stream, thrown }),
    )
  }

  function fill(): void {
    while (running.size < limit) {
      const next = waiting.next()
      if (next.done) return
      const stream = next.value()[Symbol.asyncIterator]()
      running.add(stream)
      advance(stream)
    }
  }

  /** Not by racing promises: one that stays open for the whole run would hold on to every value that ever won against it. */
  async function nextArrival(): Promise<Arrival<Value>> {
    while (arrived.length === 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    signal.throwIfAborted()
    return arrived.shift()!
  }

  const stop = () => wake()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (fill(); running.size > 0; fill()) {
      const arrival = await nextArrival()
      if ('thrown' in arrival) throw arrival.thrown
      const { stream, result } = arrival
      if (result.done) {
        running.delete(stream)
        continue
      }
      advance(stream)
      yield result.value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    for (const stream of running) stream.return?.()?.catch(() => undefined)
  }
}
