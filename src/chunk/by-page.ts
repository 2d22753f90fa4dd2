/**
 * Chunks that begin with pages: no chunk spans two of them.
 *
 * @module
 */

import { defineStep } from '../kit/define.ts'
import { chunkElements } from './chunk.ts'
import { settings } from './options.ts'

/** `byPage({max_characters: 1500})` */
export default defineStep({
  name: 'by_page',
  title: 'Chunks by page',
  settings: settings.by_page,
  flags: 'chunk',
  create: (given) => ({
    role: 'chunk',
    name: 'by_page',
    apply: (elements) => chunkElements(elements, { strategy: 'by_page', ...given }),
  }),
})
