/**
 * What numbers of workbooks and charts look like: dates, times and shares are numbers, too, and only their format tells.
 *
 * @module
 */

import { format as display } from 'numfmt'

/** A number, a date where it is one, and how it is displayed. */
interface ShownNumber {
  readonly value: number | Date
  readonly text: string
}

export type NumberFormat = (value: number) => ShownNumber

interface FormatSource {
  /** Codes such as `yyyy-mm-dd` by their number; those that every program knows are left out. */
  readonly codes: ReadonlyMap<number, string>
  /** The number of each style's format. */
  readonly styles: readonly number[]
  /** Days are counted from 1904, as on old Macintoshes. */
  readonly from1904: boolean
}

/** Numbers of formats that every program knows and that are dates or times of a day (ECMA-376 part 1, 18.8.30). */
const knownDates: ReadonlySet<number> = new Set([
  ...[14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47],
  // Those of Chinese, Japanese and Korean programs.
  ...[27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58],
])
/** Codes of the others; those of money are each country's own. */
const knownCodes: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  37: '#,##0_);(#,##0)',
  38: '#,##0_);(#,##0)',
  39: '#,##0.00_);(#,##0.00)',
  40: '#,##0.00_);(#,##0.00)',
  46: '[h]:mm:ss',
  48: '##0.0E+0',
}

/** How numbers of each style are displayed: as Excel does, but for dates, which are told in one way everywhere. */
export function createFormats({ codes, styles, from1904 }: FormatSource): (style: number) => NumberFormat {
  const asDate: NumberFormat = (value) => dateCell(value, from1904)
  const known = new Map<number, NumberFormat>()

  function formatOf(id: number): NumberFormat {
    const code = codes.get(id) ?? knownCodes[id]
    if (code === undefined) return knownDates.has(id) ? asDate : numberCell
    if (/^general$/i.test(code)) return numberCell
    const shown = withoutLiterals(code)
    return /[ymdhs]/i.test(shown) && !elapsed.test(shown) ? asDate : displayed(code)
  }

  return (style) => {
    const id = styles[style] ?? 0
    const format = known.get(id) ?? formatOf(id)
    known.set(id, format)
    return format
  }
}

/** A format without what it shows as it is, and without colours and conditions; `[h]` counts hours beyond a day. */
const withoutLiterals = (code: string) =>
  code.replace(/"[^"]*"|\\.|_.|\[(?![hms]+\])[^\]]*\]/gi, '').replace(/general/gi, '')
const elapsed = /\[[hms]+\]/i

const numberCell: NumberFormat = (value) => ({ value, text: plainNumber(value) })

/** What a format hides, and what it cannot show, is told as a plain number. */
const displayed =
  (code: string): NumberFormat =>
  (value) => {
    try {
      return { value, text: display(code, value).trim() || plainNumber(value) }
    } catch {
      return numberCell(value)
    }
  }

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

function dateCell(value: number, from1904: boolean): ShownNumber {
  const days = from1904 ? value - since1904 : value - since1900 + (value >= 1 && value < inventedDay ? 1 : 0)
  const date = new Date(Math.round(days * 86_400) * 1000)
  if (Number.isNaN(date.getTime()) || Math.abs(days) * day > latest) return numberCell(value)
  const [shown, time] = date.toISOString().slice(0, 19).split('T') as [string, string]
  if (value >= 0 && value < 1) return { value: date, text: time }
  return { value: date, text: time === '00:00:00' ? shown : `${shown} ${time}` }
}

/** Years of four digits. */
const latest = Date.UTC(9999, 11, 31)
