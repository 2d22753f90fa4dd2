/**
 * Waiting that can be cancelled.
 *
 * @module
 */

/** Timers know no more milliseconds than this (25 days), and fire at once instead. */
const longest = 2 ** 31 - 1

/** Resolves after so many seconds; rejects at once with the signal's reason when it is aborted. */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const finish = () => {
      signal.removeEventListener('abort', cancel)
      resolve()
    }
    const timer = setTimeout(finish, Math.min(seconds * 1000, longest))
    const cancel = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', cancel, { once: true })
  })
}
