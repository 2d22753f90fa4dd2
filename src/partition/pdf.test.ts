import { deflateSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { Loss } from '../model/content.ts'
import { lineAt, type PdfPageSource, type PdfSource, pdfOf, textAt } from '../sandbox/files/pdf.ts'
import type { Coordinates } from './coordinates.ts'
import type { FileOptions } from './file.ts'
import { findTools } from './find-tools.ts'
import { closeOcr } from './ocr.ts'
import { defaultFileOptions } from './options.ts'
import { readPdf } from './pdf.ts'

async function readBytes(bytes: Uint8Array, options: Partial<FileOptions> = {}, tessdata?: string) {
  const losses: Loss[] = []
  const elements = await readPdf(
    { bytes },
    { ...defaultFileOptions(), ...options },
    {
      signal: AbortSignal.timeout(20_000),
      lose: (loss) => void losses.push(loss),
      nested: () => Promise.resolve([]),
      ...(tessdata !== undefined && { tessdata }),
    },
  )
  return { elements, losses }
}

const read = (source: PdfSource, options?: Partial<FileOptions>) => readBytes(pdfOf(source), options)

const readPage = (page: PdfPageSource, options?: Partial<FileOptions>) => read({ pages: [page] }, options)

const texts = async (content: string, options?: Partial<FileOptions>) =>
  (await readPage({ content }, options)).elements.map(({ text }) => text)

const modes = ['compat', 'enhanced'] as const

describe.each(modes)('text in %s mode', (mode) => {
  test('lines near each other are a paragraph, those far away are not', async () => {
    const content = [
      textAt(72, 600, 'The keys are kept in'),
      textAt(72, 586, 'the drawer of the desk.'),
      textAt(72, 500, 'Chapter One'),
    ].join('\n')
    const { elements } = await readPage({ content }, { mode })
    expect(elements).toMatchObject([
      {
        type: 'NarrativeText',
        text: 'The keys are kept in the drawer of the desk.',
        metadata: { page_number: 1 },
      },
      { type: 'Title', text: 'Chapter One' },
    ])
  })

  test('pages may share their size', async () => {
    const page = { content: textAt(700, 560, 'To the right') }
    const { elements } = await read({ pages: [page], paper: [842, 595] }, { mode, coordinates: true })
    const { points, ...layout } = elements[0]!.metadata.coordinates as Coordinates
    expect(layout).toMatchObject({ layout_width: 842, layout_height: 595 })
    expect(points[0]![0]).toBeCloseTo(700, 0)
  })

  test('columns are read one after the other', async () => {
    const column = (x: number, name: string) =>
      [0, 1, 2].map((row) => textAt(x, 600 - row * 60, `${name} ${row}`)).join('\n')
    expect(await texts(`${column(350, 'right')}\n${column(72, 'left')}`, { mode })).toEqual([
      'left 0',
      'left 1',
      'left 2',
      'right 0',
      'right 1',
      'right 2',
    ])
  })

  test('what is drawn twice to look bold is there once', async () => {
    const bold = ['B', 'O', 'N', 'D']
      .map((letter, index) => [0, 0.4].map((off) => textAt(72 + index * 10 + off, 600, letter)).join('\n'))
      .join('\n')
    expect(await texts(bold, { mode })).toEqual(['BOND'])
  })

  test('header and footer stand at the edges of the page', async () => {
    const content = [textAt(72, 770, 'Handbook'), textAt(72, 400, 'Chapter'), textAt(72, 20, '7')].join('\n')
    const { elements } = await readPage({ content }, { mode })
    expect(elements.map(({ type }) => type)).toEqual(['Header', 'Title', 'Footer'])
    const without = await readPage({ content }, { mode, skipHeadersAndFooters: true })
    expect(without.elements.map(({ text }) => text)).toEqual(['Chapter'])
  })

  test('places are told when asked, in points from the upper left corner', async () => {
    const content = textAt(72, 600, 'Here')
    const { elements } = await readPage({ content }, { mode, coordinates: true })
    const place = elements[0]?.metadata.coordinates as { points: number[][] }
    expect(place).toMatchObject({ system: 'PixelSpace', layout_width: 612, layout_height: 792 })
    expect(place.points[0]?.[0]).toBeCloseTo(72, 1)
    expect(place.points[0]?.[1]).toBeCloseTo(182.48, 1)
    expect(place.points[2]?.[1]).toBeCloseTo(194.48, 1)
  })

  test('pages are numbered from the number that is asked for', async () => {
    const page = (text: string) => ({ content: textAt(72, 600, text) })
    const options = { mode, startingPageNumber: 5, includePageBreaks: true }
    const { elements } = await read({ pages: [page('One'), page('Two')] }, options)
    expect(elements).toMatchObject([
      { text: 'One', metadata: { page_number: 5 } },
      { type: 'PageBreak', text: '' },
      { text: 'Two', metadata: { page_number: 6 } },
    ])
  })

  test('links say what they stand on, and where they lead', async () => {
    const annotation =
      '/Subtype /Link /Rect [72 597.6 167.5 609.5] /A << /S /URI /URI (https://example.org/rules) >>'
    const { elements } = await readPage(
      { content: textAt(72, 600, 'House rules apply'), annotations: [annotation] },
      { mode },
    )
    expect(elements[0]?.metadata.links).toEqual([
      { text: 'House rules apply', url: 'https://example.org/rules', start_index: 0 },
    ])
  })

  test('what was filled into a form is text', async () => {
    const annotation =
      '/Subtype /Widget /FT /Tx /T (name) /V (Mallory Hastings) /DA (/F1 12 Tf) /Rect [200 595 300 615]'
    const { elements } = await readPage(
      { content: textAt(72, 600, 'Name:'), annotations: [annotation] },
      { mode },
    )
    expect(elements.map(({ text }) => text)).toEqual(['Name:', 'Mallory Hastings'])
  })
})

describe('what enhanced mode keeps', () => {
  test('a table with ruling lines, with merged cells', async () => {
    const rows = [600, 570, 540, 510].map((y) => lineAt(72, y, 372, y))
    const columns = [72, 172, 272, 372].map((x) => lineAt(x, 510, x, x === 172 ? 570 : 600))
    const content = [
      ...rows,
      ...columns,
      textAt(80, 580, 'Opening hours'),
      textAt(280, 580, 'Room'),
      textAt(80, 550, 'Monday'),
      textAt(180, 550, '8 & 9'),
      textAt(280, 550, '12'),
      textAt(80, 520, 'Tuesday'),
      textAt(180, 520, '10'),
      textAt(72, 400, 'Below the table'),
    ].join('\n')
    const { elements } = await readPage({ content })
    expect(elements).toMatchObject([
      {
        type: 'Table',
        text: 'Opening hours Room\nMonday 8 & 9 12\nTuesday 10',
        metadata: {
          text_as_html:
            '<table><tr><td colspan="2">Opening hours</td><td>Room</td></tr>' +
            '<tr><td>Monday</td><td>8 &amp; 9</td><td>12</td></tr>' +
            '<tr><td>Tuesday</td><td>10</td><td/></tr></table>',
        },
      },
      { text: 'Below the table' },
    ])
  })

  test('a large table that is a box for each cell, its links, and words that a line in it cuts', async () => {
    const box = (column: number, row: number) => `${36 + column * 30} ${776 - row * 13.5} 30 13.5 re S`
    const cells = Array.from({ length: 50 * 16 }, (_, index) => {
      const [column, row] = [index % 16, Math.floor(index / 16)]
      return `${box(column, row)}\n${textAt(38 + column * 30, 780 - row * 13.5, `c${index}`, 6)}`
    })
    const tall = '36 20 60 40 re S 96 20 60 40 re S 36 60 60 20 re S 96 60 60 20 re S'
    const words = [textAt(40, 48, 'infor-', 8), textAt(40, 40, 'mation', 8), textAt(100, 48, 'rules', 8)]
    const link = '/Subtype /Link /Rect [98 44 150 58] /A << /S /URI /URI (https://example.org/rules) >>'
    const { elements } = await readPage({
      content: [...cells, tall, ...words, textAt(40, 66, 'information', 8), textAt(100, 66, 'x', 8)].join(
        '\n',
      ),
      annotations: [link],
    })
    expect(elements.map(({ type }) => type)).toEqual(['Table', 'Table'])
    expect(String(elements[0]!.metadata.text_as_html).match(/<td>/g)).toHaveLength(800)
    expect(elements[1]).toMatchObject({
      text: 'information x\ninformation rules',
      metadata: { link_texts: ['rules'], link_urls: ['https://example.org/rules'] },
    })
  })

  test('the document’s outline tells headings and what is below them', async () => {
    const { elements } = await read({
      pages: [
        { content: [textAt(72, 600, '1. Rules of the house'), textAt(72, 500, 'Be quiet.')].join('\n') },
      ],
      bookmarks: [{ title: 'Rules of the house', page: 0 }],
    })
    expect(elements).toMatchObject([
      { type: 'Title', text: '1. Rules of the house', metadata: { category_depth: 0 } },
      { text: 'Be quiet.', metadata: { heading_path: ['1. Rules of the house'] } },
    ])
  })

  test('headers are known by coming back', async () => {
    const pages = [1, 2, 3].map((number) => ({
      content: [textAt(72, 720, `Handbook, page ${number}`), textAt(72, 400, `Chapter ${number}`)].join('\n'),
    }))
    const { elements } = await read({ pages })
    expect(elements.map(({ type }) => type)).toEqual([
      'Header',
      'Title',
      'Header',
      'Title',
      'Header',
      'Title',
    ])
    const compat = await read({ pages }, { mode: 'compat' })
    expect(compat.elements.some(({ type }) => type === 'Header')).toBe(false)
  })

  test('a word that is known is put together again, another one keeps its hyphen', async () => {
    const content = [
      textAt(72, 600, 'The document is a docu-'),
      textAt(72, 586, 'ment that is well-'),
      textAt(72, 572, 'known to everybody.'),
    ].join('\n')
    expect(await texts(content)).toEqual(['The document is a document that is well-known to everybody.'])
    expect(await texts(content, { mode: 'compat' })).toEqual([
      'The document is a docu- ment that is well- known to everybody.',
    ])
  })

  test('items of a list, however tight they stand, with the marks that stand before them', async () => {
    const bullet = (y: number, text: string) => [textAt(72, y, '\\225'), textAt(90, y, text)]
    const content = [
      textAt(72, 700, 'What we grow here:'),
      ...bullet(600, 'Apples are red and taste'),
      textAt(90, 586, 'good in autumn.'),
      ...bullet(572, 'Pears are green.'),
      ...[textAt(72, 500, '1. First do this thing.'), textAt(72, 486, '2. Then do that thing.')],
      ...[textAt(72, 400, 'We have been here since'), textAt(72, 386, '1990. It has been good.')],
    ]
    const { elements } = await readPage({ content: content.join('\n').replaceAll('\\\\', '\\') })
    expect(elements.map(({ type, text }) => `${type}: ${text}`)).toEqual([
      'NarrativeText: What we grow here:',
      'ListItem: Apples are red and taste good in autumn.',
      'ListItem: Pears are green.',
      'ListItem: 1. First do this thing.',
      'ListItem: 2. Then do that thing.',
      'NarrativeText: We have been here since 1990. It has been good.',
    ])
  })

  test('text of a turned page is read along its own lines', async () => {
    const content = [textAt(72, 600, 'Turned on its side'), textAt(72, 586, 'and read all the same.')].join(
      '\n',
    )
    const { elements } = await readPage({ content, rotate: 90 })
    expect(elements.map(({ text }) => text)).toEqual(['Turned on its side and read all the same.'])
  })

  test('boxes to tick', async () => {
    const annotation =
      '/Subtype /Widget /FT /Btn /T (agreed) /V /Yes /AS /Yes /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> /Rect [72 595 90 615]'
    const { elements } = await readPage({ content: textAt(100, 600, 'I agree'), annotations: [annotation] })
    expect(elements).toMatchObject([{ type: 'CheckBox', text: 'agreed', checked: true }, { text: 'I agree' }])
  })

  test('pictures, with their bytes when asked for', async () => {
    const content = `${textAt(72, 600, 'The floor plan')}\nq 100 0 0 100 72 300 cm /Im1 Do Q`
    const { elements } = await readPage({ content }, { imageData: true })
    expect(elements[1]).toMatchObject({ type: 'Image', metadata: { image_mime_type: 'image/png' } })
    const bytes = Buffer.from(String(elements[1]?.metadata.image_base64), 'base64')
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  })
})

describe('pages that are pictures', () => {
  const scan = { content: 'q 612 0 0 792 0 0 cm /Im1 Do Q' }

  test('are told as unread, and stand in their place', async () => {
    const { elements, losses } = await read({ pages: [{ content: textAt(72, 600, 'Cover') }, scan] })
    expect(elements).toMatchObject([{ text: 'Cover' }, { type: 'Image', metadata: { page_number: 2 } }])
    expect(losses).toEqual([{ code: 'scanned_page_without_ocr', name: 'page 2' }])
  })

  test.each(modes)('a document of nothing else is refused in %s mode', async (mode) => {
    await expect(readPage(scan, { mode })).rejects.toMatchObject({ kind: 'content', code: 'ocr.unavailable' })
  })
})

const { tessdata } = findTools({
  ...(process.env.OUTFLOW_TESSDATA && { tessdata: process.env.OUTFLOW_TESSDATA }),
})

describe.skipIf(tessdata === undefined)('text recognition (needs Tesseract’s language data)', () => {
  afterAll(closeOcr)

  test('sees what the text layer tells, where it tells it', async () => {
    const content = textAt(72, 600, 'The harbour opens at seven every day.', 20)
    const bytes = pdfOf({ pages: [{ content }] })
    const [told, seen] = await Promise.all([
      readBytes(bytes, { coordinates: true, strategy: 'fast' }),
      readBytes(bytes, { coordinates: true, strategy: 'ocr_only' }, tessdata),
    ])
    const { points, ...layout } = told.elements[0]!.metadata.coordinates as Coordinates
    expect(seen.elements).toMatchObject([
      { text: told.elements[0]?.text, metadata: { page_number: 1, coordinates: layout } },
    ])
    // A font's box is higher than its letters, by less than half of its size.
    const found = (seen.elements[0]!.metadata.coordinates as Coordinates).points
    for (const [index, [x, y]] of found.entries()) {
      expect(Math.abs(x - points[index]![0])).toBeLessThan(5)
      expect(Math.abs(y - points[index]![1])).toBeLessThan(10)
    }
  })
})

describe('files that cannot be read', () => {
  test('what is no PDF is damaged', async () => {
    await expect(readBytes(Buffer.from('%PDF-1.7 and nothing else'))).rejects.toMatchObject({
      code: 'file.damaged',
    })
  })

  test('a password is asked for', async () => {
    const source = { pages: [{ content: textAt(72, 600, 'Secret') }], encrypted: true }
    await expect(read(source)).rejects.toMatchObject({ code: 'file.encrypted' })
  })

  test('a form that draws itself ends', async () => {
    expect(await texts(`${textAt(72, 600, 'Round and round')} /Fm1 Do`)).toEqual(['Round and round'])
  })

  test('a page that asks for more memory than there is costs only itself', async () => {
    const squeezed = deflateSync('0 0 m 1 1 l S\n'.repeat(9_000_000))
    const bomb = { content: squeezed.toString('latin1'), filter: 'FlateDecode' }
    await expect(readPage(bomb)).rejects.toMatchObject({ code: 'file.too_much' })
    expect(await texts(textAt(72, 600, 'Next, please'))).toEqual(['Next, please'])
  })

  test('a page of graph paper ends', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) =>
      index % 2 === 0
        ? lineAt(0, (index * 792) / 2_000, 612, (index * 792) / 2_000)
        : lineAt((index * 612) / 2_000, 0, (index * 612) / 2_000, 792),
    )
    expect(await texts(`${lines.join('\n')}\n${textAt(72, 600, 'Plot')}`)).toEqual(['Plot'])
  })

  test('50,000 letters on one spot end', async () => {
    const content = Array.from({ length: 50_000 }, (_, index) =>
      textAt(72, 600, 'abcdefghijk'[index % 11]!),
    ).join('\n')
    await expect(readPage({ content })).resolves.toBeDefined()
  })
})
