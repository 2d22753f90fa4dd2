/**
 * The parts of a workbook: shared texts, formats of numbers, and the cells of a sheet, told one by one and never held as a tree.
 *
 * @module
 */

import { parseOffice, usualNames } from '../office/namespaces.ts'
import { createFormats } from '../office/number-formats.ts'
import type { Relationships } from '../office/relationships.ts'
import { childOf, childrenOf, readXml } from '../office/xml.ts'
import {
  type Area,
  type Book,
  createCells,
  isPlace,
  placeOf,
  type SheetCell,
  type SheetContent,
  sharedText,
  textCell,
  truthCell,
} from './sheet.ts'

/** What to do at tags, by their name. */
type Openers = Readonly<Record<string, (attributes: Readonly<Record<string, string>>) => void>>
type Closers = Readonly<Record<string, () => void>>

interface TagReader {
  readonly open: Openers
  readonly close: Closers
  readonly text: (part: string) => void
}

function readTags(xml: string, what: string, { open, close, text }: TagReader): void {
  const sink = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (Object.hasOwn(open, name)) open[name]!(attributes)
    },
    close(name: string) {
      if (Object.hasOwn(close, name)) close[name]!()
    },
    text,
  }
  readXml(xml, what, usualNames(sink))
}

/** The texts that cells name by number; what is spoken over them (`rPh`) is left out. */
export function readStrings(xml: string | undefined, what: string): readonly string[] {
  const strings: string[] = []
  if (xml === undefined) return strings
  let inText = false
  let spoken = false
  readTags(xml, what, {
    open: {
      si: () => void strings.push(''),
      rPh() {
        spoken = true
      },
      t() {
        inText = !spoken
      },
    },
    close: {
      rPh() {
        spoken = false
      },
      t() {
        inText = false
      },
    },
    text(part) {
      if (inText && strings.length > 0) strings[strings.length - 1] += part
    },
  })
  return strings
}

/** How numbers of each style are displayed. @param from1904 days are counted from 1904 */
export function readFormats(xml: string | undefined, what: string, from1904: boolean): Book['formats'] {
  const root = xml === undefined ? undefined : parseOffice(xml, what)
  const codes = childrenOf(childOf(root, 'numFmts')).map(
    ({ attributes }) => [Number(attributes.numFmtId), attributes.formatCode ?? ''] as const,
  )
  const styles = childrenOf(childOf(root, 'cellXfs')).map(({ attributes }) =>
    Number(attributes.numFmtId ?? 0),
  )
  return createFormats({ codes: new Map(codes), styles, from1904 })
}

/** More links than a sheet may have by Excel's rules (65,530). */
const mostLinks = 70_000

interface SheetSource extends Book {
  /** The sheet's own. */
  readonly related: Relationships
}

/** @throws {OutflowError} code `file.too_much` */
export function readSheet(
  xml: string,
  what: string,
  { strings, formats, related }: SheetSource,
): Omit<SheetContent, 'comments'> {
  const { cells, set } = createCells(what)
  const merged: Area[] = []
  const links = new Map<number, string>()
  let row = -1
  let column = -1
  let type = 'n'
  let style = 0
  let value = ''
  let reading = false
  let spoken = false

  function leave(): void {
    const cell = isPlace(row, column) ? cellOf(value) : undefined
    if (cell) set(placeOf(row, column), cell)
  }

  function cellOf(written: string): SheetCell | undefined {
    if (type === 's') return writtenCell(sharedText(strings, Number(written), what))
    if (type === 'b') return truthCell(written === '1')
    if (type !== 'n') return writtenCell(written)
    const number = Number(written)
    return written.trim() === '' || Number.isNaN(number) ? undefined : formats(style)(number)
  }

  const open: Openers = {
    row({ r }) {
      row = r === undefined ? row + 1 : Number(r) - 1
      column = -1
    },
    c({ r = '', t = 'n', s = '0' }) {
      const place = addressOf(r)
      column = place?.column ?? column + 1
      row = place?.row ?? row
      type = t
      style = Number(s)
      value = ''
    },
    v() {
      reading = true
    },
    t() {
      reading = !spoken
    },
    rPh() {
      spoken = true
    },
    mergeCell({ ref = '' }) {
      const area = areaOf(ref)
      if (area) merged.push(area)
    },
    hyperlink({ ref = '', 'r:id': id = '', location }) {
      const area = areaOf(ref)
      const target = related.get(id)
      if (!area || !target?.external || links.size >= mostLinks) return
      links.set(placeOf(area.top, area.left), target.target + (location ? `#${location}` : ''))
    },
  }
  const close: Closers = {
    c: leave,
    v() {
      reading = false
    },
    t() {
      reading = false
    },
    rPh() {
      spoken = false
    },
  }
  readTags(xml, what, {
    open,
    close,
    text(part) {
      if (reading) value += part
    },
  })
  return { cells, merged, links }
}

/** In workbooks, characters that XML has no place for are written by their number (ECMA-376 part 1, 22.9.2.19). */
function writtenCell(text: string): SheetCell {
  if (!text.includes('_x')) return textCell(text)
  const meant = text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return { value: text, text: meant.replace(/\r\n?/g, '\n') }
}

/** `B3` as row and column from 0. */
function addressOf(address: string): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^([A-Z]{1,3})(\d{1,7})$/.exec(address) ?? []
  if (letters === undefined) return undefined
  const column = letters.split('').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { row: Number(digits) - 1, column }
}

/** `B3:C4`, or a single cell. */
function areaOf(reference: string): Area | undefined {
  const [first = '', last = first] = reference.split(':')
  const [from, to] = [addressOf(first), addressOf(last)]
  if (!from || !to || to.row < from.row || to.column < from.column) return undefined
  return { top: from.row, left: from.column, bottom: to.row, right: to.column }
}
