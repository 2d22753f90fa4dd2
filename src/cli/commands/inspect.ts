/**
 * `outflow inspect PAGE-URL`: the elements and permissions of one page, nothing stored.
 *
 * @module
 */

import type { Command } from 'commander'
import type { Element } from '../../model/element.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import { type Inspection, inspect } from '../../platform/inspect.ts'
import { openSource } from '../../platform/workflow.ts'
import { loadPlugin } from '../../registry.ts'
import { exitCodes } from '../exit.ts'
import { addFlags, givenFlags } from '../flags.ts'
import { printable, type Style, type Terminal } from '../terminal.ts'

export async function addInspect(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const factory = await loadPlugin('source', 'confluence')
  const html = await loadPlugin('step', 'html')
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
    try {
      const inspection = await inspect(source, [html({})], address, { signal: terminal.signal })
      if (options.json) terminal.out(JSON.stringify(inspection))
      else for (const line of describe(inspection, terminal.style)) terminal.out(line)
    } finally {
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

function elementLine({ type, text, metadata }: Element, style: Style): string {
  const indent = '  '.repeat(metadata.heading_path?.length ?? 0)
  return `${style.dim(type.padEnd(18))} ${indent}${printable(text.replaceAll('\n', ' ⏎ '))}`
}
