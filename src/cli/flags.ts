/**
 * Flags from a plugin's schema: `--max-num-of-spaces` from `max_num_of_spaces`, with its description, default and environment variable.
 *
 * @module
 */

import type { Command } from 'commander'
import { Option } from 'commander'
import type { Settings } from '../kit/define.ts'
import { describeSettings, fromText, type SettingDescription } from '../kit/settings.ts'

/** Adds a flag for each setting. Booleans come as a pair: `--cloud` and `--no-cloud`. */
export function addFlags(command: Command, schema: Settings): void {
  for (const description of describeSettings(schema)) {
    const flag = description.name.replaceAll('_', '-')
    if (description.type === 'boolean') {
      command.addOption(new Option(`--${flag}`, help(description)))
      command.addOption(new Option(`--no-${flag}`).hideHelp())
    } else {
      const option = new Option(
        `--${flag} <${description.type === 'list' ? 'a,b' : description.type}>`,
        help(description),
      )
      if (description.choices) option.choices([...description.choices])
      command.addOption(option)
    }
  }
}

function help({ description, default: fallback, env, secret }: SettingDescription): string {
  const notes = [
    ...(fallback !== undefined && fallback !== null && !Array.isArray(fallback)
      ? [`default ${JSON.stringify(fallback)}`]
      : []),
    ...(secret ? ['also env:NAME or file:PATH'] : []),
    ...(env ? [env] : []),
  ]
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`
}

/** The flags that were given, by setting name, as values of the settings' types. */
export function givenFlags(
  schema: Settings,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const description of describeSettings(schema)) {
    const value = options[camelCase(description.name)]
    if (value !== undefined)
      given[description.name] = typeof value === 'string' ? fromText(description, value) : value
  }
  return given
}

const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
