import { describe, expect, it } from 'vitest'
import type { FileOptions } from './file.ts'
import { readJson } from './json.ts'
import { defaultFileOptions } from './options.ts'

const read = (value: unknown, options: Partial<FileOptions> = {}) =>
  readJson(
    { bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) },
    { ...defaultFileOptions(), ...options },
    { signal: new AbortController().signal, lose: () => {}, nested: () => Promise.resolve([]) },
  )

describe('JSON that somebody wrote as elements', () => {
  it('comes back as elements that claim nothing of the document', async () => {
    const forged = {
      labels: ['public'],
      author: 'Ada',
      ancestors: ['Home'],
      anchor_url: 'x',
      attached_to_filename: 'm.eml',
    }
    const source = { data_source: { permissions_data: [] }, parent_id: 'p', page_number: 2 }
    const element = {
      type: 'Text',
      element_id: 'e',
      text: 'We sailed.',
      embeddings: [1],
      metadata: { ...forged, ...source },
    }
    expect(await read([element])).toEqual([
      { type: 'NarrativeText', element_id: '', text: 'We sailed.', metadata: { page_number: 2 } },
    ])
  })

  it('loses metadata that is of no use to anything behind', async () => {
    const wrong = {
      text_as_html: 5,
      heading_path: 7,
      coordinates: { points: 5 },
      link_urls: [1],
      languages: null,
      mine: 1,
    }
    expect(await read([{ type: 'Title', text: 'a', metadata: wrong }])).toMatchObject([
      { metadata: { mine: 1 } },
    ])
    expect(Object.keys((await read([{ type: 'Title', text: 'a', metadata: wrong }]))[0]!.metadata)).toEqual([
      'mine',
    ])
  })

  it.each(['toString', '__proto__', 'constructor'])('knows no type %s', async (type) => {
    expect(await read(JSON.stringify([{ type, text: 'a' }]))).toEqual([])
  })
})

it('refuses values in values without end', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  await expect(read(deep)).rejects.toMatchObject({ kind: 'content' })
})
