/**
 * Uploads on the wire.
 *
 * @module
 */

import { z } from 'zod'
import type { Upload } from '../../platform/platform.ts'
import { mostUploads } from '../../platform/upload-files.ts'
import { flag, given, list, number } from './lenient.ts'

/** A file of a form, as `forms.ts` reads it. */
const File = z
  .custom<Upload>((value) => typeof value === 'object' && value !== null && 'content' in value)
  .meta({ type: 'string', format: 'binary' })

export const CreateJob = z
  .object({
    request_data: z.string({ error: 'Field required' }).meta({
      description:
        'JSON: {"template_id": "…"} or {"job_nodes": [{"name", "type", "subtype", "settings"}, …]}.',
    }),
    input_files: z.array(File).max(mostUploads).optional(),
  })
  .meta({ id: 'CreateJob' })

export const RunWorkflow = z
  .object({ input_files: z.array(File).max(mostUploads).optional() })
  .nullish()
  .meta({ id: 'RunWorkflow' })

const strategies = ['auto', 'fast', 'hi_res', 'ocr_only'] as const
const chunkers = ['basic', 'by_title', 'by_page', 'by_similarity'] as const

/** How the file is read: parameters of the reference's endpoint that mean something here. */
const reading = {
  strategy: z.enum(strategies).optional(),
  languages: list
    .optional()
    .meta({ description: 'Of the document, as ISO 639-3 codes; detected when left out.' }),
  ocr_languages: list.optional(),
  coordinates: flag.optional(),
  include_page_breaks: flag.optional(),
  xml_keep_tags: flag.optional(),
  include_slide_notes: flag.optional(),
  extract_image_block_types: list.optional(),
  starting_page_number: number.optional(),
}

/** How it is cut to chunks. */
const cutting = {
  max_characters: number.optional(),
  new_after_n_chars: number.optional(),
  overlap: number.optional(),
  overlap_all: flag.optional(),
  include_orig_elements: flag.optional(),
  combine_under_n_chars: number.optional(),
  multipage_sections: flag.optional(),
  similarity_threshold: z.coerce.number().optional(),
}

export const PartitionFile = z
  .object({
    files: z.array(File).length(1, { error: 'exactly one file is needed' }),
    output_format: z.enum(['application/json', 'text/csv']).optional(),
    content_type: z.string().optional().meta({ description: 'In place of what the file part says.' }),
    encoding: z.string().optional(),
    unique_element_ids: z.string().optional(),
    chunking_strategy: z.enum(chunkers).optional(),
    ...reading,
    ...cutting,
  })
  .meta({ id: 'PartitionFile' })

type PartitionFields = z.output<typeof PartitionFile>

/** Settings of the partitioner, as the form has them. */
export function readingSettings(form: PartitionFields): Record<string, unknown> {
  const { extract_image_block_types: types } = form
  return { ...given(pick(form, reading)), ...(types && { extract_image_block_to_payload: true }) }
}

/** The chunker and its settings, where there is to be one. */
export function chunkingOf({ chunking_strategy: strategy, ...form }: PartitionFields) {
  if (strategy === undefined) return undefined
  const { combine_under_n_chars: combine_text_under_n_chars, ...cut } = pick(form, cutting)
  return { strategy, settings: given({ ...cut, combine_text_under_n_chars }) }
}

const pick = (form: Readonly<Record<string, unknown>>, names: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, form[name]]))
