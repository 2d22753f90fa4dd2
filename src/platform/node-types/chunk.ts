/**
 * Chunkers: elements put together, or cut, to pieces of a size. Defaults are those of the reference's own forms.
 *
 * @module
 */

import { z } from 'zod'
import type { FieldProblem } from '../../model/errors.ts'
import { loadPlugin } from '../../registry.ts'
import { flag, share, unusedSecret, whole, words } from './fields.ts'
import { defineNodeType, type NodeType } from './node-type.ts'

interface Sizes {
  readonly most: number
  readonly soft: number
  readonly overlap: number
}

const common = ({ most, soft, overlap }: Sizes) =>
  z.object({
    unstructured_api_url: words().exactOptional(),
    unstructured_api_key: unusedSecret().exactOptional(),
    include_orig_elements: flag().default(false),
    max_characters: whole(1).default(most),
    new_after_n_chars: whole(0).default(soft),
    overlap: whole(0).default(overlap),
    overlap_all: flag().default(false),
    contextual_chunking_strategy: z.literal('v1').exactOptional(),
  })

const usual: Sizes = { most: 2048, soft: 1500, overlap: 160 }

const byTitle = common(usual).extend({
  multipage_sections: flag().default(true),
  combine_text_under_n_chars: whole(0).default(0),
})

const bySimilarity = common({ most: 500, soft: 500, overlap: 0 }).extend({
  similarity_threshold: share(0.01, 0.99).default(0.5),
})

interface Sized {
  readonly max_characters: number
  readonly overlap: number
  readonly combine_text_under_n_chars?: number
  readonly contextual_chunking_strategy?: string
}

/** Sizes that no chunk could have. */
function check({
  max_characters: most,
  overlap,
  combine_text_under_n_chars: combined = 0,
  contextual_chunking_strategy: context,
}: Sized) {
  const problems: FieldProblem[] = []
  if (overlap >= most)
    problems.push({ field: 'overlap', message: `Less than max_characters, which is ${most}.` })
  if (combined > most)
    problems.push({
      field: 'combine_text_under_n_chars',
      message: `No more than max_characters, which is ${most}.`,
    })
  if (context !== undefined)
    problems.push({
      field: 'contextual_chunking_strategy',
      message: 'Not built yet: no model writes contexts. Leave it out.',
    })
  return problems
}

/** What the plugin takes of a node's settings; the rest is about the reference's own service. */
function chunkerSettings<Given extends z.output<ReturnType<typeof common>>>({
  unstructured_api_url: _,
  unstructured_api_key: __,
  contextual_chunking_strategy: ___,
  ...settings
}: Given) {
  return settings
}

export const chunkTypes: readonly NodeType[] = [
  defineNodeType({
    type: 'chunk',
    subtype: 'chunk_by_character',
    role: 'chunk',
    settings: common(usual),
    check,
    open: async (given) => [(await loadPlugin('step', 'basic'))(chunkerSettings(given))],
  }),
  defineNodeType({
    type: 'chunk',
    subtype: 'chunk_by_title',
    role: 'chunk',
    settings: byTitle,
    check,
    open: async (given) => [(await loadPlugin('step', 'by_title'))(chunkerSettings(given))],
  }),
  defineNodeType({
    type: 'chunk',
    subtype: 'chunk_by_page',
    role: 'chunk',
    settings: common({ most: 500, soft: 50, overlap: 30 }),
    check,
    open: async (given) => [(await loadPlugin('step', 'by_page'))(chunkerSettings(given))],
  }),
  defineNodeType({
    type: 'chunk',
    // Not built yet: there is no embedder that it could ask.
    subtype: 'chunk_by_similarity',
    role: 'chunk',
    settings: bySimilarity,
    check,
  }),
]
