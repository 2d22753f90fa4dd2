/**
 * Enrichments: a model describes pictures and tables, reads text, or finds names.
 *
 * @module
 */

import { z } from 'zod'
import { words } from './fields.ts'
import { defineNodeType, type NodeType } from './node-type.ts'

const settings = z.object({
  provider_type: words().exactOptional(),
  model: words().exactOptional(),
})

const namesSettings = settings.extend({
  prompt_interface_overrides: z
    .strictObject({ prompt: z.strictObject({ user: z.string().min(1).max(100_000) }) })
    .exactOptional(),
})

const withModel = [
  ...['anthropic', 'bedrock', 'openai', 'vertexai'].flatMap((provider) => [
    `${provider}_image_description`,
    `${provider}_table_description`,
  ]),
  'anthropic_table2html',
  'openai_table2html',
  'anthropic_ocr',
  'bedrock_ocr',
  'openai_ocr',
]

const prompter = <Schema extends z.ZodObject>(subtype: string, schema: Schema) =>
  defineNodeType({ type: 'prompter', subtype, role: 'enrich', settings: schema })

export const prompterTypes: readonly NodeType[] = [
  ...withModel.map((subtype) => prompter(subtype, settings)),
  prompter('twopass_table2html', z.object({})),
  prompter('openai_ner', namesSettings),
  prompter('anthropic_ner', namesSettings),
]
