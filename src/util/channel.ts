/**
 * A queue between code that pushes and a consumer that pulls.
 *
 * @module
 */

export interface Channel<Value> extends AsyncIterable<Value> {
  push(value: Value): void
  /** Nothing more will come; the consumer still gets what is queued. */
  end(): void
}

/** For one consumer. Unbounded: meant for small values whose number the producer bounds itself. */
export function createChannel<Value>(): Channel<Value> {
  let queue: Value[] = []
  let ended = false
  let wake: (() => void) | undefined

  function signal(): void {
    wake?.()
    wake = undefined
  }

  async function* drain(): AsyncGenerator<Value> {
    for (;;) {
      const batch = queue
      queue = []
      for (const value of batch) yield value
      if (queue.length > 0) continue
      if (ended) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    push(value) {
      queue.push(value)
      signal()
    },
    end() {
      ended = true
      signal()
    },
    [Symbol.asyncIterator]: drain,
  }
}
