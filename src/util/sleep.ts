/**
 * Waiting that can be cancelled.
 *
 * @module
 */

/** Resolves after so many seconds; rejects at once with the signal's reason when it is aborted. */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const finish = () => {
      signal.removeEventListener('abort', cancel)
      resolve()
    }
    const timer = setTimeout(finish, seconds * 1000)
    const cancel = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', cancel, { once: true })
  })
}
