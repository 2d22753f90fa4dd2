/**
 * A workflow as people write it (a config file, or flags) turned into one that runs.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import {
  type PluginContext,
  type PluginFactory,
  parseSettings,
  type Settings,
  setting,
} from '../kit/define.ts'
import type { Destination, Source, Step } from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'
import type { Workflow } from '../pipeline/plan.ts'
import type { RemovalPolicy } from '../pipeline/removals.ts'
import { loadPlugin } from '../registry.ts'
import { type Environment, mergeSettings } from './settings.ts'

export type SettingValues = Readonly<Record<string, unknown>>

/** One plugin with its settings: `{type: 'confluence', url: …}`. */
export interface PluginConfig {
  readonly type: string
  readonly [setting: string]: unknown
}

export interface WorkflowConfig {
  readonly source: PluginConfig
  readonly steps: readonly PluginConfig[]
  readonly destination: PluginConfig
  /** When removals are held; see `removalSettings`. */
  readonly removals?: SettingValues
  /** The state folder. */
  readonly state?: string
  /** Where several workflows go to one destination, each has one. */
  readonly name?: string
}

/** What partitions documents when a workflow does not say. */
export const defaultSteps: readonly PluginConfig[] = [{ type: 'auto' }]

const plugin = z.looseObject({ type: z.string().min(1) })
const workflowSchema = z.strictObject({
  source: plugin,
  steps: z.array(plugin).default([...defaultSteps]),
  destination: plugin,
  removals: z.record(z.string(), z.unknown()).exactOptional(),
  state: z.string().min(1).exactOptional(),
  name: z.string().min(1).exactOptional(),
})

/** When documents that are no part of the source any more are removed, and when they are held for a person to decide. */
export const removalSettings = z.strictObject({
  on_access_lost: setting(z.enum(['keep', 'remove']).default('keep'), {
    description:
      'What happens to documents that the account cannot see any more: kept, closed to everybody, or removed.',
    env: 'OUTFLOW_ON_ACCESS_LOST',
  }),
  max_removals_share: setting(z.number().min(0).max(1).default(0.3), {
    description:
      'When more than this share of a space’s documents are gone (and more than ten), they are held instead of removed.',
    env: 'OUTFLOW_MAX_REMOVALS_SHARE',
  }),
  max_removals: setting(z.int().min(0).default(1000), {
    description: 'When more than so many documents of a space are gone, they are held instead of removed.',
    env: 'OUTFLOW_MAX_REMOVALS',
  }),
})

/** From flags, environment and workflow file. @throws {OutflowError} kind `config` */
export async function removalPolicy(
  { removals = {} }: WorkflowConfig,
  environment: Environment,
  flags: SettingValues,
): Promise<RemovalPolicy> {
  const given = await mergeSettings(removalSettings, { flags, environment, file: removals })
  const parsed = parseSettings('workflow', { name: 'removals', settings: removalSettings }, given)
  return {
    onAccessLost: parsed.on_access_lost,
    mostShare: parsed.max_removals_share,
    mostCount: parsed.max_removals,
  }
}

/** @throws {OutflowError} kind `config`: no such file, not YAML, or not a workflow */
export async function readWorkflowFile(path: string): Promise<WorkflowConfig> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(path, 'It cannot be read.', cause)
  })
  const parsed = workflowSchema.safeParse(parseYaml(path, text))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path: where, message }) => `${where.join('.') || 'file'}: ${message}`,
  )
  throw unusable(path, problems.join('; '))
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (thrown) {
    if (thrown instanceof YAMLParseError) throw unusable(path, thrown.message, thrown)
    throw thrown
  }
}

function unusable(path: string, why: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'workflow.unusable_file',
    message: `The workflow file ${path} cannot be used. ${why}`,
    fix: 'A workflow file has the keys source, steps (optional) and destination, each with a type; see docs/workflow-files.md.',
    cause,
  })
}

/** Flags of the command line. */
export interface Overrides {
  readonly source?: SettingValues
  /** By type of step. */
  readonly steps?: Readonly<Record<string, SettingValues>>
  readonly destination?: SettingValues
}

/** Opens all plugins of a workflow. Nothing is connected yet. @throws {OutflowError} kind `config` */
export async function openWorkflow(
  config: WorkflowConfig,
  environment: Environment,
  overrides: Overrides = {},
  context: PluginContext = {},
): Promise<Workflow> {
  const source = await openSource(config.source, environment, overrides.source, context)
  const steps = await openSteps(config.steps, environment, overrides.steps)
  const destination = await openDestination(config.destination, environment, overrides.destination)
  return { source, steps, destination }
}

/** @param flags by type of step. @throws {OutflowError} kind `config` */
export async function openSteps(
  configs: readonly PluginConfig[],
  environment: Environment,
  flags: Readonly<Record<string, SettingValues>> = {},
): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const step of configs) {
    const factory: PluginFactory<Settings, Step> = await loadPlugin('step', step.type)
    steps.push(factory(await merged(factory.definition.settings, step, environment, flags[step.type])))
  }
  return steps
}

async function openDestination(
  config: PluginConfig,
  environment: Environment,
  flags: SettingValues = {},
): Promise<Destination> {
  // Which of them it is, nobody knows before run time; each validates its own settings.
  const factory: PluginFactory<Settings, Destination> = await loadPlugin('destination', config.type)
  return factory(await merged(factory.definition.settings, config, environment, flags))
}

/** @throws {OutflowError} kind `config` */
export async function openSource(
  config: PluginConfig,
  environment: Environment,
  flags: SettingValues = {},
  context: PluginContext = {},
): Promise<Source> {
  const factory: PluginFactory<Settings, Source> = await loadPlugin('source', config.type)
  return factory(await merged(factory.definition.settings, config, environment, flags), context)
}

/** The plugin's schema validates what comes out; until then it is unknown input. */
async function merged<Schema extends Parameters<typeof mergeSettings>[0]>(
  schema: Schema,
  { type: _, ...file }: PluginConfig,
  environment: Environment,
  flags: SettingValues = {},
): Promise<z.input<Schema>> {
  return (await mergeSettings(schema, { flags, environment, file })) as z.input<Schema>
}
