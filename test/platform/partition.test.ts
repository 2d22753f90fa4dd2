import { describe, expect, it } from 'vitest'
import { decode, encodingNamed } from '../../src/kit/encodings.ts'
import { createFilePartition } from '../../src/platform/partition.ts'

const partitionFile = createFilePartition()

const file = (filename: string, content: string | Uint8Array, mediaType = '') => ({
  filename,
  mediaType,
  content: typeof content === 'string' ? Buffer.from(content) : content,
})

const signal = () => AbortSignal.timeout(5000)

describe('one file', () => {
  it('becomes elements, as the reference’s endpoint gives them', async () => {
    const html =
      '<h1>Lamps</h1><p>We sell lamps to all of Europe.</p><p><a href="more.html">More of them</a></p>'
    const elements = await partitionFile({ file: file('page.html', html) }, signal())
    expect(elements.map(({ type }) => type)).toEqual(['Title', 'NarrativeText', 'UncategorizedText'])
    expect(elements[1]).toMatchObject({
      element_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      metadata: {
        filename: 'page.html',
        filetype: 'text/html',
        languages: ['eng'],
        parent_id: elements[0]!.element_id,
      },
    })
    expect(elements[1]!.metadata).not.toHaveProperty('data_source')
    expect(elements[2]!.metadata.link_urls).toEqual(['more.html'])
  })

  it('is HTML by its type, its name, or its beginning', async () => {
    for (const each of [
      file('x', '<p>a</p>', 'text/html'),
      file('x.htm', '<p>a</p>', 'application/octet-stream'),
      file('x', '\ufeff \n<html><p>a</p>'),
    ])
      expect((await partitionFile({ file: each }, signal())).map(({ text }) => text)).toEqual(['a'])
    expect(await partitionFile({ file: file('empty.html', '') }, signal())).toEqual([])
  })

  it('may be any file that Outflow reads', async () => {
    const [table] = await partitionFile({ file: file('sizes.csv', 'size,count\nS,1\nM,2') }, signal())
    expect(table).toMatchObject({ type: 'Table', metadata: { filetype: 'text/csv', filename: 'sizes.csv' } })
    const settings = { xml_keep_tags: true }
    const [xml] = await partitionFile({ file: file('a.xml', '<a><b>Words</b></a>'), settings }, signal())
    expect(xml!.text).toContain('<b>Words</b>')
  })

  it('becomes chunks where they are asked for', async () => {
    const chunking = { strategy: 'basic', settings: { max_characters: 20 } }
    const request = { file: file('a.txt', 'Ten words make a text that is cut in pieces.'), chunking }
    const chunks = await partitionFile(request, signal())
    expect(chunks.map(({ type }) => type)).toEqual(Array(chunks.length).fill('CompositeElement'))
    expect(chunks.length).toBeGreaterThan(1)
  })

  it.each([
    [file('x.bin', '\0\0'), 'file.unsupported'],
    [file('paper.pdf', '%PDF-1.7'), 'file.damaged'],
  ])('is refused with the reason where nothing reads it: $filename', async (given, code) => {
    await expect(partitionFile({ file: given }, signal())).rejects.toMatchObject({ kind: 'content', code })
  })

  it('is read in the encoding that is given', async () => {
    const given = file('x.html', Buffer.from('<p>\u0093Grün\u0094</p>', 'latin1'))
    const [element] = await partitionFile({ file: given, encoding: 'cp1252' }, signal())
    expect(element!.text).toBe('“Grün”')
    await expect(partitionFile({ file: given, encoding: 'klingon' }, signal())).rejects.toMatchObject({
      kind: 'config',
      code: 'partition.encoding_unknown',
      fields: [{ field: 'encoding' }],
    })
  })

  it('is not begun for somebody who has gone', async () => {
    await expect(partitionFile({ file: file('x.html', '') }, AbortSignal.abort())).rejects.toThrow()
  })
})

describe('encodings', () => {
  it.each([
    ['latin-1', 'windows-1252'],
    ['ISO8859_15', 'iso-8859-15'],
    ['utf_8', 'utf-8'],
    ['UTF-8-sig', 'utf-8'],
    ['utf_16_le', 'utf-16le'],
    ['euc_jp', 'euc-jp'],
    ['cp932', 'shift_jis'],
    ['koi8_r', 'koi8-r'],
    ['klingon', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ])('are known by the names of Python, too: %s', (name, expected) => {
    expect(encodingNamed(name)).toBe(expected)
  })

  it.each<[string, Uint8Array, string | undefined, string, string]>([
    ['a mark', Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'latin-1', '', 'A'],
    ['a mark of UTF-8', Buffer.from('\ufeffGrün'), undefined, '', 'Grün'],
    ['what is chosen', Buffer.from('Grün'), 'latin-1', '', 'GrÃ¼n'],
    ['UTF-8', Buffer.from('Grün'), undefined, 'text/html; charset=latin1', 'Grün'],
    ['UTF-8 that is none', Buffer.from('Grün', 'latin1'), 'utf-8', '', 'Grün'],
    ['what the sender says', Buffer.from([0xcb]), undefined, 'text/html; charset="koi8-r"', 'к'],
    [
      'what the file says',
      Buffer.from('<meta charset=koi8-r>\u00cb', 'latin1'),
      undefined,
      '',
      '<meta charset=koi8-r>к',
    ],
    ['nothing', Buffer.from([0x93]), undefined, 'text/html; charset=klingon', '“'],
  ])('of a file come from %s', (_, content, chosen, mediaType, expected) => {
    expect(decode(content, chosen, mediaType)).toBe(expected)
  })
})
