import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Element, ElementMetadata, ElementType } from '../model/element.ts'
import bySimilarity from './by-similarity.ts'
import byTitle from './by-title.ts'
import { chunk, chunkElements } from './chunk.ts'
import type { ChunkOptions } from './options.ts'
import { unpackElements } from './orig-elements.ts'
import { reconstructTables } from './reconstruct-table.ts'

const element = (type: ElementType, text: string, metadata: ElementMetadata = {}): Element => ({
  ...{ type, element_id: text, text, metadata },
})

const title = (text: string, metadata?: ElementMetadata) => element('Title', text, metadata)
const prose = (text: string, metadata?: ElementMetadata) => element('NarrativeText', text, metadata)

const texts = async (elements: readonly Element[], options: ChunkOptions) =>
  (await chunkElements(elements, options)).map(({ text }) => text)

const vehicles = {
  type: 'Table' as const,
  header: '<tr><th colspan="2">Model</th><th>Price</th></tr>',
  rows: Array.from({ length: 9 }, (_, at) => `<tr><td>Cargo bike</td><td>${at}</td><td>${at}99</td></tr>`),
}

const table = () =>
  element('Table', `Model Price ${vehicles.rows.map((_, at) => `Cargo bike ${at} ${at}99`).join(' ')}`, {
    text_as_html: `<table><thead>${vehicles.header}</thead><tbody>${vehicles.rows.join('')}</tbody></table>`,
  })

describe('chunks', () => {
  const manual = [
    title('Brakes', { page_number: 1 }),
    prose('Change the pads once a year.', { page_number: 1 }),
    title('Wheels', { page_number: 1 }),
    prose('Keep the spokes tight.', { page_number: 2 }),
  ]

  it('are as large as they may be', async () => {
    expect(await texts(manual, { strategy: 'basic' })).toEqual([
      'Brakes\n\nChange the pads once a year.\n\nWheels\n\nKeep the spokes tight.',
    ])
    expect(await texts(manual, { strategy: 'basic', new_after_n_chars: 0 })).toHaveLength(4)
  })

  it('begin with titles, unless sections are short', async () => {
    const apart = ['Brakes\n\nChange the pads once a year.', 'Wheels\n\nKeep the spokes tight.']
    expect(await texts(manual, { strategy: 'by_title', combine_text_under_n_chars: 0 })).toEqual(apart)
    expect(await texts(manual, { strategy: 'by_title', max_characters: 40 })).toEqual(apart)
    expect(await texts(manual, { strategy: 'by_title' })).toHaveLength(1)
  })

  it('end with pages', async () => {
    const pages = ['Brakes\n\nChange the pads once a year.\n\nWheels', 'Keep the spokes tight.']
    expect(await texts(manual, { strategy: 'by_page' })).toEqual(pages)
  })

  it('end where the subject changes', async () => {
    const embed = async (all: string[]) => all.map((text) => (/pads|Brakes/.test(text) ? [1, 0] : [0.1, 1]))
    expect(await texts(manual, { strategy: 'by_similarity', embed })).toEqual([
      'Brakes\n\nChange the pads once a year.',
      'Wheels\n\nKeep the spokes tight.',
    ])
  })

  it('share what was asked for', async () => {
    const options = { strategy: 'basic', max_characters: 30, overlap: 10, overlap_all: true } as const
    expect(await texts([prose('The first of two.'), prose('The second of two.')], options)).toEqual([
      'The first of two.',
      'st of two.\n\nThe second of two.',
    ])
  })

  it('are counted in tokens', async () => {
    const options = { strategy: 'basic', max_tokens: 10, tokenizer: 'cl100k_base' } as const
    const made = await texts(
      [prose('one two three four five six seven eight nine ten eleven twelve')],
      options,
    )
    expect(made).toEqual(['one two three four five six seven eight nine ten', 'eleven twelve'])
    expect(await texts([prose('<|endoftext|> is a text here')], options)).toHaveLength(2)
  })

  it('tell their context in front, under the id of their own text', async () => {
    const [plain] = await chunkElements(manual, { strategy: 'basic' })
    const [told] = await chunkElements(manual, { strategy: 'basic', context: () => 'A manual.' })
    expect(told).toEqual({ ...plain, text: `Prefix: A manual.; Original: ${plain?.text}` })
  })

  it('keep who may read them, where they stand and what they were made of', async () => {
    const of = (path: string[], anchor: string): ElementMetadata => ({
      data_source: {
        url: 'https://wiki',
        permissions_data: [
          { read: { users: ['ada'], groups: [] } },
          { update: { users: [], groups: [] } },
          { delete: { users: [], groups: [] } },
        ],
      },
      ...{ heading_path: path, anchor_url: `https://wiki#${anchor}`, labels: ['bikes'], parent_id: 'x' },
      ...{ link_urls: [`/${anchor}`], link_texts: [anchor] },
    })
    const elements = [
      prose('One.', of(['Bikes', 'Brakes'], 'a')),
      prose('Two.', of(['Bikes', 'Wheels'], 'b')),
    ]
    const [made] = await chunkElements(elements, { strategy: 'basic' })
    const { orig_elements: packed, ...metadata } = made?.metadata ?? {}
    expect(metadata).toEqual({
      data_source: elements[0]?.metadata.data_source,
      ...{ heading_path: ['Bikes'], anchor_url: 'https://wiki#a', labels: ['bikes'] },
      ...{ link_urls: ['/a', '/b'], link_texts: ['a', 'b'] },
    })
    expect(unpackElements(packed ?? '')).toEqual(elements)
  })

  it('of a table have its header and can be put together again', async () => {
    const made = await chunkElements([prose('Ours:'), table()], { strategy: 'basic', max_characters: 80 })
    const [, first, second] = made
    expect(made.map(({ type }) => type)).toEqual([
      'CompositeElement',
      'TableChunk',
      'TableChunk',
      'TableChunk',
    ])
    expect(first?.metadata.text_as_html).toMatch(
      /^<table><tr><td colspan="2">Model<\/td><td>Price<\/td><\/tr>/,
    )
    expect(second?.text).toMatch(/^Model Price Cargo bike \d/)
    expect(second?.metadata.text_as_html).toMatch(/^<table><thead><tr><th colspan="2">Model/)
    const [whole] = reconstructTables(made)
    expect(whole?.text).toBe(table().text)
    const html = `<table><thead>${vehicles.header}</thead>${vehicles.rows.join('')}</table>`
    expect(whole?.metadata.text_as_html).toBe(html)
  })

  it('of small tables keep inline markup, and the spaces around it', async () => {
    const html =
      '<table><caption>Of <b>bold</b> bikes</caption><tr><th id="a">So <i>so</i> </th><td> </td></tr></table>'
    const [made] = await chunkElements([element('Table', 'Of bold bikes So so', { text_as_html: html })], {
      strategy: 'basic',
    })
    expect(made?.metadata.text_as_html).toBe(
      '<table><tr><td>Of <b>bold</b> bikes</td></tr><tr><td>So <i>so</i></td><td/></tr></table>',
    )
  })
})

describe('settings', () => {
  it.each([
    [{ max_characters: 10, overlap: 10 }, 'overlap'],
    [{ max_characters: 10, combine_text_under_n_chars: 11 }, 'combine_text_under_n_chars'],
    [{ max_tokens: 10 }, 'tokenizer'],
    [{ max_tokens: 10, max_characters: 10, tokenizer: 'o200k_base' as const }, 'max_tokens'],
    [{ new_after_n_tokens: 10 }, 'new_after_n_tokens'],
    [{ skip_table_chunking: true, isolate_table: false }, 'skip_table_chunking'],
  ])('that contradict one another are refused: %j', (given, field) => {
    expect(() => byTitle(given)).toThrow(
      expect.objectContaining({ code: 'settings.invalid', fields: [expect.objectContaining({ field })] }),
    )
  })

  it('by similarity are refused without an embedder', () => {
    expect(() => bySimilarity({})).toThrow(expect.objectContaining({ code: 'chunk.no_embedder' }))
    expect(bySimilarity({}, { embed: async () => [] })).toMatchObject({ role: 'chunk' })
  })
})

/** Words, code, emoji and white space of every kind. */
const someText = fc
  .array(
    fc.oneof(fc.stringMatching(/^[a-z]{1,30}$/), fc.constantFrom('🚲', '\n', '\u00a0', '  ', 'ä', '<b>')),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(' '))

const someElement = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('Title', 'NarrativeText', 'CodeSnippet', 'Image', 'Table') as fc.Arbitrary<ElementType>,
      someText,
    )
    .map(([type, text]) => element(type, text)),
  fc.array(fc.array(someText, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }).map((rows) => {
    const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll('<', '&lt;')))
    const html = escaped
      .map(
        (cells, at) =>
          `<tr>${cells.map((cell) => (at === 0 ? `<th>${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`,
      )
      .join('')
    return element('Table', rows.flat().join(' '), { text_as_html: `<table>${html}</table>` })
  }),
)

const someElements = fc.array(someElement, { maxLength: 12 })
const someOptions: fc.Arbitrary<ChunkOptions> = fc
  .record({
    strategy: fc.constantFrom('basic', 'by_title', 'by_page'),
    max_characters: fc.integer({ min: 1, max: 300 }),
    new_after_n_chars: fc.integer({ min: 0, max: 300 }),
    isolate_table: fc.boolean(),
    repeat_table_headers: fc.boolean(),
  })
  .map((given) => given)

const visible = (text: string) => text.replace(/\s+/g, '')

describe('whatever the elements are', () => {
  it('no chunk is larger than allowed, with overlap or without', async () => {
    await fc.assert(
      fc.asyncProperty(someElements, someOptions, fc.boolean(), async (elements, options, overlap_all) => {
        const most = ('max_characters' in options && options.max_characters) || 500
        const overlap = Math.floor(most / 3)
        for (const made of await chunkElements(elements, {
          ...options,
          overlap,
          overlap_all,
        } as ChunkOptions))
          expect(Array.from(made.text).length).toBeLessThanOrEqual(most)
      }),
    )
  })

  it('all text is kept, in order, and nothing is told twice', async () => {
    await fc.assert(
      fc.asyncProperty(someElements, someOptions, async (elements, options) => {
        const made = await texts(elements, { ...options, repeat_table_headers: false } as ChunkOptions)
        expect(visible(made.join(''))).toBe(visible(elements.map(({ text }) => text).join('')))
      }),
    )
  })

  it('no chunk has more tokens than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(someElements, fc.integer({ min: 8, max: 60 }), async (elements, max_tokens) => {
        const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
        const options = { strategy: 'by_title', max_tokens, overlap: 3, tokenizer: 'o200k_base' } as const
        for (const each of await texts(elements, options))
          expect(countTokens(each)).toBeLessThanOrEqual(max_tokens)
      }),
    )
  })

  it('a stream gives the same', async () => {
    async function* stream(elements: readonly Element[]) {
      yield* elements
    }
    await fc.assert(
      fc.asyncProperty(someElements, someOptions, async (elements, options) => {
        const streamed = await Array.fromAsync(chunk(stream(elements), options))
        expect(streamed).toEqual(await chunkElements(elements, options))
      }),
      { numRuns: 30 },
    )
  })
})

it('a stream is read no further than its chunks need', async () => {
  let read = 0
  function* endless() {
    for (;;) yield prose(`Sentence number ${read++} of a very long document.`)
  }
  for await (const _ of chunk(endless(), { strategy: 'by_title', max_characters: 200 }))
    if (read > 5000) break
  const chunks = chunk(endless(), { strategy: 'by_title', max_characters: 200 })
  read = 0
  await chunks.next()
  expect(read).toBeLessThan(20)
})

it.each(['x', '\n', 'x\n', ' x'])(
  'a long text of %j is cut in time that grows with its length',
  async (unit) => {
    const snippet = element('CodeSnippet', `${unit.repeat(2_000_000 / unit.length)}.`)
    const started = performance.now()
    const made = await texts([snippet], { strategy: 'basic', overlap: 100, include_orig_elements: false })
    expect(made.length).toBeGreaterThan(4000)
    expect(performance.now() - started).toBeLessThan(4000)
  },
)

it('a cell with very many lines is cut in time that grows with its length', async () => {
  const html = `<table><tr><td>${'word and more<br/>'.repeat(80_000)}</td></tr></table>`
  const table = element('Table', 'word and more '.repeat(80_000), { text_as_html: html })
  const started = performance.now()
  expect((await texts([table], { strategy: 'by_title' })).length).toBeGreaterThan(2000)
  expect(performance.now() - started).toBeLessThan(4000)
})

it('one element may become any number of chunks', async () => {
  const made = await texts([prose('word '.repeat(200_000))], { strategy: 'basic', max_characters: 5 })
  expect(made).toHaveLength(200_000)
})

it('a table with a heading column repeats its heading row alone', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `<tr><th>Region ${row}</th><td>${row}</td><td>${row + 1}</td></tr>`,
  )
  const html = `<table><tr><td/><th>Q1</th><th>Q2</th></tr>${rows.join('')}</table>`
  const text = rows.map((_, row) => `Region ${row} ${row} ${row + 1}`).join(' ')
  const made = await texts([element('Table', `Q1 Q2 ${text}`, { text_as_html: html })], {
    strategy: 'by_title',
  })
  expect(made.length).toBeGreaterThan(1)
  expect(made.map((each) => each.slice(0, 12))).toEqual(made.map(() => 'Q1 Q2 Region'))
})

it('an element that is cut into very many pieces is not repeated in all of them', async () => {
  const noise = Array.from({ length: 60_000 }, (_, index) =>
    ((index * 2_654_435_761) % 4_294_967_296).toString(36),
  )
  const links = { link_texts: noise.slice(0, 1000), link_urls: noise.slice(0, 1000) }
  const made = await chunkElements([prose(noise.join(' '), links)], { strategy: 'by_title' })
  expect(made.length).toBeGreaterThan(500)
  expect(JSON.stringify(made).length).toBeLessThan(60_000_000)
  expect(unpackElements(made[0]!.metadata.orig_elements!)).toHaveLength(1)
  expect(made.at(-1)!.metadata).not.toHaveProperty('orig_elements')
  expect(made.at(-1)!.metadata).toMatchObject({ is_continuation: true })
})

it.each([' ', '-', '日'])(
  'tokens of %j without end are counted in time that grows with its length',
  async (unit) => {
    const started = performance.now()
    const made = await texts([element('CodeSnippet', `x${unit.repeat(50_000)}y`)], {
      strategy: 'basic',
      max_tokens: 500,
      tokenizer: 'cl100k_base',
    })
    expect(made.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(4000)
  },
)
