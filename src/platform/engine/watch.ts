/**
 * Looks, while a parcel is in hand, whether its job is still wanted.
 *
 * @module
 */

import type { Store } from '../../store/index.ts'

/** How often, in milliseconds. */
const interval = 1000
/** Whoever stood still for longer has perhaps lost what it has in hand: nothing of it is tried once more. In milliseconds. */
const mostStandstill = 8000
/** How long documents under way may take once no further ones are begun, in milliseconds. */
const grace = 10_000

export interface Watch {
  /** Aborted when no further document is to be begun: its job is to stop, or this process is to end. */
  readonly stop: AbortSignal
  /** Aborted when those under way have had their time, too, or this process stood still. */
  readonly over: AbortSignal
  end(): void
}

/** @param draining aborted when this process is to end */
export function watchForStop({ records }: Pick<Store, 'records'>, job: string, draining: AbortSignal): Watch {
  const stop = new AbortController()
  const over = new AbortController()
  let ending: NodeJS.Timeout | undefined

  function begin(): void {
    if (stop.signal.aborted) return
    stop.abort()
    ending = setTimeout(() => over.abort(), grace)
  }

  let lastLook = performance.now()
  const looking = setInterval(() => {
    if (performance.now() - lastLook > mostStandstill) over.abort()
    lastLook = performance.now()
    records.jobs.find(job).then(
      (row) => {
        if (row?.state !== 'running' || row.cancelRequested) begin()
      },
      // Whoever is to write down what came of it finds out.
      () => {},
    )
  }, interval)
  if (draining.aborted) begin()
  else draining.addEventListener('abort', begin)
  return {
    stop: stop.signal,
    over: over.signal,
    end() {
      clearInterval(looking)
      clearTimeout(ending)
      draining.removeEventListener('abort', begin)
    },
  }
}
