import { describe, expect, it } from 'vitest'
import type { Loss } from '../model/content.ts'
import { office, relationships } from '../sandbox/files/package.ts'
import { xlsxOf } from '../sandbox/files/xlsx.ts'
import { zipOf } from '../sandbox/files/zip.ts'
import type { FileOptions } from './file.ts'
import { openZip } from './office/zip.ts'
import { defaultFileOptions } from './options.ts'
import { readXlsx } from './xlsx.ts'

/** A workbook of one sheet. @param inside of `worksheet` */
const workbook = (inside: string, strings: readonly string[] = [], state = '') =>
  xlsxOf({ sheets: [{ inside, state }], strings })

const losses: Loss[] = []

async function read(bytes: Uint8Array, options: Partial<FileOptions> = {}) {
  losses.length = 0
  const lose = (loss: Loss) => void losses.push(loss)
  const context = { signal: new AbortController().signal, lose, nested: async () => [] }
  return readXlsx({ bytes }, { ...defaultFileOptions(), ...options }, context)
}

const shared = (place: string, index: number) => `<c r="${place}" t="s"><v>${index}</v></c>`
const number = (place: string, value: number, style = 0) => `<c r="${place}" s="${style}"><v>${value}</v></c>`
const strings = ['Lamps in stock', 'size', 'count', 'S', 'M', 'As of May.']
const stock = `<sheetData><row r="1">${shared('A1', 0)}</row><row r="2">${shared('A2', 1)}${shared('B2', 2)}</row><row r="3">${shared('A3', 3)}${number('B3', 4)}</row><row r="4">${shared('A4', 4)}${number('B4', 7)}</row><row r="5">${shared('A5', 5)}</row></sheetData>`

describe('workbooks', () => {
  it('are tables with the single cells above and below them as text', async () => {
    const elements = await read(workbook(stock, strings), { mode: 'compat' })
    expect(elements.map(({ type, text }) => [type, text])).toEqual([
      ['Title', 'Lamps in stock'],
      ['Table', 'size count S 4 M 7'],
      [expect.any(String), 'As of May.'],
    ])
    expect(elements[1]!.metadata).toMatchObject({ page_name: 'Stock', page_number: 1 })
    expect(elements[1]!.metadata.text_as_html).not.toContain('<th>')
  })

  it('show headings, dates, percentages and cells that are one', async () => {
    const inside = `<sheetData><row r="1">${shared('A1', 1)}${shared('B1', 2)}</row><row r="2">${number('A2', 45658, 1)}${number('B2', 0.125, 2)}</row></sheetData><mergeCells><mergeCell ref="A3:B3"/></mergeCells>`
    const [table] = await read(workbook(inside, strings))
    expect(table!.metadata.text_as_html).toBe(
      '<table><tr><th>size</th><th>count</th></tr><tr><td>2025-01-01</td><td>13%</td></tr></table>',
    )
    const merged = `<sheetData><row r="1">${shared('A1', 0)}</row><row r="2">${shared('A2', 3)}${shared('B2', 4)}</row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>`
    const [whole] = await read(workbook(merged, strings), { findSubtable: false })
    expect(whole!.metadata.text_as_html).toContain('<td colspan="2">Lamps in stock</td>')
  })

  it('keep a minus sign, whole figures and the days that 1900 had', async () => {
    const single = async (value: number, style = 0) =>
      (await read(workbook(`<sheetData><row>${number('A1', value, style)}</row></sheetData>`)))[0]?.text
    expect(await single(-5)).toBe('-5')
    expect(await single(0.1 + 0.2)).toBe('0.3')
    expect(await single(1, 1)).toBe('1900-01-01')
    expect(await single(61, 1)).toBe('1900-03-01')
    expect(await single(0.5, 1)).toBe('12:00:00')
    expect(await single(1e300, 1)).toBe('1e+300')
  })

  it('keep rows in the table that a cell from above goes on into', async () => {
    const cells = (row: number, ...texts: string[]) =>
      `<row r="${row}">${texts.map((text, index) => (text === '' ? '' : `<c r="${'AB'[index]}${row}" t="str"><v>${text}</v></c>`)).join('')}</row>`
    const rows = [
      cells(1, 'Kind', 'Name'),
      cells(2, 'Veg', 'Leek'),
      cells(3, '', 'Kale'),
      cells(4, '', 'Pea'),
    ]
    const inside = `<sheetData>${rows.join('')}</sheetData><mergeCells><mergeCell ref="A2:A4"/></mergeCells>`
    const elements = await read(xlsxOf({ sheets: [{ inside }] }))
    expect(elements.map(({ metadata }) => metadata.text_as_html)).toEqual([
      '<table><tr><th>Kind</th><th>Name</th></tr><tr><td rowspan="3">Veg</td><td>Leek</td></tr><tr><td>Kale</td></tr><tr><td>Pea</td></tr></table>',
    ])
  })

  it('lose nothing but emptiness where a cell stands far away from the others', async () => {
    const rows = [
      '<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="XFD1"><v>3</v></c>',
      '<c r="A2"><v>4</v></c><c r="B2"><v>6</v></c>',
    ]
    const inside = `<sheetData>${rows.map((cells) => `<row>${cells}</row>`).join('')}<row r="1048576"><c r="B1048576"><v>5</v></c></row></sheetData><mergeCells><mergeCell ref="B1:XFC1"/></mergeCells>`
    const [near] = await read(xlsxOf({ sheets: [{ inside }] }))
    expect(near?.metadata.text_as_html).toBe(
      '<table><tr><td>1</td><td colspan="2">2</td><td>3</td></tr><tr><td>4</td><td>6</td><td/><td/></tr></table>',
    )
    const [all] = await read(xlsxOf({ sheets: [{ inside }] }), { findSubtable: false })
    expect(all?.text).toBe('1 2 3\n4 6\n5')
    const plain = read(xlsxOf({ sheets: [{ inside }] }), { findSubtable: false, mode: 'compat' })
    await expect(plain).rejects.toMatchObject({ code: 'file.too_much' })
  })

  it('have links, and comments where they are asked for', async () => {
    const inside = `${stock}<hyperlinks><hyperlink ref="A1" r:id="home"/><hyperlink ref="A3" r:id="home" location="s"/></hyperlinks>`
    const comments =
      '<comments><authors><author>Ada</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>Check</t></r><r><t> this</t></r></text></comment></commentList></comments>'
    const bytes = xlsxOf({
      sheets: [
        {
          inside,
          related: [
            ['home', 'hyperlink', 'https://example.com/'],
            ['said', 'comments', '../comments.xml'],
          ],
        },
      ],
      strings,
      others: { 'xl/comments.xml': comments },
    })
    const [title, table, ...rest] = await read(bytes, { includeComments: true })
    expect(title?.metadata.links).toEqual([
      { text: 'Lamps in stock', url: 'https://example.com/', start_index: 0 },
    ])
    expect(table?.metadata.text_as_html).toContain('<td><a href="https://example.com/#s">S</a></td>')
    expect(table?.metadata.link_urls).toEqual(['https://example.com/#s'])
    expect(rest.at(-1)).toMatchObject({
      text: 'Check this',
      metadata: { comment: true, comment_author: 'Ada', page_name: 'Stock' },
    })
    expect(await read(bytes)).toHaveLength(3)
  })

  it('have threads of comments, and not what stands for them in older programs', async () => {
    const standIn = '[Threaded comment] Your version of Excel allows you to read this.'
    const comments = `<comments><authors><author>tc={1}</author><author>Ben</author></authors><commentList><comment ref="A1" authorId="0"><text><t>${standIn}</t></text></comment><comment ref="A2" authorId="1"><text><t>A note</t></text></comment></commentList></comments>`
    const threads =
      '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" personId="{a}" id="{1}"><text>Why so few?</text></threadedComment><threadedComment ref="A1" personId="{b}" id="{2}" parentId="{1}"><text>Sold out</text></threadedComment></ThreadedComments>'
    const people =
      '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="Ada" id="{a}"/><person displayName="Cleo" id="{b}"/></personList>'
    const bytes = xlsxOf({
      sheets: [
        {
          inside: stock,
          related: [
            ['said', 'comments', '../comments.xml'],
            ['threads', 'threadedComment', '../threads.xml'],
          ],
        },
      ],
      strings,
      related: [['people', 'person', 'persons.xml']],
      others: { 'xl/comments.xml': comments, 'xl/threads.xml': threads, 'xl/persons.xml': people },
    })
    const said = (await read(bytes, { includeComments: true })).filter(({ metadata }) => metadata.comment)
    expect(said.map(({ text, metadata }) => `${String(metadata.comment_author)}: ${text}`)).toEqual([
      ...['Ben: A note', 'Ada: Why so few?', 'Cleo: Sold out'],
    ])
  })

  it('show pictures, charts and text that are drawn on them', async () => {
    const newer =
      '<mc:AlternateContent><mc:Choice Requires="cx1"/><mc:Fallback><xdr:sp><xdr:txBody><a:p><a:r><a:t>This chart needs another Excel.</a:t></a:r></a:p></xdr:txBody></xdr:sp></mc:Fallback></mc:AlternateContent>'
    const drawing = `<xdr:wsDr xmlns:r="${office}"><xdr:pic><xdr:nvPicPr><xdr:cNvPr descr="A lamp"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="lamp"/></xdr:blipFill></xdr:pic><c:chart r:id="chart"/><c:chart r:id="chart"/><xdr:sp><xdr:txBody><a:p><a:r><a:t>By hand.</a:t></a:r></a:p></xdr:txBody></xdr:sp>${newer}</xdr:wsDr>`
    const chart =
      '<c:chartSpace><c:chart><c:title><a:p><a:t>Sales</a:t></a:p></c:title><c:ser><c:tx><c:v>Lamps</c:v></c:tx><c:cat><c:v>May</c:v></c:cat><c:val><c:v>7</c:v></c:val></c:ser></c:chart></c:chartSpace>'
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
    const bytes = xlsxOf({
      sheets: [{ inside: '', related: [['drawing', 'drawing', '../drawings/a.xml']] }],
      others: {
        'xl/drawings/a.xml': drawing,
        'xl/drawings/_rels/a.xml.rels': relationships(
          ['lamp', 'image', '../media/a.png'],
          ['chart', 'chart', '../charts/a.xml'],
        ),
        'xl/charts/a.xml': chart,
        'xl/media/a.png': png,
      },
    })
    const elements = await read(bytes, { imageData: true })
    expect(elements.map(({ type, text }) => [type, text])).toEqual([
      ['Image', 'A lamp'],
      ['FigureCaption', 'Sales'],
      ['Table', 'Lamps\nMay 7'],
      [expect.any(String), 'By hand.'],
    ])
    expect(losses).toEqual([{ code: 'drawing_not_read', name: 'cx1' }])
    expect(elements[0]?.metadata).toMatchObject({ image_mime_type: 'image/png', page_number: 1 })
    expect(await read(bytes, { mode: 'compat' })).toEqual([])
  })

  it('tell what their author hides', async () => {
    const elements = await read(workbook(stock, strings, ' state="hidden"'))
    expect(elements.every(({ metadata }) => metadata.hidden === true)).toBe(true)
  })

  it('that claim more cells than there are cost nothing', async () => {
    const far = `<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">${number('XFD1048576', 1)}</row><row r="1">${number('A1', 2)}</row></sheetData>`
    expect((await read(workbook(far))).map(({ text }) => text)).toEqual(['2', '1'])
  })

  it('find their parts however their names are written, and tell those that are missing', async () => {
    const parts = await openZip(workbook(stock, strings), 'workbook')
    const renamed: Record<string, Uint8Array> = {}
    for (const name of parts.names)
      renamed[name.replace('sharedStrings', 'SharedStrings')] = (await parts.read(name))!
    expect(await read(zipOf(renamed))).toHaveLength(3)
    delete renamed['xl/worksheets/0.xml']
    expect(await read(zipOf(renamed))).toEqual([])
    expect(losses).toEqual([{ code: 'sheet_missing', name: 'Stock' }])
    delete renamed['xl/SharedStrings.xml']
    const bare = zipOf({ ...renamed, 'xl/worksheets/0.xml': `<worksheet>${stock}</worksheet>` })
    await expect(read(bare)).rejects.toMatchObject({ code: 'file.damaged' })
  })

  it('know characters that are written by their number', async () => {
    const cell = '<c r="A1" t="str"><v>one_x000D_\ntwo _x005F_x0041_</v></c>'
    const [text] = await read(workbook(`<sheetData><row r="1">${cell}</row></sheetData>`))
    expect(text?.text).toBe('one\ntwo _x0041_')
  })

  it('without sheets, or without their parts, are damaged or empty', async () => {
    await expect(read(zipOf({ 'a.xml': '<a/>' }))).rejects.toMatchObject({ code: 'file.damaged' })
    expect(await read(workbook(''))).toEqual([])
  })

  it('that are encrypted or of the binary kind are refused in words', async () => {
    const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
    await expect(read(compound)).rejects.toMatchObject({ code: 'file.encrypted' })
    const binary = zipOf({
      '_rels/.rels': relationships(['r1', 'officeDocument', 'xl/workbook.bin']),
      'xl/workbook.bin': new Uint8Array([131, 1, 0]),
    })
    await expect(read(binary)).rejects.toMatchObject({ code: 'file.unsupported' })
  })
})
