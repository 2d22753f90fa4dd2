/**
 * What a schema of settings says to those who are not code: flags, environment variables, forms, docs. Derived, never written twice.
 *
 * @module
 */

import { z } from 'zod'
import { faces, type SettingFace, type Settings } from './define.ts'

export interface SettingDescription extends SettingFace {
  /** As in a config file: `max_num_of_spaces`. */
  readonly name: string
  readonly type: 'string' | 'number' | 'boolean' | 'list'
  /** For settings with a fixed set of values. */
  readonly choices?: readonly string[]
  readonly default?: unknown
}

/** All settings of a schema, in its order. @throws {Error} when one has no face: that is a bug of the plugin. */
export function describeSettings(schema: Settings): readonly SettingDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const face = faces.get(field)
    if (!face) throw new Error(`The setting "${name}" has no face; declare it with setting().`)
    return { ...face, name, ...shapeOf(field) }
  })
}

interface JsonSchema {
  readonly type?: string | readonly string[] | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly default?: unknown
  readonly anyOf?: readonly JsonSchema[] | undefined
}

function shapeOf(field: z.ZodType): Pick<SettingDescription, 'type' | 'choices' | 'default'> {
  const schema = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const types = typesOf(schema)
  const type = types.includes('array')
    ? 'list'
    : types.includes('boolean')
      ? 'boolean'
      : types.includes('number') || types.includes('integer')
        ? 'number'
        : 'string'
  return {
    type,
    ...(schema.enum && { choices: schema.enum.map(String) }),
    ...(schema.default !== undefined && { default: schema.default }),
  }
}

/** Every type that a value may have: of a list or text, both; of what may be null, null too. */
function typesOf({ type, anyOf = [] }: JsonSchema): readonly string[] {
  return [type ?? [], anyOf.flatMap(typesOf)].flat()
}

/** A default in words; `undefined` where there is none worth telling. */
export function defaultText({ default: value }: SettingDescription): string | undefined {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Text from a flag or the environment as the setting's own type; what does not fit stays text, for the schema to refuse by name. */
export function fromText({ type }: SettingDescription, text: string): unknown {
  if (type === 'list')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (type === 'boolean' && /^(true|1|yes)$/i.test(text)) return true
  if (type === 'boolean' && /^(false|0|no)$/i.test(text)) return false
  return text
}
