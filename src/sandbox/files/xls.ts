/**
 * Makes workbooks of before 2007 ([MS-XLS]).
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

const [stream, root] = [2, 5]

/** A compound file of some streams. */
export function compoundOf(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  const entries = Object.entries(streams).map(([name, content]): Entry => {
    // The writer takes a view's whole buffer.
    const bytes = Uint8Array.from(content)
    return { name, type: stream as Entry['type'], length: bytes.length, binaryProvider: () => bytes }
  })
  const children = entries.map((_, index) => index + 1)
  return Buffer.from(
    burn([{ name: 'Root Entry', type: root as Entry['type'], length: 0, children }, ...entries]),
  )
}

/** @param values bytes of its content */
export function record(type: number, ...values: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(values)
  return Buffer.concat([words(type, content.length), content])
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2)
  return bytes
}

export function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

/** Flags and characters, two bytes each, without their number. */
export const wide = (text: string): Buffer => Buffer.concat([Buffer.from([1]), Buffer.from(text, 'utf16le')])

const counted = (text: string): Buffer => Buffer.concat([words(text.length), wide(text)])

/** Of the whole book, and of a sheet: version and kind, then what wrote it. */
const [bookBegins, sheetBegins] = [0x0005, 0x0010].map((kind) =>
  record(0x0809, words(0x0600, kind, 0, 1997), longs(0, 6)),
) as [Buffer, Buffer]
const end = record(0x000a)

export interface XlsParts {
  /** Records of each sheet; they are called Stock, Stock 2, …. */
  readonly sheets: readonly (readonly Buffer[])[]
  readonly hidden?: boolean
  readonly strings?: readonly string[]
  /** More records that all sheets share. */
  readonly globals?: readonly Buffer[]
}

/** Number formats by style: 0 general, 1 date, 2 percent. */
export function xlsOf({ sheets, hidden = false, strings = [], globals = [] }: XlsParts): Buffer {
  const bodies = sheets.map((records) => Buffer.concat([sheetBegins, ...records, end]))
  const shared = [
    bookBegins,
    ...globals,
    ...[0, 14, 9].map((format) => record(0x00e0, words(0, format), Buffer.alloc(16))),
    record(0x00fc, longs(strings.length, strings.length), ...strings.map(counted)),
  ]
  const listed = (starts: readonly number[]) =>
    sheets.map((_, index) => {
      const name = `Stock${index === 0 ? '' : ` ${index + 1}`}`
      const state = Buffer.from([hidden ? 1 : 0, 0, name.length])
      return record(0x0085, longs(starts[index] ?? 0), state, wide(name))
    })
  const head = (starts: readonly number[]) => Buffer.concat([...shared, ...listed(starts), end])
  let next = head([]).length
  const starts = bodies.map(({ length }) => {
    next += length
    return next - length
  })
  return compoundOf({ Workbook: Buffer.concat([head(starts), ...bodies]) })
}
