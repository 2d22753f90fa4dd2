import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Loss } from '../model/content.ts'
import { zipOf } from '../sandbox/files/zip.ts'
import { readEpub } from './epub.ts'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'

async function read(
  parts: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<FileOptions> = {},
) {
  const losses: Loss[] = []
  const elements = await readEpub(
    { bytes: zipOf(parts) },
    { ...defaultFileOptions(), ...options },
    {
      signal: new AbortController().signal,
      lose: (loss) => void losses.push(loss),
      nested: () => Promise.resolve([]),
    },
  )
  return { texts: elements.map(({ type, text }) => `${type}: ${text}`), elements, losses }
}

const container =
  '<container><rootfiles><rootfile full-path="book/a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
const chapter = (inside: string) =>
  `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>unseen</title><script src="a.js"/></head><body>${inside}</body></html>`

function description(...spine: string[]): string {
  const item = (id: string, href: string) =>
    `<item id="${id}" href="${href}" media-type="application/xhtml+xml"/>`
  const items = item('one', 'text/one%20.xhtml') + item('two', 'two.xhtml') + item('gone', 'gone.xhtml')
  const references = spine.map((id) => `<itemref idref="${id}"/>`).join('')
  return `<package><manifest>${items}</manifest><spine>${references}</spine></package>`
}

const book = {
  'META-INF/container.xml': container,
  'book/text/one .xhtml': chapter('<h1>One</h1><p>We walked home.</p><img src="../a.png" alt="A map"/>'),
  'book/two.xhtml': chapter('<h1>Two</h1><p>We saw<span/> boats.</p>'),
  'book/a.png': Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1'),
}

describe('e-books', () => {
  it('are read in the order of the spine, each chapter once', async () => {
    const { texts, losses } = await read({ ...book, 'book/a.opf': description('two', 'gone', 'one', 'two') })
    expect(texts).toEqual([
      'Title: Two',
      'NarrativeText: We saw boats.',
      'Title: One',
      'NarrativeText: We walked home.',
      'Image: A map',
    ])
    expect(losses).toEqual([{ code: 'chapter_missing', name: 'book/gone.xhtml' }])
  })

  it('give the bytes of their pictures where they are asked for', async () => {
    const { elements } = await read({ ...book, 'book/a.opf': description('one') }, { imageData: true })
    expect(elements.at(-1)!.metadata).toMatchObject({
      image_url: 'book/a.png',
      image_mime_type: 'image/png',
      image_base64: book['book/a.png'].toString('base64'),
    })
  })

  it('are refused when they are locked or no books', async () => {
    const locked = {
      ...book,
      'book/a.opf': description('two'),
      'META-INF/encryption.xml': '<e><CipherReference URI="book/two.xhtml"/></e>',
    }
    await expect(read(locked)).rejects.toMatchObject({ code: 'file.encrypted' })
    await expect(read({ 'a.txt': 'a' })).rejects.toMatchObject({ kind: 'content', code: 'file.damaged' })
    const astray = { 'META-INF/container.xml': container.replace('book/a.opf', '../../etc/passwd') }
    await expect(read(astray)).rejects.toMatchObject({ kind: 'content', code: 'file.damaged' })
  })
})
