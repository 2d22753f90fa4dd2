/**
 * Flags from a plugin's schema: `--max-num-of-spaces` from `max_num_of_spaces`, with its description, default and environment variable.
 *
 * @module
 */

import type { Command } from 'commander'
import { Option } from 'commander'
import type { Settings } from '../kit/define.ts'
import { defaultText, describeSettings, fromText, type SettingDescription } from '../kit/settings.ts'

/**
 * Adds a flag for each setting, under a heading of its own. Booleans come as a pair, `--cloud` and `--no-cloud`; help shows the one that
 * changes something. Of plugins that call a setting alike, one flag serves all.
 *
 * @param title of the plugin, for the heading
 * @param prefix before each name: `chunk` makes `--chunk-overlap` of `overlap`
 */
export function addFlags(command: Command, title: string, schema: Settings, prefix?: string): void {
  for (const description of describeSettings(schema)) {
    const heading = description.advanced ? `${title}, seldom needed:` : `${title}:`
    for (const option of optionsFor(description, prefix))
      if (!command.options.some(({ long }) => long === option.long))
        command.addOption(option.helpGroup(heading))
  }
}

const nameOf = ({ name }: SettingDescription, prefix?: string) =>
  prefix === undefined ? name : `${prefix}_${name}`

function optionsFor(description: SettingDescription, prefix?: string): readonly Option[] {
  const flag = nameOf(description, prefix).replaceAll('_', '-')
  if (description.type === 'boolean') {
    const isOn = description.default === true
    const no = isOn ? `Switch off: ${help(description)}` : 'The opposite.'
    return [
      new Option(`--${flag}`, help(description)).hideHelp(isOn),
      new Option(`--no-${flag}`, no).hideHelp(description.default === false),
    ]
  }
  const { choices, type } = description
  const option = new Option(`--${flag} <${placeholders[type]}>`, help(description))
  return [choices ? option.choices([...choices]) : option]
}

const placeholders = { list: 'a,b', number: 'number', string: 'text' } as const

function help(setting: SettingDescription): string {
  const { description, type, env, secret } = setting
  const fallback = type === 'boolean' ? undefined : defaultText(setting)
  const notes = [
    ...(fallback === undefined ? [] : [`default ${fallback}`]),
    ...(secret ? ['also env:NAME or file:PATH'] : []),
    ...(env ? [env] : []),
  ]
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`
}

/** The flags that were given, by setting name, as values of the settings' types. @param prefix as they were added with */
export function givenFlags(
  schema: Settings,
  options: Readonly<Record<string, unknown>>,
  prefix?: string,
): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const description of describeSettings(schema)) {
    const value = options[camelCase(nameOf(description, prefix))]
    if (value !== undefined)
      given[description.name] = typeof value === 'string' ? fromText(description, value) : value
  }
  return given
}

const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
