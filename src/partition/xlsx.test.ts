import { describe, expect, it } from 'vitest'
import { relationships, xlsxOf } from '../../test/files/xlsx.ts'
import { zipOf } from '../../test/files/zip.ts'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'
import { readXlsx } from './xlsx.ts'

/** A workbook of one sheet. @param inside of `worksheet` */
const workbook = (inside: string, strings: readonly string[] = [], state = '') =>
  xlsxOf({ sheets: [{ inside, state }], strings })

async function read(bytes: Uint8Array, options: Partial<FileOptions> = {}) {
  const context = { signal: new AbortController().signal, lose: () => {}, nested: async () => [] }
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
      '<table><tr><th>size</th><th>count</th></tr><tr><td>2025-01-01</td><td>12.5%</td></tr></table>',
    )
    const merged = `<sheetData><row r="1">${shared('A1', 0)}</row><row r="2">${shared('A2', 3)}${shared('B2', 4)}</row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>`
    const [whole] = await read(workbook(merged, strings), { findSubtable: false })
    expect(whole!.metadata.text_as_html).toContain('<td colspan="2">Lamps in stock</td>')
  })

  it('tell what their author hides', async () => {
    const elements = await read(workbook(stock, strings, ' state="hidden"'))
    expect(elements.every(({ metadata }) => metadata.hidden === true)).toBe(true)
  })

  it('that claim more cells than there are cost nothing', async () => {
    const far = `<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">${number('XFD1048576', 1)}</row><row r="1">${number('A1', 2)}</row></sheetData>`
    expect((await read(workbook(far))).map(({ text }) => text)).toEqual(['2', '1'])
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
