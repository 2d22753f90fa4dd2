/**
 * What there is to connect, from the plugins' own declarations: nothing about a setting is written twice.
 *
 * @module
 */

import type { Settings } from '../kit/define.ts'
import { describeSettings, type SettingDescription } from '../kit/settings.ts'
import type { ConnectorRole } from '../platform/platform.ts'
import { loadPlugin, pluginNames } from '../registry.ts'

export interface ConnectorType {
  /** As the API calls it. */
  readonly name: string
  readonly role: ConnectorRole
  readonly title: string
  /** JSON Schema of its settings. */
  readonly schema: Readonly<Record<string, unknown>>
}

/** Where the API's name is not the plugin's. */
const apiNames: Readonly<Record<string, string>> = { files: 'local' }

export async function connectorTypes(): Promise<readonly ConnectorType[]> {
  const roles = ['source', 'destination'] as const
  const types = roles.map((role) => Promise.all(pluginNames(role).map((name) => typeOf(role, name))))
  return (await Promise.all(types)).flat()
}

interface Declared {
  readonly definition: { readonly title: string; readonly settings: Settings }
}

async function typeOf(role: ConnectorRole, plugin: string): Promise<ConnectorType> {
  const { definition }: Declared =
    role === 'source' ? await loadPlugin('source', plugin) : await loadPlugin('destination', plugin)
  const settings = describeSettings(definition.settings)
  return {
    name: apiNames[plugin] ?? plugin,
    role,
    title: definition.title,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: definition.title,
      type: 'object',
      properties: Object.fromEntries(settings.map((setting) => [setting.name, propertyOf(setting)])),
      required: settings
        .filter(({ name }) => definition.settings.shape[name]?.safeParse(undefined).success === false)
        .map(({ name }) => name),
    },
  }
}

function propertyOf(setting: SettingDescription): Readonly<Record<string, unknown>> {
  const { type, description, choices, secret, advanced, example } = setting
  return {
    ...(type === 'list' ? { type: 'array', items: { type: 'string' } } : { type }),
    description,
    ...(choices && { enum: choices }),
    ...(setting.default !== undefined && { default: setting.default }),
    ...(example !== undefined && { examples: [example] }),
    ...(secret && { writeOnly: true, 'x-secret': true }),
    ...(advanced && { 'x-advanced': true }),
  }
}
