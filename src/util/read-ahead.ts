/**
 * Fetches the next value while the current one is being used.
 *
 * @module
 */

export async function* readAhead<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  const iterator = values[Symbol.asyncIterator]()
  try {
    for (let next = iterator.next(); ; ) {
      const result = await next
      if (result.done) return
      next = iterator.next()
      // Whoever asks for it sees its error; nobody may ever ask.
      next.catch(() => undefined)
      yield result.value
    }
  } finally {
    iterator.return?.()?.catch(() => undefined)
  }
}
