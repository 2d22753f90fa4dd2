/**
 * The cells of one sheet of a workbook of before 2007 ([MS-XLS] 2.4), its links and comments.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import {
  type Area,
  createCells,
  placeOf,
  type SheetContent,
  sharedText,
  textCell,
  truthCell,
} from '../sheets/sheet.ts'
import type { Globals } from './globals.ts'
import { type Cursor, createCursor, recordsFrom, what, type XlsRecord } from './records.ts'

/** What cells show where a formula fails. */
const errors: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}

/** @param start where the sheet begins @throws {OutflowError} codes `file.damaged`, `file.too_much` */
export function readCells(stream: Buffer, start: number, { strings, formats }: Globals): SheetContent {
  const { cells, set } = createCells(what)
  const merged: Area[] = []
  const links = new Map<number, string>()
  const comments: { readonly object: number; readonly author: string }[] = []
  /** What stands in drawn boxes, comments among them, by the number of the box. */
  const boxes = new Map<number, string>()
  let box = 0
  /** The cell whose formula's text comes next. */
  let awaiting: number | undefined

  const setNumber = (place: number, style: number, value: number): void => set(place, formats(style)(value))
  const setByte = (place: number, value: number, isError: boolean): void =>
    set(place, isError ? textCell(errors[value] ?? '#ERROR') : truthCell(value === 1))

  /** A cell's place and style, which stand first in its record. */
  function placed(cursor: Cursor): readonly [place: number, style: number] {
    const row = cursor.word()
    return [placeOf(row, cursor.word()), cursor.word()]
  }

  function readLabel(record: XlsRecord): void {
    const cursor = createCursor(record)
    const [place] = placed(cursor)
    set(place, textCell(cursor.text(cursor.word())))
  }

  const readers: Readonly<Record<number, (record: XlsRecord) => void>> = {
    // LABELSST
    253: (record) => {
      const cursor = createCursor(record)
      const [place] = placed(cursor)
      set(place, textCell(sharedText(strings, cursor.long(), what)))
    },
    // LABEL, RSTRING
    516: readLabel,
    214: readLabel,
    // NUMBER
    515: (record) => {
      const cursor = createCursor(record)
      setNumber(...placed(cursor), cursor.double())
    },
    // RK
    638: (record) => {
      const cursor = createCursor(record)
      setNumber(...placed(cursor), packedNumber(cursor.long()))
    },
    // MULRK
    189: (record) => {
      const cursor = createCursor(record)
      const [row, first] = [cursor.word(), cursor.word()]
      const count = Math.floor(((record.parts[0]?.length ?? 0) - 6) / 6)
      for (let index = 0; index < count; index += 1)
        setNumber(placeOf(row, first + index), cursor.word(), packedNumber(cursor.long()))
    },
    // BOOLERR
    517: (record) => {
      const cursor = createCursor(record)
      const [place] = placed(cursor)
      setByte(place, cursor.byte(), cursor.byte() === 1)
    },
    // FORMULA
    6: (record) => {
      const cursor = createCursor(record)
      const [place, style] = placed(cursor)
      const result = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0].map(() => cursor.byte()))
      if (result.readUInt16LE(6) !== 0xffff) setNumber(place, style, result.readDoubleLE())
      else if (result[0] === 0) awaiting = place
      else if (result[0] !== 3) setByte(place, result[2]!, result[0] === 2)
    },
    // STRING
    519: (record) => {
      const cursor = createCursor(record)
      if (awaiting !== undefined) set(awaiting, textCell(cursor.text(cursor.word())))
      awaiting = undefined
    },
    // MERGEDCELLS
    229: (record) => {
      const cursor = createCursor(record)
      for (let left = cursor.word(); left > 0; left -= 1) merged.push(areaAt(cursor))
    },
    // HLINK
    440: (record) => {
      const cursor = createCursor(record)
      const { top, left } = areaAt(cursor)
      const url = linkTarget(cursor)
      if (url !== undefined) links.set(placeOf(top, left), url)
    },
    // OBJ
    93: (record) => {
      const cursor = createCursor(record)
      cursor.skip(6)
      box = cursor.word()
    },
    // TXO
    438: (record) => {
      const cursor = createCursor(record)
      cursor.skip(10)
      const count = cursor.word()
      cursor.skip(6)
      if (count > 0) boxes.set(box, cursor.text(count))
    },
    // NOTE
    28: (record) => {
      const cursor = createCursor(record)
      cursor.skip(6)
      comments.push({ object: cursor.word(), author: cursor.text(cursor.word()) })
    },
  }

  for (const record of recordsFrom(stream, start)) readers[record.type]?.(record)
  return {
    cells,
    merged: merged.filter(({ top, left, bottom, right }) => top <= bottom && left <= right),
    links,
    comments: comments.map(({ object, author }) => ({ author, text: boxes.get(object) ?? '' })),
  }
}

function areaAt(cursor: Cursor): Area {
  const [top, bottom] = [cursor.word(), cursor.word()]
  return { top, bottom, left: cursor.word(), right: cursor.word() }
}

/** The 30 upper bits are a whole number, or the upper half of a floating one; it may be a hundredfold. */
function packedNumber(packed: number): number {
  const half = Buffer.alloc(8)
  half.writeUInt32LE((packed & ~3) >>> 0, 4)
  const value = packed & 2 ? (packed | 0) >> 2 : half.readDoubleLE()
  return packed & 1 ? value / 100 : value
}

/** The kind of address that leads to the web ([MS-OSHARED] 2.3.7.6), as its first number. */
const webAddress = 0x79eac9e0

/** Undefined for what leads to a file or into the workbook. */
function linkTarget(cursor: Cursor): string | undefined {
  cursor.skip(16 + 4)
  const flags = cursor.long()
  for (const flag of [0x10, 0x80]) if (flags & flag) cursor.wideText(cursor.long())
  if ((flags & 0x101) !== 1 || cursor.long() !== webAddress) return undefined
  cursor.skip(12)
  const length = cursor.long()
  return cursor.wideText(Math.floor(length / 2)).split('\0', 1)[0]
}
