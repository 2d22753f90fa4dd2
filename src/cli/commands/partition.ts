/**
 * `outflow partition FILE…`: files of this machine as elements, nothing stored.
 *
 * @module
 */

import type { Command } from 'commander'
import type { Loss } from '../../model/content.ts'
import type { Element } from '../../model/element.ts'
import { elementsToJson } from '../../model/element-json.ts'
import { reportError } from '../../model/errors.ts'
import { inspect } from '../../platform/inspect.ts'
import { defaultSteps, openSource, openSteps } from '../../platform/workflow.ts'
import { exitCodes } from '../exit.ts'
import { elementLine } from '../output/elements.ts'
import { addStepFlags } from '../step-flags.ts'
import { printable, type Terminal } from '../terminal.ts'

export async function addPartition(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const command = program
    .command('partition')
    .summary('turn files into elements')
    .description(
      'Shows what a run would make of files: documents, spreadsheets, presentations, PDFs, mails, pictures and more. Stores nothing.',
    )
    .argument('<file...>', 'paths of files')
    .option('--json', 'all elements as one JSON array')
    .addHelpText('after', examples)
  const stepsOf = await addStepFlags(command)
  command.action(async (paths: string[], options: Record<string, unknown>) => {
    const { environment, signal } = terminal
    const chosen = stepsOf(defaultSteps, options)
    const steps = await openSteps(chosen.steps, environment, chosen.overrides)
    const all: Element[] = []
    let failed = 0
    try {
      for (const path of paths) {
        const source = await openSource({ type: 'local', path }, {})
        try {
          const { elements, losses } = await inspect(source, steps, path, { signal })
          if (options.json) for (const element of elements) all.push(element)
          else show(path, elements, terminal)
          tellLosses(path, losses, terminal)
        } catch (thrown) {
          signal.throwIfAborted()
          failed += 1
          tellFailure(path, thrown, terminal)
        }
      }
    } finally {
      for (const step of steps) if (step.role === 'partition') await step.close?.()
    }
    if (options.json) terminal.out(elementsToJson(all))
    exit(failed === 0 ? exitCodes.done : exitCodes.incomplete)
  })
}

function show(path: string, elements: readonly Element[], { out, style }: Terminal): void {
  out(style.bold(printable(path)))
  for (const element of elements) out(elementLine(element, style))
  out('')
}

function tellLosses(path: string, losses: readonly Loss[], { say }: Terminal): void {
  for (const { code, name } of losses) say(printable(`${path}: not in the elements: ${name} (${code})`))
}

function tellFailure(path: string, thrown: unknown, { say, style }: Terminal): void {
  const { message, fix, code } = reportError(thrown)
  say(style.bad(printable(`${path}: ${message}`)))
  if (fix) say(printable(fix))
  say(style.dim(code))
}

const examples = `
Examples:
  outflow partition report.docx
  outflow partition *.pdf --partition-strategy fast --json > elements.json
  outflow partition handbook.epub --chunking-strategy by_title --chunk-max-characters 1000
`
