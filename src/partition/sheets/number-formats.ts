/**
 * What numbers of a workbook look like: dates, times and shares are numbers, too, and only their format tells.
 *
 * @module
 */

import type { Book, NumberFormat, SheetCell } from './sheet.ts'

interface FormatSource {
  /** Codes such as `yyyy-mm-dd` by their number; those that every program knows are left out. */
  readonly codes: ReadonlyMap<number, string>
  /** The number of each style's format. */
  readonly styles: readonly number[]
  /** Days are counted from 1904, as on old Macintoshes. */
  readonly from1904: boolean
}

/** Numbers of formats that every program knows and that are dates or times (ECMA-376 part 1, 18.8.30). */
const knownDates: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
const knownPercents: ReadonlySet<number> = new Set([9, 10])

/** How numbers of each style are displayed. */
export function createFormats({ codes, styles, from1904 }: FormatSource): Book['formats'] {
  const asDate: NumberFormat = (value) => dateCell(value, from1904)
  const known = new Map<number, NumberFormat>()

  function formatOf(id: number): NumberFormat {
    const code = withoutLiterals(codes.get(id) ?? '')
    if (codes.has(id) ? /[ymdhs]/i.test(code) : knownDates.has(id)) return asDate
    return code.includes('%') || (!codes.has(id) && knownPercents.has(id)) ? percentCell : numberCell
  }

  return (style) => {
    const id = styles[style] ?? 0
    const format = known.get(id) ?? formatOf(id)
    known.set(id, format)
    return format
  }
}

/** A format without what it shows as it is, and without colours and conditions; `[h]` is an hour. */
const withoutLiterals = (code: string) =>
  code.replace(/"[^"]*"|\\.|_.|\[(?![hms]+\])[^\]]*\]/gi, '').replace(/general/gi, '')

const numberCell: NumberFormat = (value) => ({ value, text: plainNumber(value) })
const percentCell: NumberFormat = (value) => ({ value, text: `${Number((value * 100).toFixed(6))}%` })

/** Digits that a spreadsheet keeps; what binary fractions add beyond them nobody sees. */
const keptDigits = 15
function plainNumber(value: number): string {
  const written = String(value)
  return written.length <= keptDigits ? written : String(Number(value.toPrecision(keptDigits)))
}

const day = 86_400_000
/** Days from the beginning of 1900 (as counted there) and of 1904 to 1970. */
const [since1900, since1904] = [25_569, 24_107]
/** Before it, days are off by one: 1900 is counted as a leap year. */
const inventedDay = 60

function dateCell(value: number, from1904: boolean): SheetCell {
  const days = from1904 ? value - since1904 : value - since1900 + (value >= 1 && value < inventedDay ? 1 : 0)
  const date = new Date(Math.round(days * 86_400) * 1000)
  if (Number.isNaN(date.getTime()) || Math.abs(days) * day > latest) return numberCell(value)
  const [shown, time] = date.toISOString().slice(0, 19).split('T') as [string, string]
  if (value >= 0 && value < 1) return { value: date, text: time }
  return { value: date, text: time === '00:00:00' ? shown : `${shown} ${time}` }
}

/** Years of four digits. */
const latest = Date.UTC(9999, 11, 31)
