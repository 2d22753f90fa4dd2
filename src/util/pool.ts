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
  const running = new Set<Promise<void>>()
  return {
    async add(task) {
      while (running.size >= limit) await Promise.race(running)
      const run = task().finally(() => running.delete(run))
      running.add(run)
    },
    async drain() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
