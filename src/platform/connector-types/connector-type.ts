/**
 * What there is to know of a type of connectors beside its plugin: names and rules of the API, which are other people's contract, apart from
 * those of the plugin.
 *
 * @module
 */

import type { Settings } from '../../kit/define.ts'
import type { SettingDescription } from '../../kit/settings.ts'
import type { FieldProblem } from '../../model/errors.ts'
import type { Config, ConnectorRole } from '../platform.ts'

/** What a connector would call. */
export type CalledPlace =
  | { readonly field: string; readonly url: string }
  | { readonly field: string; readonly host: string }

/** Of this server. */
export interface ServerPlaces {
  /** Folder that output may be written below. */
  readonly outputRoot: string | undefined
  readonly workspace: string
}

export interface ConnectorType {
  /** As the API calls it. */
  readonly name: string
  readonly role: ConnectorRole
  /** Of `registry.ts`. */
  readonly plugin: string
  load(): Promise<{ readonly title: string; readonly settings: Settings }>
  /** Settings of the API that the plugin knows under another name. */
  readonly beside?: readonly SettingDescription[]
  /** Settings that the API does not take, and why. */
  readonly closed: Readonly<Record<string, string>>
  /** Settings that decide where secrets go: with another value, a stored secret does not count. */
  readonly aims: readonly string[]
  /** What answers hold whether it was given or not. */
  readonly shown: Config
  /** What the plugin takes in place of it. */
  translate(config: Config): Translated
  /** What the plugin allows, and the API does not. Names of the API. */
  problems?(config: Config): readonly FieldProblem[]
  /** In settings of the plugin that it found valid. */
  calls?(settings: Config): readonly CalledPlace[]
  /** Settings as they are on this server. @throws {OutflowError} `config`, with `fields` */
  settle?(settings: Config, places: ServerPlaces): Promise<Config>
}

export interface Translated {
  readonly settings: Config
  /** By the plugin's name of a setting, the API's, where it was given under another. */
  readonly named?: Readonly<Record<string, string>>
}
