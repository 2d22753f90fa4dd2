/**
 * Embedders: each element gets the vector that a model makes of its text.
 *
 * @module
 */

import { z } from 'zod'
import { words } from './fields.ts'
import { defineNodeType, type NodeType } from './node-type.ts'

/** What each provider takes when nobody says. */
const models = {
  azure_openai: 'text-embedding-3-small',
  bedrock: 'amazon.titan-embed-text-v2:0',
  ibm: 'ibm/slate-125m-english-rtrvr-v2',
  togetherai: 'togethercomputer/m2-bert-80M-32k-retrieval',
  voyageai: 'voyage-3',
}

export const embedTypes: readonly NodeType[] = Object.entries(models).map(([subtype, model]) =>
  defineNodeType({
    type: 'embed',
    subtype,
    role: 'embed',
    // Providers bring new models all the time; none is refused by its name.
    settings: z.object({ model_name: words().default(model) }),
  }),
)
