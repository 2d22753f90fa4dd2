/**
 * The parts of a workbook: shared texts, formats of numbers, and the cells of a sheet, told one by one and never held as a tree.
 *
 * @module
 */

import { childOf, childrenOf, parseXml, readXml, type XmlSink } from '../office/xml.ts'
import { tooMuch } from '../problems.ts'
import { type Area, mostColumns, mostRows, placeOf, type Sheet, type SheetCell } from './sheet.ts'

/** What cells refer to. */
export interface Book {
  readonly strings: readonly string[]
  /** By the number of a style. */
  readonly formats: (style: number) => NumberFormat
}

type NumberFormat = (value: number) => SheetCell

/** Cells of one sheet. */
const mostCells = 2_000_000

/** Names without prefixes: parts of a workbook know one namespace. */
const bare = (name: string) => name.slice(name.indexOf(':') + 1)

/** The texts that cells name by number; what is spoken over them (`rPh`) is left out. */
export function readStrings(xml: string | undefined, what: string): readonly string[] {
  const strings: string[] = []
  if (xml === undefined) return strings
  let inText = 0
  let spoken = 0
  readXml(xml, what, {
    open(name) {
      const tag = bare(name)
      if (tag === 'si') strings.push('')
      else if (tag === 'rPh') spoken += 1
      else if (tag === 't') inText += 1
    },
    text(part) {
      if (inText > 0 && spoken === 0 && strings.length > 0) strings[strings.length - 1] += part
    },
    close(name) {
      const tag = bare(name)
      if (tag === 'rPh') spoken -= 1
      else if (tag === 't') inText -= 1
    },
  })
  return strings
}

/** Numbers of formats that every program knows and that are dates or times (ECMA-376 part 1, 18.8.30). */
const knownDates: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
const knownPercents: ReadonlySet<number> = new Set([9, 10])

/** How numbers of each style are displayed. @param from1904 days are counted from 1904, as on old Macintoshes */
export function readFormats(xml: string | undefined, what: string, from1904: boolean): Book['formats'] {
  const root = xml === undefined ? undefined : parseXml(xml, what)
  const codes = new Map(
    childrenOf(childOf(root, 'numFmts')).map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? '',
    ]),
  )
  const styles = childrenOf(childOf(root, 'cellXfs')).map(({ attributes }) =>
    Number(attributes.numFmtId ?? 0),
  )
  const asDate: NumberFormat = (value) => dateCell(value, from1904)
  return (style) => {
    const id = styles[style] ?? 0
    const code = withoutLiterals(codes.get(id) ?? '')
    if (knownDates.has(id) || /[ymdhs]/i.test(code)) return asDate
    return knownPercents.has(id) || code.includes('%') ? percentCell : numberCell
  }
}

/** A format without what it shows as it is, and without colours and conditions. */
const withoutLiterals = (code: string) => code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')

const numberCell: NumberFormat = (value) => ({ value, text: String(value) })
const percentCell: NumberFormat = (value) => ({ value, text: `${Number((value * 100).toFixed(6))}%` })

const day = 86_400_000
/** Days from the beginning of 1900 (as counted there) and of 1904 to 1970. */
const [since1900, since1904] = [25_569, 24_107]

function dateCell(value: number, from1904: boolean): SheetCell {
  const date = new Date(Math.round((value - (from1904 ? since1904 : since1900)) * day))
  if (Number.isNaN(date.getTime())) return numberCell(value)
  const [days, time] = date.toISOString().slice(0, 19).split('T') as [string, string]
  if (value >= 0 && value < 1) return { value: date, text: time }
  return { value: date, text: time === '00:00:00' ? days : `${days} ${time}` }
}

/** @throws {OutflowError} code `file.too_much` */
export function readSheet(xml: string, what: string, book: Book): Pick<Sheet, 'cells' | 'merged'> {
  const cells = new Map<number, SheetCell>()
  const merged: Area[] = []
  readXml(
    xml,
    what,
    cellSink(
      book,
      (row, column, cell) => {
        if (row >= mostRows || column >= mostColumns) return
        cells.set(placeOf(row, column), cell)
        if (cells.size > mostCells)
          throw tooMuch(what, `more than ${mostCells.toLocaleString('en')} cells in a sheet`)
      },
      merged,
    ),
  )
  return { cells, merged }
}

type TakeCell = (row: number, column: number, cell: SheetCell) => void

function cellSink({ strings, formats }: Book, take: TakeCell, merged: Area[]): XmlSink {
  let row = -1
  let column = -1
  let type = 'n'
  let style = 0
  let value = ''
  let reading = false

  function leave(): void {
    const cell = cellOf(value)
    if (cell && cell.text.trim() !== '') take(row, column, cell)
  }

  function cellOf(written: string): SheetCell | undefined {
    if (type === 's') return textCell(strings[Number(written)] ?? '')
    if (type === 'b') return { value: written === '1', text: written === '1' ? 'TRUE' : 'FALSE' }
    if (type !== 'n') return textCell(written)
    const number = Number(written)
    return written.trim() === '' || Number.isNaN(number) ? undefined : formats(style)(number)
  }

  return {
    open(name, attributes) {
      const tag = bare(name)
      if (tag === 'row') {
        row = attributes.r === undefined ? row + 1 : Number(attributes.r) - 1
        column = -1
      } else if (tag === 'c') {
        const place = addressOf(attributes.r ?? '')
        column = place?.column ?? column + 1
        row = place?.row ?? row
        type = attributes.t ?? 'n'
        style = Number(attributes.s ?? 0)
        value = ''
      } else if (tag === 'v' || tag === 't') reading = true
      else if (tag === 'mergeCell') {
        const area = areaOf(attributes.ref ?? '')
        if (area) merged.push(area)
      }
    },
    text(part) {
      if (reading) value += part
    },
    close(name) {
      const tag = bare(name)
      if (tag === 'v' || tag === 't') reading = false
      else if (tag === 'c') leave()
    },
  }
}

const textCell = (text: string): SheetCell => ({ value: text, text })

/** `B3` as row and column from 0. */
function addressOf(address: string): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^([A-Z]{1,3})(\d{1,7})$/.exec(address) ?? []
  if (letters === undefined) return undefined
  const column = letters.split('').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { row: Number(digits) - 1, column }
}

function areaOf(reference: string): Area | undefined {
  const [from, to] = reference.split(':').map(addressOf)
  if (!from || !to || to.row < from.row || to.column < from.column) return undefined
  return { top: from.row, left: from.column, bottom: to.row, right: to.column }
}
