/**
 * A workflow as people write it (a config file, or flags) turned into one that runs.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import type { Destination, Source, Step } from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'
import type { Workflow } from '../pipeline/plan.ts'
import { loadPlugin } from '../registry.ts'
import { type Environment, mergeSettings } from './settings.ts'

type SettingValues = Readonly<Record<string, unknown>>

/** One plugin with its settings: `{type: 'confluence', url: …}`. */
export interface PluginConfig {
  readonly type: string
  readonly [setting: string]: unknown
}

export interface WorkflowConfig {
  readonly source: PluginConfig
  readonly steps: readonly PluginConfig[]
  readonly destination: PluginConfig
}

/** What partitions documents when a workflow does not say. */
export const defaultSteps: readonly PluginConfig[] = [{ type: 'html' }]

const plugin = z.looseObject({ type: z.string().min(1) })
const workflowSchema = z.strictObject({
  source: plugin,
  steps: z.array(plugin).default([...defaultSteps]),
  destination: plugin,
})

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

/** Flags of the command line, for the source and the destination. */
export interface Overrides {
  readonly source?: SettingValues
  readonly destination?: SettingValues
}

/** Opens all plugins of a workflow. Nothing is connected yet. @throws {OutflowError} kind `config` */
export async function openWorkflow(
  config: WorkflowConfig,
  environment: Environment,
  overrides: Overrides = {},
): Promise<Workflow> {
  const source = await openSource(config.source, environment, overrides.source)
  const steps: Step[] = []
  for (const step of config.steps) {
    const factory = await loadPlugin('step', step.type)
    steps.push(factory(await merged(factory.definition.settings, step, environment)))
  }
  const factory = await loadPlugin('destination', config.destination.type)
  const destination: Destination = factory(
    await merged(factory.definition.settings, config.destination, environment, overrides.destination),
  )
  return { source, steps, destination }
}

/** @throws {OutflowError} kind `config` */
export async function openSource(
  config: PluginConfig,
  environment: Environment,
  flags: SettingValues = {},
): Promise<Source> {
  const factory = await loadPlugin('source', config.type)
  return factory(await merged(factory.definition.settings, config, environment, flags))
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
