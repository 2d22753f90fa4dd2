/**
 * Settings from several places, with one precedence: flags, then the environment, then the config file, then defaults.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import type { Settings } from '../kit/define.ts'
import { describeSettings, fromText, type SettingDescription } from '../kit/settings.ts'
import { OutflowError } from '../model/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where values may come from; what is not given is absent. */
export interface SettingLayers {
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Environment
  readonly file: Readonly<Record<string, unknown>>
}

/**
 * Merges the layers into what a plugin's factory takes, and fetches secrets given by reference (`env:NAME`, `file:PATH`).
 *
 * @throws {OutflowError} kind `config`: an unknown setting (with the nearest name), or a secret whose reference leads nowhere
 */
export async function mergeSettings(
  schema: Settings,
  layers: SettingLayers,
): Promise<Record<string, unknown>> {
  const descriptions = describeSettings(schema)
  refuseUnknown(descriptions, layers.file)
  const merged: Record<string, unknown> = {}
  for (const description of descriptions) {
    const value = firstGiven(description, layers)
    if (value === undefined) continue
    merged[description.name] =
      description.secret && typeof value === 'string'
        ? await dereference(description, value, layers.environment)
        : value
  }
  return merged
}

function firstGiven(description: SettingDescription, { flags, environment, file }: SettingLayers): unknown {
  const fromEnvironment = description.env === undefined ? undefined : environment[description.env]
  return (
    flags[description.name] ??
    (fromEnvironment ? fromText(description, fromEnvironment) : undefined) ??
    file[description.name]
  )
}

function refuseUnknown(
  descriptions: readonly SettingDescription[],
  file: Readonly<Record<string, unknown>>,
): void {
  const names = descriptions.map(({ name }) => name)
  const unknown = Object.keys(file).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new OutflowError({
    kind: 'config',
    code: 'settings.unknown',
    message: `There is no setting called "${unknown}".`,
    fix: `Known settings: ${names.join(', ')}.`,
  })
}

/** A secret is given as it is, as `env:NAME`, or as `file:PATH` (a trailing line break is not part of it). */
async function dereference(
  { name }: SettingDescription,
  value: string,
  environment: Environment,
): Promise<string> {
  if (value.startsWith('env:')) {
    const variable = value.slice('env:'.length)
    const found = environment[variable]
    if (found) return found
    throw lostSecret(name, `The environment variable ${variable} is not set.`)
  }
  if (value.startsWith('file:')) {
    const path = value.slice('file:'.length)
    const content = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw lostSecret(name, `The file ${path} cannot be read.`, cause)
    })
    return content.replace(/\r?\n$/, '')
  }
  return value
}

function lostSecret(name: string, why: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'settings.secret_not_found',
    message: `The setting "${name}" names a secret that is not there. ${why}`,
    fix: 'Set it, or correct the reference.',
    cause,
  })
}
