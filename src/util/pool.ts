/**
 * Bounded concurrency with back-pressure.
 *
 * @module
 */

export interface Pool {
  /** Starts a task as soon as there is room; resolves when it has been started, not when it is done. Tasks must not throw. */
  add(task: () => Promise<void>): Promise<void>
  /** Resolves when nothing runs any more. */
  drain(): Promise<void>
}

/** @param limit tasks at the same time, at least 1 */
export function createPool(limit: number): Pool {
  let running = 0
  const waiting: (() => void)[] = []

  /** Resolves when the next task ends. Not by racing all that run: that costs each of them a listener for each that is added. */
  const oneEnds = () => new Promise<void>((resolve) => waiting.push(resolve))

  async function start(task: () => Promise<void>): Promise<void> {
    running++
    try {
      await task()
    } finally {
      running--
      for (const wake of waiting.splice(0)) wake()
    }
  }

  return {
    async add(task) {
      while (running >= limit) await oneEnds()
      void start(task)
    },
    async drain() {
      while (running > 0) await oneEnds()
    },
  }
}
