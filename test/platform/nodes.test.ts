import { describe, expect, it } from 'vitest'
import type { Document } from '../../src/model/document.ts'
import { unknownPermissions } from '../../src/model/permissions.ts'
import { plan } from '../../src/pipeline/plan.ts'
import { throughAllSteps } from '../../src/pipeline/process.ts'
import { stepsOf, validateNodes } from '../../src/platform/nodes.ts'
import type { NewNode } from '../../src/platform/platform.ts'

const node = (type: string, subtype: string, settings: NewNode['settings'] = null, id?: string): NewNode => ({
  name: `${type} ${subtype}`,
  type,
  subtype,
  settings,
  ...(id !== undefined && { id }),
})

const partition = (settings: NewNode['settings'] = { strategy: 'fast' }) =>
  node('partition', 'unstructured_api', settings)
const chunk = (settings: NewNode['settings'] = {}) => node('chunk', 'chunk_by_title', settings)
const embed = node('embed', 'voyageai')
const enrich = node('prompter', 'openai_ner', {})
const extract = node('structured_data_extractor', 'llm', {
  schema_to_extract: { extraction_guidance: 'Who signed?' },
})

/** `path: message` of each fault, or the code where it is another. */
function faults(...nodes: readonly NewNode[]): readonly string[] {
  try {
    validateNodes(nodes)
    return []
  } catch (thrown) {
    const { code, fields } = thrown as { code: string; fields: readonly { field: string; message: string }[] }
    if (code !== 'workflow.invalid') return [code]
    return fields.map(({ field, message }) => `${field.replace('workflow_nodes', '')}: ${message}`)
  }
}

const notBuilt = ['workflow.step_not_built']

describe('order', () => {
  it.each([
    ['P', [partition()], []],
    ['P C', [partition(), chunk()], []],
    ['P C E', [partition(), chunk(), embed], notBuilt],
    ['P Enrich', [partition(), enrich, enrich], notBuilt],
    ['P Enrich C', [partition(), enrich, chunk()], notBuilt],
    ['P Enrich Enrich C E Extract', [partition(), enrich, enrich, chunk(), embed, extract], notBuilt],
    ['P Extract', [partition(), extract], notBuilt],
    ['nothing', [], [': At least one node: a partitioner comes first.']],
    ['C', [chunk()], ['.0: The chunker has nothing to work on; a partitioner comes first.']],
    ['P P', [partition(), partition()], ['.1: A second partitioner; a workflow has no more than one.']],
    ['P C C', [partition(), chunk(), chunk()], ['.2: A second chunker; a workflow has no more than one.']],
    ['P E', [partition(), embed], ['.1: The embedder has no chunks to work on; a chunker comes before it.']],
    [
      'P C Enrich',
      [partition(), chunk(), enrich],
      ['.2: The enrichment stands behind the chunker; it comes before.'],
    ],
    [
      'P Extract C',
      [partition(), extract, chunk()],
      ['.2: The chunker stands behind the extractor; it comes before.'],
    ],
    [
      'C P',
      [chunk(), partition()],
      [
        '.0: The chunker has nothing to work on; a partitioner comes first.',
        '.1: The partitioner stands behind the chunker; it comes before.',
      ],
    ],
  ])('%s', (_, nodes, expected) => {
    expect(faults(...nodes)).toEqual(expected)
  })

  it('has a limit', () => {
    expect(faults(partition(), ...Array.from({ length: 50 }, () => enrich))).toEqual([
      ': No more than 50 nodes.',
    ])
  })
})

describe('types', () => {
  it('knows all of the contract', () => {
    const prompters = ['anthropic', 'bedrock', 'openai', 'vertexai'].flatMap((each) => [
      `${each}_image_description`,
      `${each}_table_description`,
    ])
    const others = ['anthropic', 'openai', 'twopass'].map((each) => `${each}_table2html`)
    const readers = ['anthropic_ocr', 'bedrock_ocr', 'openai_ocr', 'openai_ner', 'anthropic_ner']
    for (const subtype of [...prompters, ...others, ...readers])
      expect(faults(partition(), node('prompter', subtype, {}))).toEqual(notBuilt)
    for (const by of ['character', 'title', 'page'])
      expect(faults(partition(), node('chunk', `chunk_by_${by}`))).toEqual([])
    expect(faults(partition(), node('chunk', 'chunk_by_similarity'))).toEqual(notBuilt)
    for (const provider of ['azure_openai', 'bedrock', 'ibm', 'togetherai', 'voyageai'])
      expect(faults(partition(), chunk(), node('embed', provider, { model_name: 'any' }))).toEqual(notBuilt)
  })

  it('names what it does not know, and what was probably meant', () => {
    expect(faults(node('partion', 'vlm'))).toEqual([
      expect.stringMatching(
        /^\.0\.type: "partion" is no type of nodes\. Did you mean partition\? Known: partition, /,
      ),
    ])
    expect(faults(partition(), node('chunk', 'by_title'))).toEqual([
      expect.stringMatching(/^\.1\.subtype: .* Did you mean chunk_by_title\?/),
    ])
    expect(faults(node('__proto__', 'constructor'))).toHaveLength(1)
  })

  it('takes the swapped node that the reference’s documentation shows', () => {
    expect(validateNodes([node('vlm', 'partition')])).toMatchObject([{ type: 'partition', subtype: 'vlm' }])
  })
})

describe('settings', () => {
  it('are filled in', () => {
    expect(validateNodes([partition({})])[0]!.settings).toEqual({
      strategy: 'auto',
      include_page_breaks: false,
      pdf_infer_table_structure: false,
      exclude_elements: [],
      xml_keep_tags: false,
      encoding: 'utf-8',
      ocr_languages: ['eng'],
      extract_image_block_types: [],
      infer_table_structure: false,
      coordinates: false,
      unique_element_ids: false,
    })
    expect(validateNodes([node('partition', 'vlm')])[0]!.settings).toMatchObject({ is_dynamic: true })
  })

  it('are read as they are meant: null for nothing, text for what it says', () => {
    const [read] = validateNodes([
      partition({ strategy: null, coordinates: 'TRUE', exclude_elements: 'Header, Footer', encoding: null }),
    ])
    expect(read!.settings).toMatchObject({
      strategy: 'auto',
      coordinates: true,
      exclude_elements: ['Header', 'Footer'],
    })
  })

  it('keep no secret that nothing uses', () => {
    const nodes = validateNodes([node('partition', 'vlm', { provider_api_key: 'sk-secret' })])
    expect(nodes[0]!.settings!.provider_api_key).toBe('**********')
    expect(validateNodes(nodes)).toEqual(nodes)
  })

  it.each([
    [partition({ strategy: 'best' }), /^\.0\.settings\.strategy: .*"hi_res"/],
    [partition({ exclude_elements: ['Footnote'] }), /^\.0\.settings\.exclude_elements\.0: /],
    [partition({ encoding: 'klingon' }), /^\.0\.settings\.encoding: No encoding/],
    [partition({ coordinates: 'perhaps' }), /^\.0\.settings\.coordinates: Yes or no/],
    [
      partition({ stratgey: 'fast' }),
      /^\.0\.settings\.stratgey: There is no such setting\. Did you mean strategy\?$/,
    ],
    [partition(JSON.parse('{"__proto__": 1}')), /^\.0\.settings\.__proto__: There is no such setting\./],
    [node('partition', 'vlm', { provider: 'nobody' }), /^\.0\.settings\.provider: /],
    [node('partition', 'vlm', null, 'no-uuid'), /^\.0\.id: A UUID/],
    [{ ...partition(), name: ' ' }, /^\.0\.name: /],
  ])('are refused by name: %j', (given, expected) => {
    expect(faults(given)).toEqual([expect.stringMatching(expected)])
  })

  it.each([
    [chunk({ max_characters: 0 }), /^\.1\.settings\.max_characters: /],
    [chunk({ max_characters: '12x' }), /^\.1\.settings\.max_characters: A whole number/],
    [
      chunk({ max_characters: '100', overlap: '100' }),
      /^\.1\.settings\.overlap: Less than max_characters, which is 100/,
    ],
    [chunk({ combine_text_under_n_chars: 9999 }), /^\.1\.settings\.combine_text_under_n_chars: No more than/],
    [chunk({ contextual_chunking_strategy: 'v2' }), /^\.1\.settings\.contextual_chunking_strategy: /],
    [
      node('chunk', 'chunk_by_page', { multipage_sections: true }),
      /^\.1\.settings\.multipage_sections: There is no/,
    ],
    [
      node('chunk', 'chunk_by_similarity', { similarity_threshold: 1 }),
      /^\.1\.settings\.similarity_threshold: /,
    ],
    [node('prompter', 'twopass_table2html', { model: 'x' }), /this node has none/],
    [node('structured_data_extractor', 'llm'), /^\.1\.settings\.schema_to_extract: Missing\.$/],
    [
      node('structured_data_extractor', 'llm', {
        schema_to_extract: { json_schema: '{}', extraction_guidance: 'x' },
      }),
      /either/,
    ],
  ])('of what is not built are refused as well: %j', (given, expected) => {
    expect(faults(partition(), given)).toEqual([expect.stringMatching(expected)])
  })

  it('may not give one id to two nodes', () => {
    const id = '93fc2ce8-e7c8-424f-a6aa-41460fc5d35d'
    expect(faults({ ...partition(), id }, { ...chunk(), id: id.toUpperCase() })).toEqual([
      '.1.id: The node 0 has the same id.',
    ])
    expect(validateNodes([{ ...partition(), id }])[0]!.id).toBe(id)
  })
})

describe('steps', () => {
  const document = {
    id: 'test:1',
    filename: 'one.html',
    url: '',
    ancestors: [],
    labels: [],
    permissions: unknownPermissions('a test'),
  } as unknown as Document
  const text =
    '<h1>Title</h1><p>We keep all lamps of the house in the cellar.</p><h2>More</h2><p>They are sold by the end of every month.</p>'

  async function elements(...nodes: readonly NewNode[]) {
    const steps = await stepsOf(validateNodes(nodes))
    const body = { mediaType: 'text/html', bytes: text.length, body: { text } }
    return (await throughAllSteps(plan(steps), document, body, { signal: AbortSignal.timeout(5000) }))!
      .elements
  }

  it('turn a page into elements, whatever the strategy', async () => {
    const one = await elements(partition({ strategy: 'fast' }))
    expect(one.map(({ type }) => type)).toEqual(['Title', 'NarrativeText', 'Title', 'NarrativeText'])
    const other = await elements(partition({ strategy: 'hi_res' }))
    expect(other.map(({ element_id }) => element_id)).toEqual(one.map(({ element_id }) => element_id))
  })

  it('leave out the types that nobody wants; what hung on them hangs higher', async () => {
    const all = await elements(partition())
    const left = await elements(partition({ exclude_elements: ['NarrativeText'] }))
    expect(left.map((element) => element.text)).toEqual(['Title', 'More'])
    expect(left[1]!.metadata.parent_id).toBe(all[0]!.element_id)
    const bare = await elements(partition({ exclude_elements: ['Title'] }))
    expect(bare.map(({ metadata }) => metadata.parent_id)).toEqual([undefined, undefined])
  })

  it('make ids unique, as UUIDs that stay', async () => {
    const once = await elements(node('partition', 'vlm'))
    const again = await elements(partition({ unique_element_ids: true }))
    expect(once.map(({ element_id }) => element_id)).toEqual(again.map(({ element_id }) => element_id))
    for (const { element_id } of once)
      expect(element_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(once[1]!.metadata.parent_id).toBe(once[0]!.element_id)
  })

  it('are not opened of what is not built', async () => {
    const made = [{ ...embed, id: 'x', settings: {} }]
    await expect(stepsOf(made)).rejects.toMatchObject({ code: 'workflow.step_not_built' })
  })
})
