/**
 * Extraction: a model fills in a form from what a document says.
 *
 * @module
 */

import { z } from 'zod'
import { words } from './fields.ts'
import { defineNodeType, type NodeType } from './node-type.ts'

const text = () => z.string().min(1).max(1_000_000)

const isJsonObject = (json: string) => {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const schemaToExtract = z
  .strictObject({
    json_schema: text().refine(isJsonObject, 'Not the JSON of a schema.').exactOptional(),
    extraction_guidance: text().exactOptional(),
  })
  .refine(
    ({ json_schema, extraction_guidance }) =>
      (json_schema === undefined) !== (extraction_guidance === undefined),
    'Give either json_schema or extraction_guidance.',
  )

export const extractTypes: readonly NodeType[] = [
  defineNodeType({
    type: 'structured_data_extractor',
    subtype: 'llm',
    role: 'extract',
    settings: z.object({
      schema_to_extract: schemaToExtract,
      provider: z.enum(['anthropic', 'azure_openai', 'bedrock', 'openai']).exactOptional(),
      model: words().exactOptional(),
    }),
  }),
]
