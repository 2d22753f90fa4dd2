/**
 * Query parameters as Confluence reads them: lists may be repeated or comma-separated, numbers and choices are checked.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import { badRequest } from './problem.ts'

export interface Query {
  text(name: string): string | undefined
  /** Repeated (`id=1&id=2`) or comma-separated (`id=1,2`); empty when absent. */
  list(name: string): readonly string[]
  flag(name: string, byDefault?: boolean): boolean
  /** @throws {Problem} 400 when it is no whole number of at least `min`. */
  whole(name: string, range: { readonly byDefault: number; readonly min: number }): number
  /** @throws {Problem} 400 when the value is none of these. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined
}

export function queryOf(request: FastifyRequest): Query {
  const values = request.query as Readonly<Record<string, string | string[] | undefined>>

  const list = (name: string) =>
    [values[name] ?? []]
      .flat()
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '')

  const text = (name: string) => [values[name] ?? []].flat()[0]

  return {
    text,
    list,
    flag: (name, byDefault = false) => (text(name) === undefined ? byDefault : text(name) === 'true'),
    whole: (name, { byDefault, min }) => {
      const value = text(name)
      if (value === undefined) return byDefault
      if (!/^-?\d+$/.test(value) || Number(value) < min) throw wrongValue(name, value, `integer >= ${min}`)
      return Number(value)
    },
    choice: (name, choices) => {
      const value = text(name)
      if (value === undefined) return undefined
      const chosen = choices.find((choice) => choice === value)
      if (chosen === undefined) throw wrongValue(name, value, `one of ${choices.join(', ')}`)
      return chosen
    },
  }
}

const wrongValue = (name: string, value: string, expected: string) =>
  badRequest(`Provided value {${value}} for '${name}' is not the correct type. Expected type is ${expected}`)
