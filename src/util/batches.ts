/**
 * Values as they come, but several at a time.
 *
 * @module
 */

interface BatchOptions {
  /** Values in one batch. */
  readonly most: number
  /** How long the first of a batch waits for others, in milliseconds. */
  readonly patience: number
}

/** What came before an error is handed over first. The next value is asked for while a batch is being used. */
export async function* inBatches<Value>(
  values: AsyncIterable<Value>,
  { most, patience }: BatchOptions,
): AsyncGenerator<readonly Value[]> {
  const iterator = values[Symbol.asyncIterator]()
  const ask = () => {
    const next = iterator.next()
    // Whoever waits for it sees its error; nobody may ever wait.
    next.catch(() => undefined)
    return next
  }
  try {
    for (let next = ask(); ; ) {
      const first = await next
      if (first.done) return
      const batch = [first.value]
      const over = deadline(patience)
      for (next = ask(); batch.length < most; next = ask()) {
        const result = await Promise.race([next.catch(() => undefined), over.come])
        if (result === undefined || result.done) break
        batch.push(result.value)
      }
      over.clear()
      yield batch
    }
  } finally {
    await iterator.return?.().catch(() => undefined)
  }
}

function deadline(milliseconds: number) {
  const { promise: come, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, milliseconds, undefined)
  return { come, clear: () => clearTimeout(timer) }
}
