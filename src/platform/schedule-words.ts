/**
 * When a workflow runs by itself: words, as the contract has them, or a cron expression, which says more. Always in UTC.
 *
 * @module
 */

import { nearest } from '../util/nearest.ts'

const everyHours = [2, 4, 6, 8, 10, 12].map(
  (hours) => [`every ${hours} hours`, `0 */${hours} * * *`] as const,
)

const cronOfWords: ReadonlyMap<string, string> = new Map([
  ['every 15 minutes', '*/15 * * * *'],
  ['every hour', '0 * * * *'],
  ...everyHours,
  ['daily', '0 0 * * *'],
  ['weekly', '0 0 * * 0'],
  ['monthly', '0 0 1 * *'],
])

/** All words that say when. */
export const scheduleWords: readonly string[] = [...cronOfWords.keys()]

/** The cron expression of a schedule, or what is wrong with it. */
export function readSchedule(schedule: string): { readonly cron: string } | { readonly problem: string } {
  const wanted = schedule.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  const cron = cronOfWords.get(wanted) ?? (isCron(wanted) ? wanted : undefined)
  if (cron !== undefined) return { cron }
  const meant = nearest(wanted, scheduleWords)
  const question = meant === undefined ? '' : ` Did you mean "${meant}"?`
  return {
    problem: `No schedule is called so.${question} Known: ${scheduleWords.join(', ')}, or a cron expression of five fields, in UTC.`,
  }
}

interface CronField {
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Minute, hour, day, month, day of the week (0 and 7 are Sunday). */
const cronFields: readonly CronField[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: months },
  { least: 0, most: 7, names: weekdays },
]

/** The longest that each month can be. */
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether it is five fields of lists, ranges and steps, and its time ever comes. */
function isCron(text: string): boolean {
  const fields = text.split(' ')
  if (fields.length !== cronFields.length) return false
  const values = fields.map((field, index) => valuesOf(field, cronFields[index]!))
  if (values.includes(undefined)) return false
  const [, , days, ofMonths] = values
  return days!.some((day) => ofMonths!.some((month) => day <= monthLengths[month - 1]!))
}

/** All that a field names; `undefined` when it cannot be read. */
function valuesOf(text: string, field: CronField): readonly number[] | undefined {
  const parts = text.split(',').map((part) => partValues(part, field))
  if (parts.includes(undefined)) return undefined
  const values = parts.flatMap((part) => part!)
  // Who says the same twice mostly meant something else.
  return new Set(values.map((value) => (field.names === weekdays ? value % 7 : value))).size <
    values.length && parts.length > 1
    ? undefined
    : values
}

function partValues(part: string, field: CronField): readonly number[] | undefined {
  const [range = '', stepText = '1', ...more] = part.split('/')
  const step = isNumber(stepText) ? Number(stepText) : 0
  if (more.length > 0 || step < 1 || step > field.most) return undefined
  const ends = range === '*' ? [field.least, field.most] : range.split('-').map((end) => numberOf(end, field))
  // With a step, one number is where it begins.
  const [first, last = part.includes('/') ? field.most : ends[0]] = ends
  if (ends.length > 2 || first === undefined || last === undefined || ends.includes(undefined))
    return undefined
  if (first > last) return undefined
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step)
}

const isNumber = (text: string) => /^\d{1,2}$/.test(text)

function numberOf(text: string, { least, most, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text)
  // The first name is the lowest number.
  const value = named >= 0 ? least + named : isNumber(text) ? Number(text) : undefined
  return value !== undefined && value >= least && value <= most ? value : undefined
}
