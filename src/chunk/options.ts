/**
 * Settings of the chunkers, under the names and with the defaults of the reference (unstructured 0.27, `chunking`), and the rules that
 * follow from them.
 *
 * @module
 */

import { z } from 'zod'
import { parseSettings, setting } from '../kit/define.ts'
import type { Embed } from '../model/contracts.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { characters, type Measure } from './measure.ts'
import { tokenizers, tokenMeasure } from './tokens.ts'

const whole = (least: number) => z.int().min(least)

const sizes = {
  max_characters: setting(whole(1).exactOptional(), {
    description: 'No chunk has more characters. 500 where nothing else is said.',
    example: '1500',
  }),
  max_tokens: setting(whole(1).exactOptional(), {
    description: 'No chunk has more tokens; instead of max_characters, and with tokenizer.',
  }),
  tokenizer: setting(z.enum(tokenizers).exactOptional(), {
    description: 'How tokens are counted, as tiktoken names its encodings.',
  }),
  include_orig_elements: setting(z.boolean().default(true), {
    description: 'Keep the elements that a chunk was made of in metadata.orig_elements, compressed.',
  }),
}

const tables = {
  repeat_table_headers: setting(z.boolean().default(true), {
    description: 'When a table is cut, repeat its header rows in each piece.',
  }),
  isolate_table: setting(z.boolean().default(true), {
    description: 'A table is a chunk of its own, never put together with text.',
  }),
  skip_table_chunking: setting(z.boolean().default(false), {
    description: 'Leave tables as they are, however large.',
  }),
}

const usual = {
  ...sizes,
  new_after_n_chars: setting(whole(0).exactOptional(), {
    description:
      'A chunk with more characters than this takes no further element; 0 = one element per chunk.',
  }),
  new_after_n_tokens: setting(whole(0).exactOptional(), {
    description: 'As new_after_n_chars, in tokens; with max_tokens.',
  }),
  overlap: setting(whole(0).default(0), {
    description: 'How many characters (with max_tokens: tokens) the pieces of a text that is cut share.',
  }),
  overlap_all: setting(z.boolean().default(false), {
    description: 'Chunks of whole elements share as much, too.',
  }),
  ...tables,
}

const title = {
  multipage_sections: setting(z.boolean().default(true), {
    description: 'A section goes on over the end of a page.',
  }),
  combine_text_under_n_chars: setting(whole(0).exactOptional(), {
    description:
      'Sections shorter than this are put together with the next; 0 = never. As max_characters where nothing is said.',
  }),
}

const similarity = {
  similarity_threshold: setting(z.number().min(0.01).max(0.99).default(0.5), {
    description:
      'How alike two texts have to be to stand in one chunk: 0.01 = hardly, 0.99 = almost the same.',
  }),
}

/** Any strategy's settings, as far as they depend on one another. */
interface Related {
  readonly max_characters?: number
  readonly max_tokens?: number
  readonly tokenizer?: string
  readonly new_after_n_tokens?: number
  readonly overlap?: number
  readonly combine_text_under_n_chars?: number
  readonly isolate_table: boolean
  readonly skip_table_chunking: boolean
}

const usualSize = 500

const sizeOf = ({ max_tokens, max_characters }: Related) => max_tokens ?? max_characters ?? usualSize

/** What no chunk could keep to, by the setting to change. */
function* contradictions(given: Related): Generator<readonly [setting: string, problem: string]> {
  const most = sizeOf(given)
  if (given.max_tokens !== undefined && given.max_characters !== undefined)
    yield ['max_tokens', 'excludes max_characters']
  if (given.max_tokens !== undefined && given.tokenizer === undefined)
    yield ['tokenizer', 'needed for max_tokens']
  if (given.new_after_n_tokens !== undefined && given.max_tokens === undefined)
    yield ['new_after_n_tokens', 'needs max_tokens']
  if ((given.overlap ?? 0) >= most) yield ['overlap', `must be less than ${most}, the size of a chunk`]
  if ((given.combine_text_under_n_chars ?? 0) > most)
    yield ['combine_text_under_n_chars', `must be no more than ${most}, the size of a chunk`]
  if (given.skip_table_chunking && !given.isolate_table) yield ['skip_table_chunking', 'needs isolate_table']
}

function related(given: Related, context: z.RefinementCtx): void {
  for (const [name, message] of contradictions(given))
    context.addIssue({ code: 'custom', path: [name], message })
}

/** The settings of each strategy. */
export const settings = {
  basic: z.strictObject(usual).superRefine(related),
  by_title: z.strictObject({ ...usual, ...title }).superRefine(related),
  by_page: z.strictObject(usual).superRefine(related),
  by_similarity: z.strictObject({ ...sizes, ...similarity, ...tables }).superRefine(related),
} as const

export type Strategy = keyof typeof settings

/** What only code can give. */
interface ChunkHooks {
  /** A sentence or two on where a chunk stands in its document: its text becomes `Prefix: <context>; Original: <text>`. */
  readonly context?: (chunk: Element) => string | undefined | Promise<string | undefined>
  /** For `by_similarity`, which cannot do without. */
  readonly embed?: Embed
}

/** A strategy and its settings. */
export type ChunkOptions = ChunkHooks &
  { [Name in Strategy]: { readonly strategy: Name } & z.input<(typeof settings)[Name]> }[Strategy]

/** What chunks are made by: settings with everything in place. */
export interface Rules {
  readonly strategy: Strategy
  readonly measure: Measure
  /** No chunk is larger. */
  readonly most: number
  /** A chunk that is larger takes no further element. */
  readonly soft: number
  readonly overlap: number
  /** How much chunks of whole elements share. */
  readonly overlapAll: number
  /** Sections below this size are put together; 0 = never. */
  readonly combineUnder: number
  readonly multipageSections: boolean
  readonly similarityThreshold: number
  readonly includeOriginals: boolean
  readonly repeatTableHeaders: boolean
  readonly isolateTable: boolean
  readonly skipTableChunking: boolean
}

/** @throws {OutflowError} kind `config`, code `settings.invalid` or `chunk.no_embedder` */
export async function rulesOf({ strategy, context: _, embed, ...input }: ChunkOptions): Promise<Rules> {
  const given = parseSettings('step', { name: strategy, settings: settings[strategy], flags: false }, input)
  if (strategy === 'by_similarity') requireEmbedder(embed)
  const most = sizeOf(given)
  const soft = 'new_after_n_chars' in given || 'new_after_n_tokens' in given ? softSize(given) : undefined
  const overlap = 'overlap' in given ? given.overlap : 0
  return {
    strategy,
    measure:
      given.max_tokens === undefined || given.tokenizer === undefined
        ? characters
        : await tokenMeasure(given.tokenizer),
    most,
    soft: Math.min(soft ?? most, most),
    overlap,
    overlapAll: 'overlap_all' in given && given.overlap_all ? overlap : 0,
    combineUnder: 'multipage_sections' in given ? (given.combine_text_under_n_chars ?? most) : 0,
    multipageSections: !('multipage_sections' in given) || given.multipage_sections,
    similarityThreshold: 'similarity_threshold' in given ? given.similarity_threshold : 0,
    includeOriginals: given.include_orig_elements,
    repeatTableHeaders: given.repeat_table_headers,
    isolateTable: given.isolate_table,
    skipTableChunking: given.skip_table_chunking,
  }
}

interface SoftSizes {
  readonly max_tokens?: number
  readonly new_after_n_chars?: number
  readonly new_after_n_tokens?: number
}

const softSize = ({ max_tokens, new_after_n_chars, new_after_n_tokens }: SoftSizes) =>
  max_tokens === undefined ? new_after_n_chars : new_after_n_tokens

/** @throws {OutflowError} kind `config`, code `chunk.no_embedder`, when there is none */
export function requireEmbedder(embed: Embed | undefined): Embed {
  if (embed !== undefined) return embed
  throw new OutflowError({
    kind: 'config',
    code: 'chunk.no_embedder',
    message: 'Chunks by similarity need an embedder, and none was given.',
    fix: 'Give one in code, bySimilarity({…}, { embed }), or choose another strategy: basic, by_title, by_page.',
  })
}
