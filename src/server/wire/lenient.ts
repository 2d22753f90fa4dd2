/**
 * Values as clients really send them: curl examples write `"true"` and `"5"`, and a query has nothing but text.
 *
 * @module
 */

import { z } from 'zod'

const yes = ['true', 'True', 'TRUE', '1', 'yes'] as const
const no = ['false', 'False', 'FALSE', '0', 'no'] as const

/** A boolean, or a word for one. */
export const flag = z
  .union([z.boolean(), z.enum([...yes, ...no])], { error: 'Input should be true or false' })
  .transform((value) => value === true || yes.some((word) => word === value))

/** A whole number from 1 on, or its digits. */
export const count = z
  .union([z.int().min(1).max(999_999_999), z.string().regex(/^[1-9][0-9]{0,8}$/)], {
    error: 'Input should be a whole number from 1 on',
  })
  .transform(Number)

/** How many things of a list at once. */
export const limit = z
  .union([z.int().min(1).max(1000), z.string().regex(/^([1-9][0-9]{0,2}|1000)$/)], {
    error: 'Input should be a whole number from 1 to 1000',
  })
  .transform(Number)

/** A whole number from 0 on, or its digits. */
export const number = z
  .union([z.int().min(0).max(999_999_999), z.string().regex(/^[0-9]{1,9}$/)], {
    error: 'Input should be a whole number',
  })
  .transform(Number)

/** Year 0 is none that a database knows. */
const beginning = new Date('0001-01-01T00:00:00Z')

/** Words: a list, one text with commas between, or the JSON of a list, as clients write lists into forms. */
export const list = z.union([z.array(z.string()), z.string()]).transform((value) => {
  const texts = typeof value === 'string' ? fromText(value) : value
  return texts.map((text) => text.trim()).filter((text) => text !== '')
})

function fromText(text: string): readonly string[] {
  const json = z.array(z.string()).safeParse(jsonOf(text))
  return json.success ? json.data : text.split(',')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A day or a point in time; without a zone, UTC. */
export const time = z
  .union([z.iso.datetime({ offset: true, local: true }), z.iso.date()], {
    error: 'Input should be a time like 2026-01-31T12:00:00Z',
  })
  .transform((text) => {
    const date = new Date(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`)
    return date < beginning ? beginning : date
  })

/** Ids in one parameter: `a,b`. */
export const ids = z
  .string()
  .min(1)
  .transform((text) =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  )

/** What is there of an object; what is `undefined` or `null` was not given. */
export function given<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(entries) as { [Name in keyof Values]?: NonNullable<Values[Name]> }
}
