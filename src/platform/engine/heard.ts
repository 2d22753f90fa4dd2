/**
 * Parcels whose outcome was heard, and is told to nobody yet. They count as heard in the same transaction that writes down what is told of
 * them: if the worker dies in between, the next one hears them again.
 *
 * @module
 */

import type { RunEvent } from '../../model/events.ts'

export interface Heard {
  /** @param last of the events that the outcome of this parcel consists of */
  add(last: RunEvent, parcel: number): void
  /** The parcel that ends with this event. */
  endingWith(event: RunEvent): number | undefined
  /** It is written down. */
  settle(parcels: readonly number[]): void
  unsettled(): readonly number[]
}

export function createHeard(): Heard {
  const endings = new WeakMap<RunEvent, number>()
  const unsettled = new Set<number>()
  return {
    add(last, parcel) {
      endings.set(last, parcel)
      unsettled.add(parcel)
    },
    endingWith: (event) => endings.get(event),
    settle(parcels) {
      for (const parcel of parcels) unsettled.delete(parcel)
    },
    unsettled: () => [...unsettled],
  }
}
