import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { type PptxParts, pptxOf } from '../sandbox/files/pptx.ts'
import { zipOf } from '../sandbox/files/zip.ts'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'
import { readPptx } from './pptx.ts'

const read = (bytes: Uint8Array, options: Partial<FileOptions> = {}) =>
  readPptx(
    { bytes },
    { ...defaultFileOptions(), ...options },
    { signal: new AbortController().signal, lose: () => {}, nested: () => Promise.resolve([]) },
  )

const elementsOf = (parts: PptxParts, options?: Partial<FileOptions>) => read(pptxOf(parts), options)

/** Elements of one slide. */
const slideOf = (shapes: string, options?: Partial<FileOptions>) =>
  elementsOf({ slides: [{ shapes }] }, options)

const p = (text: string, properties = '', run = '') =>
  `<a:p>${properties}<a:r><a:rPr ${run}/><a:t>${text}</a:t></a:r></a:p>`
const placeAt = (left: number, top: number) =>
  `<a:xfrm><a:off x="${left}" y="${top}"/><a:ext cx="900" cy="900"/></a:xfrm>`
const shape = (paragraphs: string, place = '', placeholder = '') =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:spPr>${place}</p:spPr>` +
  `<p:txBody>${paragraphs}</p:txBody></p:sp>`
const title = '<p:ph type="title"/>'
const body = '<p:ph type="body" idx="1"/>'
const frame = (data: string) =>
  `<p:graphicFrame><a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></p:graphicFrame>`
const cell = (text: string, attributes = '') => `<a:tc ${attributes}><a:txBody>${p(text)}</a:txBody></a:tc>`
const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const compat = { mode: 'compat' } as const

describe('slides', () => {
  it('are pages, with breaks between them where they are asked for', async () => {
    const slides = [{ shapes: shape(p('One'), '', title) }, { shapes: shape(p('Two'), '', title) }]
    const elements = await elementsOf({ slides }, { includePageBreaks: true })
    expect(elements.map(({ type, text, metadata }) => [type, text, metadata.page_number])).toEqual([
      ['Title', 'One', 1],
      ['PageBreak', '', 1],
      ['Title', 'Two', 2],
    ])
    expect(await elementsOf({ slides })).toHaveLength(2)
  })

  it('tell that they are hidden', async () => {
    const elements = await elementsOf({ slides: [{ shapes: shape(p('Secret')), hidden: true }] })
    expect(elements[0]?.metadata.hidden).toBe(true)
  })

  it('have notes, where they are asked for', async () => {
    const slides = [{ shapes: shape(p('One'), '', title), notes: shape(p('Say hello.'), '', body) }]
    expect(await elementsOf({ slides })).toHaveLength(1)
    const elements = await elementsOf({ slides }, { includeSlideNotes: true })
    expect(elements[1]).toMatchObject({
      type: 'NarrativeText',
      text: 'Say hello.',
      metadata: { notes: true },
    })
  })
})

describe('shapes', () => {
  it('are read from the top down and from left to right, those in groups and of layouts where they show', async () => {
    const group =
      '<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="500"/><a:ext cx="10" cy="10"/><a:chOff x="0" y="0"/>' +
      `<a:chExt cx="10" cy="10"/></a:xfrm></p:grpSpPr>${shape(p('Third'), placeAt(0, 1))}</p:grpSp>`
    const shapes =
      group +
      shape(p('Fourth'), '', body) +
      shape(p('Second'), placeAt(9, 7)) +
      shape(p('First'), placeAt(2, 7))
    const elements = await elementsOf({ slides: [{ shapes }], layout: shape('', placeAt(1, 900), body) })
    expect(elements.map(({ text }) => text)).toEqual(['First', 'Second', 'Third', 'Fourth'])
  })

  it('outside of the slide are left out; enhanced mode keeps those that show in part', async () => {
    const shapes = shape(p('Partly'), placeAt(-100, 5)) + shape(p('Gone'), placeAt(-5000, 5))
    expect((await slideOf(shapes)).map(({ text }) => text)).toEqual(['Partly'])
    expect(await slideOf(shapes, compat)).toEqual([])
  })
})

describe('text', () => {
  it('of a title ranks line by line; all else is told by its looks', async () => {
    const shapes =
      shape(p('Plans') + p('For spring'), placeAt(1, 1), title) +
      shape(p('Budget', '<a:pPr lvl="1"/>') + p('We have seen what it costs.'), placeAt(1, 2))
    const elements = await slideOf(shapes, compat)
    expect(elements.map(({ type, metadata }) => [type, metadata.category_depth])).toEqual([
      ['Title', 0],
      ['Title', 1],
      ['Title', 2],
      ['NarrativeText', 0],
    ])
  })

  it('is an item where it has a bullet; in enhanced mode also one from its master', async () => {
    const parts: PptxParts = {
      slides: [{ shapes: shape(p('Inherited') + p('None', '<a:pPr><a:buNone/></a:pPr>'), '', body) }],
      textStyles: '<p:bodyStyle><a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr></p:bodyStyle>',
    }
    const typesIn = async (options?: Partial<FileOptions>) =>
      (await elementsOf(parts, options)).map(({ type }) => type)
    expect(await typesIn()).toEqual(['ListItem', 'Title'])
    expect(await typesIn(compat)).toEqual(['Title', 'Title'])
  })

  it('keeps links and emphasis', async () => {
    const link = '<a:p><a:r><a:rPr><a:hlinkClick r:id="site"/></a:rPr><a:t>here</a:t></a:r></a:p>'
    const shapes = shape(link + p('loud', '', 'b="1"'))
    const [linked, loud] = await elementsOf({ slides: [{ shapes }], links: { site: 'https://a.example/' } })
    expect(linked?.metadata).toMatchObject({ link_texts: ['here'], link_urls: ['https://a.example/'] })
    expect(loud?.metadata.emphasized_text_tags).toEqual(['b'])
  })
})

describe('what is no text', () => {
  it('is a table with merged cells and a heading row', async () => {
    const rows =
      `<a:tr>${cell('Both', 'gridSpan="2"')}${cell('', 'hMerge="1"')}</a:tr>` +
      `<a:tr>${cell('a')}${cell('b')}</a:tr>`
    const shapes = frame(`<a:tbl><a:tblPr firstRow="1"/>${rows}</a:tbl>`)
    const [rich] = await slideOf(shapes)
    expect(rich?.metadata.text_as_html).toBe(
      '<table><tr><th colspan="2">Both</th></tr><tr><td>a</td><td>b</td></tr></table>',
    )
    const [plain] = await slideOf(shapes, compat)
    expect(plain?.text).toBe('Both a b')
    expect(plain?.metadata.text_as_html).toBe(
      '<table><tr><td>Both</td><td/></tr><tr><td>a</td><td>b</td></tr></table>',
    )
  })

  it('is a picture with its bytes', async () => {
    const shapes =
      '<p:pic><p:nvPicPr><p:cNvPr descr="A cat"/></p:nvPicPr><p:blipFill><a:blip r:embed="cat.png"/></p:blipFill></p:pic>'
    const parts = { slides: [{ shapes }], media: { 'cat.png': png } }
    const [image] = await elementsOf(parts, { imageData: true })
    expect(image).toMatchObject({ type: 'Image', text: 'A cat' })
    expect(image?.metadata).toMatchObject({
      image_mime_type: 'image/png',
      image_base64: png.toString('base64'),
    })
    expect(await elementsOf(parts, compat)).toEqual([])
  })

  it('is a chart: the table of its figures', async () => {
    const chart =
      '<c:ser><c:tx><c:v>Sales</c:v></c:tx><c:cat><c:v>May</c:v></c:cat><c:val><c:v>7</c:v></c:val></c:ser>'
    const [table] = await elementsOf({ slides: [{ shapes: frame('<c:chart r:id="chart"/>') }], chart })
    expect(table).toMatchObject({ type: 'Table', text: 'Sales\nMay 7' })
  })
})

it('of alternatives the one with the text is read, formulas and all', async () => {
  const half =
    '<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>'
  const words = shape(`<a:p><a:r><a:t>The mean is </a:t></a:r><a14:m>${half}</a14:m></a:p>`)
  const shapes = `<mc:AlternateContent><mc:Choice Requires="a14">${words}</mc:Choice><mc:Fallback>${shape(p(' '))}</mc:Fallback></mc:AlternateContent>`
  expect((await slideOf(shapes)).map(({ text }) => text)).toEqual(['The mean is (a+b)/2'])
})

describe('comments', () => {
  const comments = async (list: string, authors: [string, string]) => {
    const [type, people] = authors
    const elements = await elementsOf(
      {
        slides: [{ shapes: shape(p('Lamps')), related: [['said', 'comments', '../said.xml']] }],
        related: [['people', type, 'people.xml']],
        others: { 'ppt/said.xml': list, 'ppt/people.xml': people },
      },
      { includeComments: true },
    )
    return elements.slice(1).map(({ text, metadata }) => `${String(metadata.comment_author)}: ${text}`)
  }

  it('follow the slide that they are on', async () => {
    const list = '<p:cmLst><p:cm authorId="0" idx="1"><p:text>Is that so?</p:text></p:cm></p:cmLst>'
    const people = '<p:cmAuthorLst><p:cmAuthor id="0" name="Ada"/></p:cmAuthorLst>'
    expect(await comments(list, ['commentAuthors', people])).toEqual(['Ada: Is that so?'])
  })

  it('have replies in today’s PowerPoint', async () => {
    const said = (text: string) => `<x:txBody>${p(text)}${p('Ask us.')}</x:txBody>`
    const of = 'xmlns:x="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
    const list = `<x:cmLst ${of}><x:cm authorId="{a}"><x:replyLst><x:reply authorId="{b}">${said('It is.')}</x:reply></x:replyLst>${said('Is that so?')}</x:cm></x:cmLst>`
    const people = `<x:authorLst ${of}><x:author id="{a}" name="Ada"/><x:author id="{b}" name="Ben"/></x:authorLst>`
    expect(await comments(list, ['authors', people])).toEqual([
      'Ada: Is that so?\nAsk us.',
      'Ben: It is.\nAsk us.',
    ])
  })
})

it('refuses what is encrypted', async () => {
  const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
  await expect(read(compound)).rejects.toMatchObject({ code: 'file.encrypted' })
})

it('refuses what is no presentation', async () => {
  await expect(read(zipOf({ 'a.txt': 'a' }))).rejects.toMatchObject({ code: 'file.damaged' })
  await expect(read(Buffer.from('nothing'))).rejects.toMatchObject({ code: 'file.damaged' })
})
