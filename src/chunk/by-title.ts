/**
 * Chunks that begin with titles: no chunk spans two sections, unless they are short.
 *
 * @module
 */

import { defineStep } from '../kit/define.ts'
import { chunkElements } from './chunk.ts'
import { settings } from './options.ts'

/** `byTitle({max_characters: 1500})` */
export default defineStep({
  name: 'by_title',
  title: 'Chunks by title',
  settings: settings.by_title,
  flags: 'chunk',
  create: (given) => ({
    role: 'chunk',
    name: 'by_title',
    apply: (elements) => chunkElements(elements, { strategy: 'by_title', ...given }),
  }),
})
