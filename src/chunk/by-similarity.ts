/**
 * Chunks of texts that are alike, by their embeddings.
 *
 * @module
 */

import { defineStep } from '../kit/define.ts'
import { chunkElements } from './chunk.ts'
import { requireEmbedder, settings } from './options.ts'

/** `bySimilarity({similarity_threshold: 0.7}, {embed})`. Without an embedder it is refused. */
export default defineStep({
  name: 'by_similarity',
  title: 'Chunks by similarity',
  settings: settings.by_similarity,
  flags: 'chunk',
  create: (given, { embed }) => {
    const embedder = requireEmbedder(embed)
    return {
      role: 'chunk',
      name: 'by_similarity',
      apply: (elements) => chunkElements(elements, { strategy: 'by_similarity', embed: embedder, ...given }),
    }
  },
})
