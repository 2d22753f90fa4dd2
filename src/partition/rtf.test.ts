import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'
import { readRtf } from './rtf.ts'

const read = (rtf: string, options: Partial<FileOptions> = {}) =>
  readRtf(
    { bytes: Buffer.from(rtf, 'latin1') },
    { ...defaultFileOptions(), ...options },
    { signal: new AbortController().signal, lose: () => {}, nested: () => Promise.resolve([]) },
  )

async function told(rtf: string, options?: Partial<FileOptions>): Promise<string[]> {
  return (await read(rtf, options)).map(({ type, text }) => `${type}: ${text}`)
}

const document = (inside: string) => `{\\rtf1\\ansi\\ansicpg1252\\deff0 ${inside}}`
const both = ['compat', 'enhanced'] as const

describe('RTF documents', () => {
  it('tell headings, paragraphs, lists and notes alike in both modes', async () => {
    const rtf = document(
      '{\\fonttbl{\\f0 Arial;}}{\\stylesheet{\\s0 Normal;}{\\s1\\b heading 1;}}{\\info{\\title unseen}}' +
        '\\pard\\plain\\s1\\b The harbour\\par\\pard\\plain We walked to the sea{\\footnote\\pard\\plain It is warm.}.\\par' +
        '\\pard{\\listtext\\tab 1.\\tab}\\ls1\\ilvl0 one\\par\\pard{\\pntext\\bullet}\\ls1\\ilvl1 two\\par\\pard {\\*\\unknown unseen}We saw\\line boats there.',
    )
    for (const mode of both)
      expect(
        (await read(rtf, { mode })).map(({ type, text, metadata }) => [type, text, metadata.category_depth]),
      ).toEqual([
        ['Title', 'The harbour', 0],
        ['NarrativeText', 'We walked to the sea.', undefined],
        ['NarrativeText', 'It is warm.', undefined],
        ['ListItem', 'one', 1],
        ['ListItem', 'two', 2],
        ['NarrativeText', 'We saw boats there.', undefined],
      ])
  })

  it('are read in the code pages of the document and of its fonts, and in Unicode', async () => {
    const rtf = document(
      '{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}' +
        "\\f0 caf\\'e9 {\\f1 \\'cf\\'f0\\'e8} {\\f2 \\'93\\'fa\\'96\\'7b} \\u8364?5 {\\uc2\\u8364\\'80x6} \\u-10179?\\u-8704? a\\~b\\emdash c\\par",
    )
    expect(await told(rtf)).toEqual(['UncategorizedText: café При 日本 €5 €6 😀 a b—c'])
  })

  it('tell emphasis and links', async () => {
    const rtf = document(
      'see {\\b the {\\i map}} and {\\field{\\*\\fldinst{HYPERLINK "https://example.org/a"}}{\\fldrslt{\\ul here}}}\\par',
    )
    const [element] = await read(rtf)
    expect(element).toMatchObject({
      text: 'see the map and here',
      metadata: {
        emphasized_text_contents: ['the', 'map'],
        emphasized_text_tags: ['b', 'bi'],
        link_texts: ['here'],
        link_urls: ['https://example.org/a'],
      },
    })
  })

  it('tell tables row by row', async () => {
    const row = (...cells: string[]) =>
      `\\trowd\\cellx1\\cellx2\\pard\\intbl ${cells.map((cell) => `${cell}\\cell `).join('')}\\trowd\\row\\pard `
    const rtf = document(`${row('a', 'b\\par c')}${row('d', '')}The end\\par`)
    const [table, end] = await read(rtf)
    expect(table).toMatchObject({ type: 'Table', text: expect.stringMatching(/^a b c\s+d$/) })
    expect(table!.metadata.text_as_html).toContain('</tr><tr>')
    expect(end!.text).toBe('The end')
  })

  it('show their pictures in enhanced mode', async () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1')
    const rtf = document(
      `{\\*\\shppict{\\pict\\pngblip\\picw1 ${picture.toString('hex')}}}{\\nonshppict{\\pict 00}}\\par`,
    )
    expect(await read(rtf, { mode: 'compat' })).toEqual([])
    const [image] = await read(rtf, { imageData: true })
    expect(image).toMatchObject({
      type: 'Image',
      metadata: { image_mime_type: 'image/png', image_base64: picture.toString('base64') },
    })
  })

  it('tell headers and footers in enhanced mode, each once', async () => {
    const header =
      '{\\header\\pard Our {\\b handbook}\\par page {\\field{\\*\\fldinst PAGE}{\\fldrslt 7}}\\par}'
    const footer = '{\\footerf\\trowd\\intbl left\\cell right\\cell\\row{\\*\\shppict{\\pict\\pngblip 00}}}'
    const rtf = document(
      `${header}${footer}We walked to the sea.\\par\\sect ${header}{\\footer\\par}We swam there.\\par`,
    )
    const elements = await read(rtf)
    expect(elements.map(({ type, text }) => `${type}: ${text}`)).toEqual([
      'Header: Our handbook\npage 7',
      'NarrativeText: We walked to the sea.',
      'NarrativeText: We swam there.',
      'Footer: left right',
    ])
    expect(elements.at(-1)?.metadata).toEqual({ header_footer_type: 'first_page', category_depth: 0 })
    expect(await told(rtf, { skipHeadersAndFooters: true })).toHaveLength(2)
    expect(await told(rtf, { mode: 'compat' })).toHaveLength(2)
  })

  it('are read as far as they go when they are broken, and refused when they are none', async () => {
    expect(await told('{\\rtf1 We walked {\\b home')).toEqual(['NarrativeText: We walked home'])
    expect(await told("{\\rtf1 We walked\\'z \\u99999999999? \\bin99999 home")).toHaveLength(1)
    expect(await told('{\\rtf1 a\\cell\\row\\trowd\\cell}}}} b')).toHaveLength(1)
    await expect(told('hello')).rejects.toMatchObject({ code: 'file.damaged' })
    const deep = `{\\rtf1 ${'{'.repeat(20_000)}`
    await expect(told(deep)).rejects.toMatchObject({ kind: 'content', code: 'file.too_much' })
  })
})
