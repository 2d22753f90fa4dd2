/**
 * So many at a time, first come first served.
 *
 * @module
 */

export interface Limiter {
  /** Runs a task when a place is free. A cancelled waiter leaves the queue and never takes a place. */
  run<Result>(signal: AbortSignal, task: () => Promise<Result>): Promise<Result>
}

export function createLimiter(places: number): Limiter {
  let free = places
  const queue = new Set<() => void>()

  function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (free > 0) {
      free--
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        queue.delete(admit)
        reject(signal.reason)
      }
      queue.add(admit)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Hands the place straight to the next in line, so that a newcomer cannot slip in between. */
  function leave() {
    const [next] = queue
    if (next === undefined) {
      free++
      return
    }
    queue.delete(next)
    next()
  }

  return {
    async run(signal, task) {
      await enter(signal)
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}
