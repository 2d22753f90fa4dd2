/**
 * `outflow run`: from a source to elements, by flags or by a workflow file.
 *
 * @module
 */

import { type Command, InvalidArgumentError } from 'commander'
import { OutflowError } from '../../model/errors.ts'
import type { Workflow } from '../../pipeline/plan.ts'
import { run } from '../../pipeline/run.ts'
import { defaultSteps, openWorkflow, readWorkflowFile, type WorkflowConfig } from '../../platform/workflow.ts'
import { loadPlugin } from '../../registry.ts'
import { exitCodeOfJob, exitCodes } from '../exit.ts'
import { addFlags, givenFlags } from '../flags.ts'
import { jsonListener, personListener } from '../output/listener.ts'
import type { Terminal } from '../terminal.ts'

interface RunFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly tolerate: number
}

export async function addRun(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const source = await loadPlugin('source', 'confluence')
  const destination = await loadPlugin('destination', 'files')
  const command = program
    .command('run')
    .summary('turn a wiki into elements')
    .description('Runs a workflow: a source by name with its settings as flags, or a workflow file (YAML).')
    .argument('<what>', '"confluence", or the path of a workflow file')
    .option('--json', 'one event a line on stdout')
    .option('--quiet', 'no progress')
    .option(
      '--tolerate <share>',
      'share of documents that may fail without exit code 3, for example 1%',
      share,
      0,
    )
    .addHelpText('after', examples)
  addFlags(command, source.definition.title, source.definition.settings)
  addFlags(command, destination.definition.title, destination.definition.settings)
  command.action(async (what: string, options: RunFlags & Record<string, unknown>) => {
    const config = await workflowOf(what)
    const workflow = await openWorkflow(config, terminal.environment, {
      source: givenFlags(source.definition.settings, options),
      destination: givenFlags(destination.definition.settings, options),
    })
    exit(await runToEnd(workflow, terminal, options))
  })
}

async function workflowOf(what: string): Promise<WorkflowConfig> {
  if (what === 'confluence')
    return { source: { type: what }, steps: defaultSteps, destination: { type: 'files' } }
  if (/[./\\]/.test(what)) return readWorkflowFile(what)
  throw new OutflowError({
    kind: 'config',
    code: 'cli.unknown_workflow',
    message: `"${what}" is neither a source nor the path of a workflow file.`,
    fix: 'Say "outflow run confluence --url …", or name a file such as ./wiki.yaml.',
  })
}

/** Runs a workflow and tells the terminal; returns the exit code. */
export async function runToEnd(
  workflow: Workflow,
  terminal: Terminal,
  { json = false, quiet = false, tolerate }: RunFlags,
): Promise<number> {
  const listener = json ? jsonListener(terminal) : personListener(terminal, { quiet })
  try {
    for await (const event of run(workflow, { signal: terminal.signal })) {
      listener.hear(event)
      if (event.type === 'job.finished') return exitCodeOfJob(event, tolerate)
    }
  } finally {
    listener.close()
  }
  return exitCodes.unexpected
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
  outflow run ./wiki.yaml --json
`
