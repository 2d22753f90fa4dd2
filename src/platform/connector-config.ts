/**
 * A connector's settings as somebody sent them: read, checked, and taken apart into what may be shown and what may not.
 *
 * @module
 */

import { parseSettings } from '../kit/define.ts'
import { fromText, type SettingDescription } from '../kit/settings.ts'
import { type FieldProblem, OutflowError } from '../model/errors.ts'
import { nearest } from '../util/nearest.ts'
import type { ConnectorType } from './connector-types/connector-type.ts'
import { settingsOfType } from './connector-types.ts'
import type { Config } from './platform.ts'

/** Stands for a secret in answers; sent back, it keeps the one that is stored. */
const mask = '**********'

export type Secrets = Readonly<Record<string, string>>

/** Names and values are the API's. */
export interface ReadConfig {
  /** Secrets as their mask. */
  readonly config: Config
  readonly secrets: Secrets
}

/**
 * What is null or empty counts as not given; booleans and numbers may come as text, lists with commas.
 *
 * @param stored what a mask stands for
 * @throws {OutflowError} `config`: codes `settings.invalid`, `connector.secret_needed`; with `fields`
 */
export async function readConfig(
  type: ConnectorType,
  given: Config,
  stored?: ReadConfig,
): Promise<ReadConfig> {
  const descriptions = new Map((await settingsOfType(type)).map((each) => [each.name, each]))
  const present = Object.entries(given).filter(([, value]) => !isNothing(value))
  const strange = present.flatMap(([name]) => strangeName(type, name, [...descriptions.keys()]))
  if (strange.length > 0) throw invalid(type, strange)

  const config: Record<string, unknown> = {}
  const secrets: Record<string, string> = {}
  const kept: string[] = []
  const problems: FieldProblem[] = []
  for (const [name, value] of present) {
    const description = descriptions.get(name)!
    if (!description.secret) config[name] = coerced(description, value)
    else if (typeof value !== 'string') problems.push({ field: name, message: 'a secret is a text' })
    else if (value === mask && stored?.secrets[name] === undefined)
      problems.push({ field: name, message: 'the mask stands for a stored secret, and there is none' })
    else if (/^(env|file):/.test(value))
      problems.push({ field: name, message: 'the secret itself is wanted, not where it is' })
    else {
      if (value === mask) kept.push(name)
      config[name] = mask
      secrets[name] = value === mask ? stored!.secrets[name]! : value
    }
  }
  if (problems.length > 0) throw invalid(type, problems)
  const read = { config, secrets }
  await pluginSettings(type, read)
  if (stored) refuseOtherAim(type, kept, read, stored)
  return read
}

/** What the plugin is opened with. @throws {OutflowError} `config`, code `settings.invalid`, with `fields` */
export async function pluginSettings(type: ConnectorType, { config, secrets }: ReadConfig): Promise<Config> {
  const whole = { ...config, ...secrets }
  const { settings, named = {} } = type.translate(whole)
  const problems = [...(await pluginProblems(type, settings, named)), ...(type.problems?.(whole) ?? [])]
  if (problems.length > 0) throw invalid(type, problems)
  return settings
}

/** With what answers always hold. */
export const shownConfig = (type: ConnectorType, config: Config): Config => ({ ...type.shown, ...config })

const isNothing = (value: unknown) =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

function coerced(description: SettingDescription, value: unknown): unknown {
  return typeof value === 'string' ? fromText(description, value.trim()) : value
}

function strangeName(type: ConnectorType, name: string, known: readonly string[]): readonly FieldProblem[] {
  const closed = Object.hasOwn(type.closed, name) ? type.closed[name] : undefined
  if (closed !== undefined) return [{ field: name, message: closed }]
  if (known.includes(name)) return []
  const meant = nearest(name, known)
  const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean ${meant}?`
  return [{ field: name, message: `there is no such setting; ${hint}` }]
}

async function pluginProblems(
  type: ConnectorType,
  settings: Config,
  named: Readonly<Record<string, string>>,
): Promise<readonly FieldProblem[]> {
  const definition = await type.load()
  try {
    parseSettings(type.role, { name: type.plugin, settings: definition.settings }, settings)
    return []
  } catch (thrown) {
    if (!(thrown instanceof OutflowError)) throw thrown
    return thrown.fields.map(({ field, message }) => {
      const [first = '', ...rest] = field.split('.')
      return { field: [named[first] ?? first, ...rest].join('.'), message }
    })
  }
}

/** A stored secret is never sent anywhere else than it was stored for. */
function refuseOtherAim(
  type: ConnectorType,
  kept: readonly string[],
  next: ReadConfig,
  stored: ReadConfig,
): void {
  const valueIn = (read: ReadConfig, name: string) => read.secrets[name] ?? read.config[name]
  const changed = type.aims.filter((name) => valueIn(next, name) !== valueIn(stored, name))
  const needed = kept.filter((name) => !changed.includes(name))
  if (changed.length === 0 || needed.length === 0) return
  throw new OutflowError({
    kind: 'config',
    code: 'connector.secret_needed',
    message: `With another ${changed.join(', ')}, the secret has to be given again: a stored one is sent nowhere else.`,
    fix: `Send ${needed.join(', ')} in place of the mask.`,
    fields: needed.map((name) => ({
      field: `config.${name}`,
      message: `give it again, since ${changed.join(', ')} changes`,
    })),
  })
}

function invalid(type: ConnectorType, problems: readonly FieldProblem[]): OutflowError {
  const told = problems.map(({ field, message }) => `${field || 'config'}: ${message}`).join('; ')
  return new OutflowError({
    kind: 'config',
    code: 'settings.invalid',
    message: `The settings of the ${type.role} "${type.name}" cannot be used: ${told}.`,
    fix: 'Correct the named settings.',
    fields: problems.map(({ field, message }) => ({
      field: field === '' ? 'config' : `config.${field}`,
      message,
    })),
  })
}
