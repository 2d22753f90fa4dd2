/**
 * What all sheets of a workbook of before 2007 share: shared texts, formats of numbers, and where each sheet is.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { createFormats } from '../office/number-formats.ts'
import { encrypted } from '../problems.ts'
import type { Book } from '../sheets/sheet.ts'
import { createCursor, recordsFrom, what, type XlsRecord } from './records.ts'

interface ListedSheet {
  readonly name: string
  readonly hidden: boolean
  /** Where its records begin. */
  readonly start: number
}

export interface Globals extends Book {
  readonly sheets: readonly ListedSheet[]
}

/** Excel 97 and later; those of before know other records. */
const knownVersion = 0x0600

/**
 * Undefined when the workbook is older than 1997.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.encrypted`
 */
export function readGlobals(stream: Buffer): Globals | undefined {
  const strings: string[] = []
  const sheets: ListedSheet[] = []
  const codes = new Map<number, string>()
  const styles: number[] = []
  let from1904 = false
  let version = 0

  const readers: Readonly<Record<number, (record: XlsRecord) => void>> = {
    // BOF
    2057: (record) => {
      version = createCursor(record).word()
    },
    // FILEPASS
    47: () => {
      throw encrypted(what)
    },
    // DATEMODE
    34: (record) => {
      from1904 = createCursor(record).word() === 1
    },
    // FORMAT
    1054: (record) => {
      const cursor = createCursor(record)
      codes.set(cursor.word(), cursor.text(cursor.word()))
    },
    // XF
    224: (record) => {
      const cursor = createCursor(record)
      cursor.skip(2)
      styles.push(cursor.word())
    },
    // BOUNDSHEET
    133: (record) => {
      const sheet = listedSheet(record)
      if (sheet) sheets.push(sheet)
    },
    // SST
    252: (record) => {
      for (const text of sharedTexts(record)) strings.push(text)
    },
  }

  for (const record of recordsFrom(stream, 0)) {
    if (version !== 0 && version !== knownVersion) return undefined
    readers[record.type]?.(record)
  }
  return { strings, sheets, formats: createFormats({ codes, styles, from1904 }) }
}

/** Undefined for what is no sheet of cells: charts, macros, modules. */
function listedSheet(record: XlsRecord): ListedSheet | undefined {
  const cursor = createCursor(record)
  const start = cursor.long()
  const hidden = (cursor.byte() & 3) !== 0
  const isCells = cursor.byte() === 0
  return isCells ? { name: cursor.text(cursor.byte()), hidden, start } : undefined
}

function* sharedTexts(record: XlsRecord): Generator<string> {
  const cursor = createCursor(record)
  cursor.skip(4)
  for (let left = cursor.long(); left > 0 && !cursor.isAtEnd(); left -= 1) yield cursor.text(cursor.word())
}
