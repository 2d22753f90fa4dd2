import { describe, expect, it } from 'vitest'
import { type OdtParts, odtOf } from '../sandbox/files/odt.ts'
import { zipOf } from '../sandbox/files/zip.ts'
import type { FileOptions } from './file.ts'
import { readOdt } from './odt.ts'
import { defaultFileOptions } from './options.ts'

const read = (bytes: Uint8Array, options: Partial<FileOptions> = {}) =>
  readOdt(
    { bytes },
    { ...defaultFileOptions(), ...options },
    { signal: new AbortController().signal, lose: () => {}, nested: () => Promise.resolve([]) },
  )

async function told(parts: OdtParts, options?: Partial<FileOptions>): Promise<string[]> {
  return (await read(odtOf(parts), options)).map(({ type, text }) => `${type}: ${text}`)
}

const p = (inside: string) => `<text:p>${inside}</text:p>`
const cell = (inside: string, attributes = '') =>
  `<table:table-cell ${attributes}>${inside}</table:table-cell>`
const row = (cells: string) => `<table:table-row>${cells}</table:table-row>`

describe('OpenDocument texts', () => {
  it('tell headings, lists and paragraphs alike in both modes', async () => {
    const body =
      '<text:h text:outline-level="2">Part</text:h>' +
      `<text:list><text:list-item>${p('one')}<text:list><text:list-item>${p('two')}</text:list-item></text:list></text:list-item></text:list>` +
      `<text:section>${p('We  walked\n<text:s text:c="2"/>to<text:line-break/>the sea.')}</text:section>`
    for (const mode of ['compat', 'enhanced'] as const) {
      const elements = await read(odtOf({ body }), { mode })
      expect(elements.map(({ type, text, metadata }) => [type, metadata.category_depth, text])).toEqual([
        ['Title', 1, 'Part'],
        ['ListItem', 0, 'one'],
        ['ListItem', 1, 'two'],
        ['NarrativeText', 0, 'We walked   to\nthe sea.'],
      ])
    }
  })

  it('tell emphasis by style, and links', async () => {
    const styles =
      '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>' +
      '<style:style style:name="C" style:parent-style-name="B"/>'
    const body = p(
      'a <text:span text:style-name="C">bold</text:span> <text:a xlink:href="https://example.org">link</text:a>',
    )
    const [element] = await read(odtOf({ body, styles }))
    expect(element).toMatchObject({
      text: 'a bold link',
      metadata: {
        emphasized_text_contents: ['bold'],
        emphasized_text_tags: ['b'],
        links: [{ text: 'link', url: 'https://example.org', start_index: 7 }],
      },
    })
  })

  it('keep merged cells and heading rows', async () => {
    const body = `<table:table><table:table-header-rows>${row(`${cell(p('Name'), 'table:number-columns-spanned="2"')}<table:covered-table-cell/>`)}</table:table-header-rows>${row(cell(p('Ada')) + cell(p('L.')))}</table:table>`
    const [table] = await read(odtOf({ body }))
    expect(table?.text).toBe('Name\nAda L.')
    expect(table?.metadata.text_as_html).toBe(
      '<table><tr><th colspan="2">Name</th></tr><tr><td>Ada</td><td>L.</td></tr></table>',
    )
    const [plain] = await read(odtOf({ body }), { mode: 'compat' })
    expect(plain?.metadata.text_as_html).toBe(
      '<table><tr><td>Name</td><td/></tr><tr><td>Ada</td><td>L.</td></tr></table>',
    )
  })

  it('keep headers, notes, frames and pages, which the reference loses', async () => {
    const note = `<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>${p('a note')}</text:note-body></text:note>`
    const body =
      p(`text${note}<draw:frame><draw:text-box>${p('in a frame')}</draw:text-box></draw:frame>`) +
      p('<draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>A dot</svg:desc></draw:frame>') +
      p('<text:soft-page-break/>next page')
    const pages = `<style:master-page><style:header>${p('Handbook<draw:frame><draw:image/><svg:desc>A logo</svg:desc></draw:frame>')}</style:header></style:master-page>`
    expect(await told({ body, pages })).toEqual([
      'Header: Handbook',
      'Image: A logo',
      'UncategorizedText: text',
      'NarrativeText: a note',
      'UncategorizedText: in a frame',
      'Image: A dot',
      'UncategorizedText: next page',
    ])
    expect(await told({ body, pages }, { mode: 'compat' })).toEqual([
      'UncategorizedText: text',
      'UncategorizedText: next page',
    ])
    expect((await read(odtOf({ body }))).at(-1)?.metadata.page_number).toBe(2)
  })

  it('that are encrypted or empty are refused in words', async () => {
    const manifest = '<manifest:manifest><manifest:encryption-data/></manifest:manifest>'
    const locked = zipOf({ 'META-INF/manifest.xml': manifest, 'content.xml': 'x' })
    await expect(read(locked)).rejects.toMatchObject({ code: 'file.encrypted' })
    await expect(read(zipOf({ a: '' }))).rejects.toMatchObject({ code: 'file.damaged' })
  })
})
