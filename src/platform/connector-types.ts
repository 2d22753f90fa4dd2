/**
 * The types of connectors that the API offers, and what forms need to know of them.
 *
 * @module
 */

import { z } from 'zod'
import { faces } from '../kit/define.ts'
import { describeSettings, type SettingDescription } from '../kit/settings.ts'
import { OutflowError } from '../model/errors.ts'
import { confluence } from './connector-types/confluence.ts'
import type { ConnectorType } from './connector-types/connector-type.ts'
import { local } from './connector-types/local.ts'
import { postgres } from './connector-types/postgres.ts'
import type { ConnectorRole } from './platform.ts'

export const connectorTypes: readonly ConnectorType[] = [confluence, postgres, local]

/** @throws {OutflowError} `config`, code `connector.type_unknown` */
export function connectorType(role: ConnectorRole, name: string): ConnectorType {
  const found = connectorTypes.find((type) => type.role === role && type.name === name)
  if (found) return found
  const known = connectorTypes.filter((type) => type.role === role).map((type) => type.name)
  throw new OutflowError({
    kind: 'config',
    code: 'connector.type_unknown',
    message: `${role === 'source' ? 'Source' : 'Destination'} Connector type ${name} not supported`,
    fix: `Known: ${known.join(', ')}.`,
  })
}

/** All settings that the API takes of a type, under the API's names. */
export async function settingsOfType(type: ConnectorType): Promise<readonly SettingDescription[]> {
  const { settings } = await type.load()
  const own = describeSettings(settings).filter(({ name }) => !(name in type.closed))
  return [...own, ...(type.beside ?? [])]
}

/** A type of connectors, for forms. */
export interface ConnectorTypeForm {
  readonly name: string
  readonly role: ConnectorRole
  readonly title: string
  /** JSON Schema of `config`; a secret is `writeOnly`, what seldom matters `x-advanced`. */
  readonly schema: Readonly<Record<string, unknown>>
}

/** @throws {OutflowError} `missing`, code `connector.type_not_found` */
export async function connectorTypeForm(name: string): Promise<ConnectorTypeForm> {
  const type = connectorTypes.find((each) => each.name === name)
  if (!type)
    throw new OutflowError({
      kind: 'missing',
      code: 'connector.type_not_found',
      message: `There is no connector type ${name}.`,
      fix: `Known: ${connectorTypes.map((each) => each.name).join(', ')}.`,
    })
  const { title, settings } = await type.load()
  const { required } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })
  const descriptions = await settingsOfType(type)
  const properties = descriptions.map((description) => [
    description.name,
    propertyOf(description, settings.shape[description.name]),
  ])
  return {
    name,
    role: type.role,
    title,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title,
      type: 'object',
      properties: Object.fromEntries(properties),
      required: required ?? [],
      additionalProperties: false,
    },
  }
}

function propertyOf(description: SettingDescription, field: z.ZodType | undefined) {
  const { secret, advanced, example } = field ? (faces.get(field) ?? description) : description
  const { $schema: _, ...schema } = field
    ? z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' })
    : { $schema: '', type: description.type }
  return {
    ...schema,
    description: description.description,
    ...(example !== undefined && { examples: [example] }),
    ...(secret && { writeOnly: true, format: 'password' }),
    ...(advanced && { 'x-advanced': true }),
  }
}
