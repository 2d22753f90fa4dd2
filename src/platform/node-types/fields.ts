/**
 * The kinds of values that settings of nodes have. Clients write numbers and yes or no as text, too (curl as it is mostly shown does), so that
 * is read as what it says.
 *
 * @module
 */

import { z } from 'zod'

/** `true`, or `"true"`. */
export const flag = () => z.preprocess((value) => readFlag(value), z.boolean('Yes or no: true or false.'))

function readFlag(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim().toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : value
}

const readNumber = (value: unknown) =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value

/** A whole number. */
export const whole = (least: number, most = 1_000_000) =>
  z.preprocess(readNumber, z.int('A whole number.').min(least).max(most))

export const share = (least: number, most: number) =>
  z.preprocess(readNumber, z.number('A number.').min(least).max(most))

/** Texts: a list, or one text with commas between. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (typeof value === 'string' ? splitAtCommas(value) : value), z.array(item).max(100))

const splitAtCommas = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

export const words = () => z.string().min(1).max(10_000)

/** What stands where a secret was given. */
const mask = '*'.repeat(10)

/** A secret that nothing uses: it is taken, and not kept. */
export const unusedSecret = () => z.string().transform((text) => (text === '' ? text : mask))
