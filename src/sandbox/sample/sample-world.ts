/**
 * The hand-written wiki: some sixty pages in four spaces that show everything a wiki can hold.
 *
 * @module
 */

import type { MemoryWorld } from '../memory-world.ts'
import { addEngineering } from './engineering.ts'
import { addHandbook } from './handbook.ts'
import type { Flavour } from './markup.ts'
import { addPersonalSpace } from './personal.ts'
import { addRiders } from './riders.ts'
import { emptySample } from './sample.ts'

/**
 * Makes the sample anew; it can be changed like any world in memory. On Data Center people are named by user key, what roles grant
 * is granted by permissions, folders are pages, and there are no whiteboards, databases and embeds. Default: Cloud.
 */
export function sampleWorld({ flavour = 'cloud' }: { readonly flavour?: Flavour } = {}): MemoryWorld {
  const sample = emptySample(flavour)
  addHandbook(sample)
  addEngineering(sample)
  addRiders(sample)
  addPersonalSpace(sample)
  sample.world.deleteGroup(sample.groups.nightWatch)
  return sample.world
}
