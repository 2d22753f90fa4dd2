/**
 * Chunks of as many elements as fit.
 *
 * @module
 */

import { defineStep } from '../kit/define.ts'
import { chunkElements } from './chunk.ts'
import { settings } from './options.ts'

/** `basic({max_characters: 1500})` */
export default defineStep({
  name: 'basic',
  title: 'Chunks by size',
  settings: settings.basic,
  flags: 'chunk',
  create: (given) => ({
    role: 'chunk',
    name: 'basic',
    apply: (elements) => chunkElements(elements, { strategy: 'basic', ...given }),
  }),
})
