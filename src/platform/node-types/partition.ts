/**
 * Partitioners, as the contract knows them: by strategy. Strategies are ways to read pictures of pages; whatever is text comes out the same
 * with each.
 *
 * @module
 */

import { z } from 'zod'
import { encodingNamed } from '../../kit/encodings.ts'
import type { Step } from '../../model/contracts.ts'
import { partitionedTypes } from '../../model/partitioned-types.ts'
import type { PartitionInput } from '../../partition/options.ts'
import { loadPlugin } from '../../registry.ts'
import { flag, list, unusedSecret, words } from './fields.ts'
import { defineNodeType, type NodeType } from './node-type.ts'

const strategies = ['auto', 'fast', 'hi_res', 'ocr_only', 'od_only', 'vlm'] as const

const settings = z.object({
  strategy: z.enum(strategies).default('auto'),
  include_page_breaks: flag().default(false),
  pdf_infer_table_structure: flag().default(false),
  exclude_elements: list(z.enum(partitionedTypes)).default([]),
  xml_keep_tags: flag().default(false),
  encoding: z
    .string()
    .refine((name) => encodingNamed(name) !== undefined, 'No encoding that is known by this name.')
    .default('utf-8'),
  ocr_languages: list(words()).default(['eng']),
  extract_image_block_types: list(words()).default([]),
  infer_table_structure: flag().default(false),
  coordinates: flag().default(false),
  unique_element_ids: flag().default(false),
})

const modelSettings = z.object({
  strategy: z.enum(strategies).exactOptional(),
  provider: z.enum(['auto', 'anthropic', 'bedrock', 'openai', 'vertexai']).default('anthropic'),
  /** No model reads text, so that nobody needs it. */
  provider_api_key: unusedSecret().exactOptional(),
  model: words().default('claude-sonnet-4-20250514'),
  output_format: z.enum(['text/html', 'application/json']).default('text/html'),
  format_html: flag().default(true),
  unique_element_ids: flag().default(true),
  is_dynamic: flag().default(true),
  allow_fast: flag().default(true),
})

export const partitionTypes: readonly NodeType[] = [
  defineNodeType({
    type: 'partition',
    subtype: 'unstructured_api',
    role: 'partition',
    settings,
    open: ({ strategy, exclude_elements, extract_image_block_types, unique_element_ids, ...given }) =>
      open({
        partition: {
          ...{ strategy: ours[strategy], encoding: given.encoding, ocr_languages: given.ocr_languages },
          ...{ include_page_breaks: given.include_page_breaks, coordinates: given.coordinates },
          xml_keep_tags: given.xml_keep_tags,
          extract_image_block_types: extract_image_block_types.map(capitalised),
          // Whoever asks for their blocks wants the pictures.
          extract_image_block_to_payload: extract_image_block_types.length > 0,
        },
        exclude_elements,
        unique_element_ids,
      }),
  }),
  defineNodeType({
    type: 'partition',
    subtype: 'vlm',
    role: 'partition',
    settings: modelSettings,
    open: ({ unique_element_ids }) => open({ partition: {}, exclude_elements: [], unique_element_ids }),
  }),
]

/** No model comes with Outflow, so those that need one read what can be read without. */
const ours = {
  auto: 'auto',
  fast: 'fast',
  hi_res: 'hi_res',
  ocr_only: 'ocr_only',
  od_only: 'hi_res',
  vlm: 'auto',
} as const satisfies Record<(typeof strategies)[number], string>

interface Chosen {
  /** Settings of the partitioner. */
  readonly partition: PartitionInput
  readonly exclude_elements: z.output<typeof settings>['exclude_elements']
  readonly unique_element_ids: boolean
}

async function open({ partition, exclude_elements, unique_element_ids }: Chosen): Promise<readonly Step[]> {
  const steps: Step[] = [(await loadPlugin('step', 'auto'))(partition)]
  if (exclude_elements.length > 0)
    steps.push((await loadPlugin('step', 'exclude'))({ elements: exclude_elements }))
  if (unique_element_ids) steps.push((await loadPlugin('step', 'unique_ids'))({}))
  return steps
}

const capitalised = (type: string) => type.charAt(0).toUpperCase() + type.slice(1).toLowerCase()
