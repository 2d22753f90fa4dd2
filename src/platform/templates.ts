/**
 * Workflows to begin with.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import { completeNodes } from './nodes.ts'
import type { NewNode, Template, Templates } from './platform.ts'

const partitioner = (id: string): NewNode => ({
  id,
  name: 'Partitioner',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy: 'hi_res' },
})

const templates: readonly (Omit<Template, 'nodes'> & { readonly nodes: readonly NewNode[] })[] = [
  {
    id: 'hi_res_partition',
    name: 'High resolution partition',
    description: 'Turns documents into elements, as exactly as can be.',
    version: '1.0.0',
    lastUpdated: '2026-08-01T00:00:00Z',
    nodes: [partitioner('0f9e8d1c-6c0b-4a57-9d52-6f3a1c2b7e01')],
  },
  {
    id: 'hi_res_and_enrichment',
    name: 'High resolution partition and enrichment',
    description:
      'Turns documents into elements, has models describe pictures, read text from them and rebuild tables. Models are not built yet: a job of it is refused.',
    version: '1.0.0',
    lastUpdated: '2026-08-01T00:00:00Z',
    nodes: [
      partitioner('5a2d7c34-91be-4d0f-8f16-2b7c9e40a311'),
      prompter('c1b6e0a8-3f47-4f6b-a2d9-70e5d8134c12', 'Image description', 'openai_image_description'),
      prompter('7d94f2be-0a65-4c18-b3e7-18c6a95f2d13', 'Generative OCR', 'anthropic_ocr'),
      prompter('e83b15d7-5c2f-49a4-8b70-d4f1062ae914', 'Table to HTML', 'anthropic_table2html'),
    ],
  },
]

function prompter(id: string, name: string, subtype: string): NewNode {
  return { id, name, type: 'prompter', subtype, settings: {} }
}

export function createTemplates(): Templates {
  const all = templates.map((template) => ({ ...template, nodes: completeNodes(template.nodes) }))
  return {
    list: () => all,
    get(id) {
      const found = all.find((template) => template.id === id)
      if (found) return found
      throw new OutflowError({
        kind: 'missing',
        code: 'template.not_found',
        message: `Template ${id.slice(0, 100)} not found`,
        fix: `Known: ${all.map((template) => template.id).join(', ')}.`,
      })
    },
  }
}
