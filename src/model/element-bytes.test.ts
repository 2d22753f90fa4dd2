import { describe, expect, it } from 'vitest'
import type { Element } from './element.ts'
import { createElementWriter } from './element-bytes.ts'

const source = { version: '7', permissions_data: [{ read: { users: ['é'], groups: [] } }] } as const
const plain: Element = { type: 'Table', element_id: 'c', text: '', metadata: {} }
const elements = [
  {
    ...{ type: 'Title', element_id: 'a', text: '"Größe"\n\u{1F680} \ud800', checked: true },
    metadata: { data_source: source, category_depth: 0, languages: ['deu'], ancestors: ['Élan'] },
  },
  {
    ...{ type: 'NarrativeText', element_id: 'b', text: 'Two', embeddings: [0.5, 1] },
    metadata: { languages: ['deu'], author: undefined, data_source: source, odd: { a: null } },
  },
  plain,
  { ...plain, metadata: { data_source: source } },
] as unknown as readonly Element[]

const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

describe('createElementWriter', () => {
  it('writes what JSON.stringify would, an element a line', () => {
    const json = textOf(createElementWriter('json')(elements))
    const lines = textOf(createElementWriter('ndjson')(elements)).split('\n')
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(elements)))
    expect(json).toBe(`[\n${lines.join(',\n')}\n]\n`)
    expect(lines).toHaveLength(elements.length)
    expect(lines[2]).toBe(JSON.stringify(plain))
  })

  it('writes nothing, too', () => {
    expect(textOf(createElementWriter('json')([]))).toBe('[]\n')
    expect(textOf(createElementWriter('ndjson')([]))).toBe('')
  })

  it('tells values of neighbours apart', () => {
    const mixed = ['1', '2', '1', '1'].map(
      (version): Element => ({ ...plain, metadata: { author: version, data_source: { version } } }),
    )
    expect(JSON.parse(textOf(createElementWriter('json')(mixed)))).toEqual(mixed)
  })

  it('writes one document after another, whatever their size', () => {
    const write = createElementWriter('json')
    const large = Array.from(
      { length: 40 },
      (_, nth): Element => ({ ...plain, text: `${nth}é`.repeat(30_000) }),
    )
    for (const document of [elements, large, elements, large])
      expect(JSON.parse(textOf(write(document)))).toEqual(JSON.parse(JSON.stringify(document)))
  })
})
