import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { compoundOf, double, longs, record, wide, words, xlsOf } from '../sandbox/files/xls.ts'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'
import { readXls } from './xls.ts'

async function read(bytes: Uint8Array, options: Partial<FileOptions> = {}) {
  const context = { signal: new AbortController().signal, lose: () => {}, nested: async () => [] }
  return readXls({ bytes }, { ...defaultFileOptions(), ...options }, context)
}

const shared = (row: number, column: number, index: number) =>
  record(0x00fd, words(row, column, 0), longs(index))
const number = (row: number, column: number, value: number, style = 0) =>
  record(0x0203, words(row, column, style), double(value))
const label = (row: number, column: number, text: string) =>
  record(0x0204, words(row, column, 0, text.length), wide(text))
const html = async (...records: Buffer[]) =>
  (await read(xlsOf({ sheets: [records] })))[0]?.metadata.text_as_html

describe('workbooks of before 2007', () => {
  it('are read like those of today', async () => {
    const strings = ['size', 'count', 'S']
    const sheet = [shared(0, 0, 0), shared(0, 1, 1), shared(1, 0, 2), number(1, 1, 4)]
    const elements = await read(xlsOf({ sheets: [sheet, [label(0, 0, 'Ω')]], strings, hidden: true }))
    expect(elements.map(({ text, metadata }) => [text, metadata.page_name, metadata.hidden])).toEqual([
      ['size count\nS 4', 'Stock', true],
      ['Ω', 'Stock 2', true],
    ])
    expect(elements[0]?.metadata.text_as_html).toContain('<th>count</th>')
  })

  it('hold numbers in many ways', async () => {
    const whole = (4 << 2) | 2
    const hundredth = (1234 << 2) | 3
    expect(
      await html(
        record(0x00bd, words(0, 0, 0), longs(whole), words(0), longs(hundredth), words(1)),
        record(0x027e, words(0, 2, 0), longs(0x3ff80000)),
        number(1, 0, 45658, 1),
        number(1, 1, 0.125, 2),
        record(0x0205, words(1, 2, 0), Buffer.from([1, 0])),
      ),
    ).toBe(
      '<table><tr><td>4</td><td>12.34</td><td>1.5</td></tr><tr><td>2025-01-01</td><td>13%</td><td>TRUE</td></tr></table>',
    )
  })

  it('show what their formulas came to', async () => {
    const formula = (column: number, ...result: number[]) =>
      record(0x0006, words(0, column, 0), Buffer.from(result))
    const said = record(0x0207, words(3), wide('yes'))
    expect(
      await html(
        ...[formula(0, 0, 0, 0, 0, 0, 0, 0xff, 0xff), said, formula(1, 2, 0, 7, 0, 0, 0, 0xff, 0xff)],
        record(0x0006, words(0, 2, 0), double(2)),
      ),
    ).toBe('<table><tr><td>yes</td><td>#DIV/0!</td><td>2</td></tr></table>')
  })

  it('have texts that go on in the next record, in letters of another width', async () => {
    const first = record(0x00fc, longs(1, 1), words(6), wide('Lam'))
    const rest = record(0x003c, Buffer.from([0]), Buffer.from('ps!', 'latin1'))
    const bytes = xlsOf({ sheets: [[shared(0, 0, 0)]], globals: [first, rest] })
    expect((await read(bytes)).map(({ text }) => text)).toEqual(['Lamps!'])
  })

  it('have merged cells, links and comments', async () => {
    const url = Buffer.from('https://example.com/\0', 'utf16le')
    const moniker = Buffer.from('e0c9ea79f9bace118c8200aa004ba90b', 'hex')
    const records = [
      ...[label(0, 0, 'Lamps'), label(1, 0, 'one'), label(1, 1, 'two')],
      record(0x00e5, words(1, 0, 0, 0, 1)),
      record(0x01b8, words(1, 1, 0, 0), Buffer.alloc(16), longs(2, 1), moniker, longs(url.length), url),
      record(0x005d, words(0x15, 0x12, 0x19, 7)),
      record(0x01b6, Buffer.alloc(10), words(5, 0, 0, 0)),
      record(0x003c, wide('Check')),
      record(0x001c, words(1, 0, 0, 7, 3), wide('Ada')),
    ]
    const options = { findSubtable: false, includeComments: true }
    const [table, comment] = await read(xlsOf({ sheets: [records] }), options)
    expect(table?.metadata.text_as_html).toContain('<td colspan="2">Lamps</td>')
    expect(table?.metadata.text_as_html).toContain('<a href="https://example.com/">one</a>')
    expect(table?.metadata.link_urls).toEqual(['https://example.com/'])
    expect(comment).toMatchObject({ text: 'Check', metadata: { comment: true, comment_author: 'Ada' } })
  })

  it('that are encrypted, older, broken or in circles are refused in words', async () => {
    const locked = xlsOf({ sheets: [], globals: [record(0x002f, words(0))] })
    await expect(read(locked)).rejects.toMatchObject({ code: 'file.encrypted' })
    await expect(read(compoundOf({ Book: words(1) }))).rejects.toMatchObject({ code: 'file.unsupported' })
    await expect(read(compoundOf({ Other: words(1) }))).rejects.toMatchObject({ code: 'file.damaged' })
    const cut = xlsOf({ sheets: [[record(0x0203, words(0, 0, 0))]] })
    await expect(read(cut)).rejects.toMatchObject({ code: 'file.damaged' })
    const circle = xlsOf({ sheets: [[label(0, 0, 'Lamps'.repeat(1000))]] })
    const table = (circle.readUInt32LE(76) + 1) * 512
    for (let at = 0; at < 512; at += 4) circle.writeUInt32LE(at / 4, table + at)
    await expect(read(circle)).rejects.toMatchObject({ code: 'file.damaged' })
  })
})
