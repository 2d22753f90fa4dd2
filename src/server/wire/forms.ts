/**
 * Uploads on the wire.
 *
 * @module
 */

import { z } from 'zod'
import type { Upload } from '../../platform/platform.ts'
import { mostUploads } from '../../platform/upload-files.ts'

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

export const PartitionFile = z
  .object({
    files: z.array(File).length(1, { error: 'exactly one file is needed' }),
    output_format: z.enum(['application/json', 'text/csv']).optional(),
    chunking_strategy: z.string().optional().meta({ description: 'Not built yet; leave it out.' }),
    content_type: z.string().optional().meta({ description: 'In place of what the file part says.' }),
    encoding: z.string().optional(),
    unique_element_ids: z.string().optional(),
  })
  .meta({ id: 'PartitionFile' })
