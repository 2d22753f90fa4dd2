/**
 * Prints the cells of tables as pandas prints the columns that it reads, which is how the reference shows them.
 *
 * @module
 */

/** A value of a workbook, or the text of a file that knows nothing but text. `undefined` and what pandas takes for nothing is no value. */
export type Cell = string | number | boolean | Date | undefined

const nothing: ReadonlySet<string> = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>'],
  ...['N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
])
const whole = /^\s*[+-]?\d{1,18}\s*$/
const fractional = /^\s*[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,3})?\s*$/

/** Texts of the cells; no value is an empty text. @param rows all of one width */
export function printCells(rows: readonly (readonly Cell[])[]): string[][] {
  const printed = rows.map(() => [] as string[])
  for (let column = 0; column < (rows[0]?.length ?? 0); column += 1) {
    const texts = printColumn(rows.map((row) => row[column]))
    for (const [index, text] of texts.entries()) printed[index]!.push(text)
  }
  return printed
}

function printColumn(cells: readonly Cell[]): readonly string[] {
  const values = cells.map((cell) => (typeof cell === 'string' && nothing.has(cell) ? undefined : cell))
  const there = values.filter((value) => value !== undefined)
  if (there.length > 0 && there.every(isNumeric)) return printNumbers(values, there.length < values.length)
  return values.map((value) => {
    if (typeof value === 'boolean') return value ? 'True' : 'False'
    if (value instanceof Date) return printDate(value)
    if (typeof value === 'string' && there.every(isFlag)) return /^t/i.test(value) ? 'True' : 'False'
    return value === undefined ? '' : String(value)
  })
}

const isNumeric = (value: Cell): boolean =>
  typeof value === 'number' || (typeof value === 'string' && fractional.test(value))

const isFlag = (value: Cell): boolean =>
  typeof value === 'string' && /^(?:true|false|True|False|TRUE|FALSE)$/.test(value)

/** Whole numbers stay whole, unless one is missing: then all have a fraction. */
function printNumbers(values: readonly Cell[], isGappy: boolean): readonly string[] {
  const isWhole = (value: Cell) =>
    value === undefined ||
    (typeof value === 'number' ? Number.isSafeInteger(value) : whole.test(String(value)))
  if (!isGappy && values.every(isWhole))
    return values.map((value) =>
      typeof value === 'number' ? String(value) : BigInt(String(value).trim()).toString(),
    )
  return printFractions(values.map((value) => (value === undefined ? undefined : Number(value))))
}

/** Decimals of a column, and what makes it one of exponents. */
const decimals = 6
const longest = decimals + 6
const large = 1e6
const small = 1e-6

/** As many decimals as the longest needs, six at most and one at least. */
function printFractions(numbers: readonly (number | undefined)[]): readonly string[] {
  const there = numbers.filter((number) => number !== undefined)
  const fixed = there.map((number) => number.toFixed(decimals))
  const needed = most(fixed, (text) => text.replace(/0+$/, '').split('.')[1]?.length ?? 0, 1)
  const widest = most(there, (number) => number.toFixed(needed).length + (number < 0 ? 0 : 1))
  const sizes = there.map(Math.abs)
  const exponents =
    sizes.some((size) => size > 0 && size < small) || (widest > longest && sizes.some((size) => size > large))
  return numbers.map((number) => {
    if (number === undefined) return ''
    return exponents ? exponential(number) : number.toFixed(needed)
  })
}

const most = <T>(values: readonly T[], sizeOf: (value: T) => number, least = 0): number =>
  values.reduce((largest, value) => Math.max(largest, sizeOf(value)), least)

/** `1.000000e+10`, with two digits of the exponent at least. */
const exponential = (number: number) =>
  number
    .toExponential(decimals)
    .replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`)

/** `2020-01-31 00:00:00`. */
const printDate = (date: Date) => date.toISOString().replace('T', ' ').slice(0, 19)
