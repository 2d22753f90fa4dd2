/**
 * How a plugin is declared: a name, a title, a schema and a factory. The schema is declared once; form, flags, docs, validation,
 * redaction and the example config all come from it.
 *
 * @module
 */

import type { LookupFunction } from 'node:net'
import { z } from 'zod'
import type { Destination, Embed, Source, Step } from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'
import type { Sharing } from './http-sharing.ts'

/** What a form, a flag or a page needs to know of a setting beside its type; kept in zod's registry. */
export interface SettingFace {
  /** One sentence for people. Every setting has one. */
  readonly description: string
  /** Never printed, logged or echoed; also accepted as `env:NAME` and `file:PATH`. */
  readonly secret?: boolean
  /** Folded away in forms. */
  readonly advanced?: boolean
  /** The environment variable that sets it: `CONFLUENCE_URL`. */
  readonly env?: string
  /** A value to show in an example. */
  readonly example?: string
  /** Decides what comes out of a document, so that a change of it has everything processed again. Of steps, every setting does that does not say `false`. */
  readonly shapes?: boolean
}

/** Where the faces of all settings are kept. */
export const faces = z.registry<SettingFace>()

/** Gives a setting its face: `setting(z.string(), {description: '…'})`. */
export function setting<Schema extends z.ZodType>(schema: Schema, face: SettingFace): Schema {
  faces.add(schema, face)
  return schema
}

export type Settings = z.ZodObject

/** What a plugin has in common with others, whatever its settings; given by whoever opens a workflow. */
export interface PluginContext {
  /** By whose word requests leave. Default: that of this process alone. */
  readonly sharing?: Sharing
  /** Finds the address of a host that settings name, and refuses what must not be called. Default: the system's. */
  readonly lookup?: LookupFunction
  /** Makes a vector of each text, in order. Default: none, and steps that need one are refused. */
  readonly embed?: Embed
}

interface Definition<Schema extends Settings, Plugin> {
  /** Lower case, as in a config file: `confluence`. */
  readonly name: string
  readonly title: string
  readonly settings: Schema
  /** Whether the command line has a flag for each setting; a word = flags that begin with it: `--chunk-overlap`. Default true. */
  readonly flags?: boolean | string
  /** Given validated settings. Opens nothing yet: connections come with the first call. */
  readonly create: (settings: z.output<Schema>, context: PluginContext) => Plugin
}

/** A plugin's factory, callable from code, with its declaration beside it. */
export interface PluginFactory<Schema extends Settings, Plugin> {
  (settings: z.input<Schema>, context?: PluginContext): Plugin
  readonly definition: Definition<Schema, Plugin>
}

function define<Schema extends Settings, Plugin extends object>(
  role: string,
  definition: Definition<Schema, Plugin>,
): PluginFactory<Schema, Plugin> {
  const factory = (input: z.input<Schema>, context: PluginContext = {}) => {
    const settings = parseSettings(role, definition, input)
    const plugin = definition.create(settings, context)
    shaping.set(plugin, shapingOf(role, definition.settings, settings))
    return plugin
  }
  return Object.assign(factory, { definition })
}

/** Of each plugin that was made here, the settings that decide what comes out of a document. */
const shaping = new WeakMap<object, Readonly<Record<string, unknown>>>()

/** What a plugin was made with, as far as it decides what comes out; empty for one that was not made by a `define*` factory. */
export function shapingSettings(plugin: object): Readonly<Record<string, unknown>> {
  return shaping.get(plugin) ?? {}
}

function shapingOf(role: string, { shape }: Settings, settings: Readonly<Record<string, unknown>>) {
  const shapes = (name: string) => {
    const face = shape[name] && faces.get(shape[name])
    return face?.secret !== true && (face?.shapes ?? role === 'step')
  }
  return Object.fromEntries(Object.entries(settings).filter(([name]) => shapes(name)))
}

/** Says that something is missing where zod would speak of `undefined`; otherwise its own words. */
const missing: z.core.$ZodErrorMap = ({ code, input }) =>
  code === 'invalid_type' && input === undefined ? 'missing' : undefined

/** Validates settings; every problem is named in one error. @throws {OutflowError} kind `config`, code `settings.invalid`. */
export function parseSettings<Schema extends Settings>(
  role: string,
  { name, settings, flags = true }: { name: string; settings: Schema; flags?: boolean | string },
  input: unknown,
): z.output<Schema> {
  const parsed = settings.safeParse(input, { error: missing })
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const problems = issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`)
  const ways = [...new Set(issues.map(({ path: [setting] }) => String(setting ?? '')))].flatMap(
    waysToGive(settings, flags),
  )
  throw new OutflowError({
    kind: 'config',
    code: 'settings.invalid',
    message: `The settings of the ${role} "${name}" cannot be used: ${problems.join('; ')}.`,
    fix: ways.length > 0 ? `Set ${ways.join('; ')}.` : 'Correct the named settings.',
    fields: issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  })
}

/** `--url, CONFLUENCE_URL, or url in the workflow file`, for settings that exist. */
function waysToGive({ shape }: Settings, flags: boolean | string): (name: string) => readonly string[] {
  return (name) => {
    const face = shape[name] && faces.get(shape[name])
    if (!face) return []
    const word = typeof flags === 'string' ? `${flags}-` : ''
    const flag = flags === false ? [] : [`--${word}${name.replaceAll('_', '-')}`]
    const others = [...flag, ...(face.env ? [face.env] : [])]
    return [`${others.length > 0 ? `${others.join(', ')} or ` : ''}\`${name}\` in the workflow file`]
  }
}

export const defineSource = <Schema extends Settings>(definition: Definition<Schema, Source>) =>
  define('source', definition)

export const defineStep = <Schema extends Settings, Plugin extends Step>(
  definition: Definition<Schema, Plugin>,
) => define('step', definition)

export const defineDestination = <Schema extends Settings>(definition: Definition<Schema, Destination>) =>
  define('destination', definition)
