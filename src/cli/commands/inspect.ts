/**
 * `outflow inspect PAGE-URL`: the elements and permissions of one page, nothing stored.
 *
 * @module
 */

import type { Command } from 'commander'
import type { DocumentPermissions } from '../../model/permissions.ts'
import { type Inspection, inspect } from '../../platform/inspect.ts'
import { openSource } from '../../platform/workflow.ts'
import { loadPlugin } from '../../registry.ts'
import { exitCodes } from '../exit.ts'
import { addFlags, givenFlags } from '../flags.ts'
import { elementLine } from '../output/elements.ts'
import { printable, type Style, type Terminal } from '../terminal.ts'

export async function addInspect(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const factory = await loadPlugin('source', 'confluence')
  const auto = await loadPlugin('step', 'auto')
  const command = program
    .command('inspect')
    .summary('elements and permissions of one page')
    .description('Fetches one page and shows what a run would make of it. Stores nothing.')
    .argument('<page-url>', 'the address of a page, as the browser shows it')
    .option('--json', 'the document and its elements as one JSON value')
  addFlags(command, factory.definition.title, factory.definition.settings)
  command.action(async (address: string, options: Record<string, unknown>) => {
    const flags = { url: address, ...givenFlags(factory.definition.settings, options) }
    const source = await openSource({ type: 'confluence' }, terminal.environment, flags)
    const partitioner = auto({})
    try {
      const inspection = await inspect(source, [partitioner], address, { signal: terminal.signal })
      if (options.json) terminal.out(JSON.stringify(inspection))
      else for (const line of describe(inspection, terminal.style)) terminal.out(line)
    } finally {
      await partitioner.close?.()
      await source.close()
    }
    exit(exitCodes.done)
  })
}

function describe({ document, elements }: Inspection, style: Style): readonly string[] {
  return [
    style.bold(printable(document.title)),
    style.dim(
      printable(
        `${document.url} · version ${document.version} · ${[document.space, ...document.ancestors].join(' / ')}`,
      ),
    ),
    '',
    ...permissionLines(document.permissions),
    '',
    ...elements.map((element) => elementLine(element, style)),
  ]
}

function permissionLines({ status, reason, rules, data }: DocumentPermissions): readonly string[] {
  const [{ read }] = data
  return [
    `permissions: ${status}${reason ? ` (${printable(reason)})` : ''}`,
    `  read: ${listed('groups', read.groups)}; ${listed('users', read.users)}`,
    ...rules.read.map(
      ({ from, users, groups }) =>
        `  must pass ${printable(from)}: ${listed('groups', groups)}; ${listed('users', users)}`,
    ),
  ]
}

const listed = (what: string, ids: readonly string[]) =>
  `${what} ${ids.length > 0 ? printable(ids.join(', ')) : 'none'}`
