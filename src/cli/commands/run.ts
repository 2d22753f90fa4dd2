/**
 * `outflow run`: from a source to elements, by flags or by a workflow file. `outflow retry`: the same for what failed.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { OutflowError } from '../../model/errors.ts'
import type { Workflow } from '../../pipeline/plan.ts'
import { type RunOptions, run } from '../../pipeline/run.ts'
import { memoryOf, openState, type StateChoice } from '../../platform/state.ts'
import {
  defaultSteps,
  openWorkflow,
  readWorkflowFile,
  removalPolicy,
  removalSettings,
  type WorkflowConfig,
} from '../../platform/workflow.ts'
import { loadPlugin, pluginNames } from '../../registry.ts'
import { exitCodeOfJob, exitCodes } from '../exit.ts'
import { addFlags, givenFlags } from '../flags.ts'
import { jsonListener, personListener } from '../output/listener.ts'
import { addStepFlags } from '../step-flags.ts'
import type { Terminal } from '../terminal.ts'

export interface RunFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly tolerate: number
}

/** What `run` and `retry` share beside the settings of source and destination. */
interface StateFlags {
  /** A folder; `false`: nothing is remembered. */
  readonly state?: string | false
  readonly name?: string
}

interface WholeRunFlags extends StateFlags {
  readonly destination: string
  readonly reprocessAll?: boolean
  readonly acceptRemovals?: boolean
}

type Options = RunFlags & WholeRunFlags & Record<string, unknown>

export async function addRun(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const command = program
    .command('run')
    .summary('turn a wiki into elements')
    .description(
      'Runs a workflow: a source by name with its settings as flags, or a workflow file (YAML). A second run processes only what changed.',
    )
    .option('--no-state', 'remember nothing: process everything, remove nothing')
    .option('--reprocess-all', 'process everything again, whatever changed')
    .option('--accept-removals', 'remove what is held, or would be')
    .addHelpText('after', examples)
  await addWorkflow(command, terminal, exit, ({ reprocessAll = false, acceptRemovals = false }) => ({
    reprocessAll,
    removals: { accept: acceptRemovals },
  }))
}

export async function addRetry(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const command = program
    .command('retry')
    .summary('do only what failed')
    .description(
      'Takes the documents that failed in earlier runs, as the wiki shows them now, on from the stage where each failed. Everything else is left alone.',
    )
  await addWorkflow(command, terminal, exit, () => ({ onlyFailed: true }))
}

/** Arguments, flags and action of a command that runs a workflow. */
async function addWorkflow(
  command: Command,
  terminal: Terminal,
  exit: (code: number) => void,
  runOptions: (options: Options) => RunOptions,
): Promise<void> {
  const confluence = await loadPlugin('source', 'confluence')
  const local = await loadPlugin('source', 'local')
  const destination = await loadPlugin('destination', 'files')
  command
    .argument('<what>', '"confluence", "local" (a folder), or the path of a workflow file')
    .addOption(
      new Option('--destination <name>', 'where to; postgres takes its settings from OUTFLOW_POSTGRES_…')
        .choices(pluginNames('destination'))
        .default('files'),
    )
    .option('--json', 'one event a line on stdout')
    .option('--quiet', 'no progress')
    .option(
      '--tolerate <share>',
      'share of documents that may fail without exit code 3, for example 1%',
      share,
      0,
    )
    .option('--name <name>', 'name of this workflow, where several go to one destination', notEmpty)
    .option('--state <folder>', 'where runs remember (default: .outflow beside the output, or DATABASE_URL)')
  addFlags(command, 'Removals', removalSettings)
  for (const { definition } of [confluence, local]) addFlags(command, definition.title, definition.settings)
  const stepsOf = await addStepFlags(command)
  addFlags(command, destination.definition.title, destination.definition.settings)
  command.action(async (what: string, options: Options) => {
    const config = await workflowOf(what, options.destination)
    const { environment } = terminal
    const { steps, overrides } = stepsOf(config.steps, options)
    const workflow = await openWorkflow({ ...config, steps }, environment, {
      steps: overrides,
      source: givenFlags((config.source.type === 'local' ? local : confluence).definition.settings, options),
      ...(config.destination.type === 'files' && {
        destination: givenFlags(destination.definition.settings, options),
      }),
    })
    const removals = await removalPolicy(config, environment, givenFlags(removalSettings, options))
    const given = runOptions(options)
    const all = { ...given, removals: { ...removals, ...given.removals } }
    const memory = {
      name: options.name ?? config.name,
      state: options.state ?? config.state,
      command: `outflow ${command.name()} ${what}`,
      existing: given.onlyFailed === true,
    }
    exit(await runRemembering(workflow, terminal, options, all, memory))
  })
}

/** Where a run remembers. */
interface MemoryChoice extends Pick<StateChoice, 'command' | 'existing'> {
  /** A folder; `false`: nothing is remembered. */
  readonly state?: string | false | undefined
  readonly name?: string | undefined
}

/** Opens what is remembered, runs, and closes it. */
export async function runRemembering(
  workflow: Workflow,
  terminal: Terminal,
  flags: RunFlags,
  options: RunOptions,
  { state, name, ...choice }: MemoryChoice,
): Promise<number> {
  if (state === false) return runToEnd(workflow, terminal, flags, options)
  const { environment, signal } = terminal
  const { destination } = workflow
  const store = await openState({ stateDir: state, environment, ...choice }, destination.folder, { signal })
  try {
    const memory = memoryOf(store, destination, name)
    return await runToEnd(workflow, terminal, flags, { ...options, memory })
  } finally {
    await store.close()
  }
}

/** @param destination where to, unless a workflow file says it */
async function workflowOf(what: string, destination: string): Promise<WorkflowConfig> {
  if (what === 'confluence' || what === 'local')
    return { source: { type: what }, steps: defaultSteps, destination: { type: destination } }
  if (/[./\\]/.test(what)) return readWorkflowFile(what)
  throw new OutflowError({
    kind: 'config',
    code: 'cli.unknown_workflow',
    message: `"${what}" is neither a source nor the path of a workflow file.`,
    fix: 'Say "outflow run confluence --url …" or "outflow run local --path …", or name a file such as ./wiki.yaml.',
  })
}

/** Runs a workflow and tells the terminal; returns the exit code. */
async function runToEnd(
  workflow: Workflow,
  terminal: Terminal,
  { json = false, quiet = false, tolerate }: RunFlags,
  options: RunOptions = {},
): Promise<number> {
  const { onlyFailed = false } = options
  const listener = json ? jsonListener(terminal) : personListener(terminal, { quiet, onlyFailed })
  try {
    for await (const event of run(workflow, { ...options, signal: terminal.signal })) {
      listener.hear(event)
      if (event.type === 'job.finished') return exitCodeOfJob(event, tolerate)
    }
  } finally {
    listener.close()
  }
  return exitCodes.unexpected
}

function notEmpty(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('A name has at least one letter.')
}

function share(text: string): number {
  const number = Number(text.replace(/%$/, '')) / (text.endsWith('%') ? 100 : 1)
  if (number >= 0 && number <= 1) return number
  throw new InvalidArgumentError('A share is a number from 0 to 1, or a percentage such as 1%.')
}

const examples = `
Examples:
  outflow run confluence --url https://acme.atlassian.net --username me@acme.com --api-token env:CONFLUENCE_API_TOKEN --output-dir ./wiki
  outflow run confluence --url https://wiki.acme.com --token file:/run/secrets/pat --spaces HR,ENG --output-dir ./wiki
  outflow run confluence --url … --extract-files --extract-images --chunking-strategy by_title --output-dir ./wiki
  outflow run local --path ./documents --groups staff --output-dir ./elements
  outflow run ./wiki.yaml --json
  outflow run ./wiki.yaml --accept-removals
`
