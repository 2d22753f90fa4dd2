/**
 * `outflow explain PAGE-URL`: why is this document (not) in the destination?
 *
 * @module
 */

import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Delivered, DocumentState, FoundEntry, LedgerEntry } from '../../model/ledger.ts'
import { isClaimed } from '../../pipeline/claims.ts'
import { explain } from '../../platform/explain.ts'
import { openState } from '../../platform/state.ts'
import { exitCodes } from '../exit.ts'
import { printable, type Style, type Terminal } from '../terminal.ts'

interface ExplainFlags {
  readonly state?: string
  readonly outputDir?: string
  readonly json?: boolean
}

export function addExplain(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('explain')
    .summary('why is this document (not) there?')
    .description('Tells what runs remember of a document: asks nobody, changes nothing.')
    .argument('<page-url>', 'the address of a page, its id, or its title')
    .option('--state <folder>', 'the state folder (default: .outflow beside the output, or DATABASE_URL)')
    .option('--output-dir <folder>', 'the output folder that the state is beside')
    .option('--json', 'what is remembered as one JSON value')
    .action(async (address: string, flags: ExplainFlags) => exit(await run(address, flags, terminal)))
}

async function run(
  address: string,
  { state, outputDir = terminalOutput, json = false }: ExplainFlags,
  terminal: Terminal,
): Promise<number> {
  const { environment, signal, style } = terminal
  const choice = { stateDir: state, environment, command: 'outflow explain', existing: true }
  const store = await openState(choice, resolve(outputDir), { signal })
  try {
    const found = await explain(store.ledger, address)
    if (json) terminal.out(JSON.stringify(found))
    else if (found.length === 0) for (const line of unheardOf(address)) terminal.out(line)
    else for (const each of found) for (const line of describe(each, style)) terminal.out(line)
    return found.length > 0 ? exitCodes.done : exitCodes.incomplete
  } finally {
    await store.close()
  }
}

/** Any folder in the working directory: the state is beside it. */
const terminalOutput = './outflow-output'

function unheardOf(address: string): readonly string[] {
  return [
    `No run that is remembered here has ever seen ${printable(address)}.`,
    '  It is newer than the last run, in a space that the settings leave out, beyond a limit, or closed to the account.',
    '  "outflow inspect" asks Confluence itself; the report of a run tells limits and spaces that failed.',
  ]
}

const words: Readonly<Record<DocumentState, string>> = {
  done: 'is in the destination, as it was last seen',
  failed: 'was found, and failed on its way',
  not_permitted: 'was found, and this account may not read it',
  unsupported: 'was found, and nothing can read what it is',
  skipped: 'was found, and is left out by a filter',
  held: 'is kept in the destination and lets nobody in, until a person decides',
  removed: 'was in the destination, and was removed',
}

function describe({ workflow, entry, changedAt }: FoundEntry, style: Style): readonly string[] {
  const { document, state, reason, error } = entry
  return [
    style.bold(printable(`${document.title} (${document.kind})`)),
    style.dim(printable(document.url)),
    `  ${printable(document.title)} ${words[state]}.`,
    ...facts(entry, workflow, changedAt).map(([name, told]) => `  ${name.padEnd(12)} ${printable(told)}`),
    ...(reason === undefined ? [] : [`  ${printable(reason)}`]),
    ...(error === undefined ? [] : [`  ${style.bad(printable(error.message))} ${style.dim(error.code)}`]),
    ...(error?.fix === undefined ? [] : [`  ${printable(error.fix)}`]),
    '',
  ]
}

function facts(
  { document, place, version, stage, attempts, delivered }: LedgerEntry,
  workflow: string,
  changedAt: Date,
): readonly (readonly [name: string, told: string])[] {
  return [
    ['destination', workflow],
    [
      'place',
      `space ${document.space} (${place.spaceId}), below ${place.parentIds.join(' / ') || 'nothing'}`,
    ],
    ['last seen', `version ${version || 'unknown'}`],
    ['delivered', delivered ? deliveredIn(delivered) : 'never, or not any more'],
    ...(stage === undefined ? [] : [['failed at', `${stage}${triesIn(attempts)}`] as const]),
    ['since', changedAt.toISOString()],
    ['id', document.id],
  ]
}

/** None when it was interrupted. */
function triesIn(attempts: number): string {
  if (attempts === 0) return ''
  return attempts === 1 ? ', once' : `, ${attempts} times`
}

function deliveredIn(delivered: Delivered): string {
  const { version, receipt } = delivered
  const told = `version ${version}${receipt === '' ? '' : `, as ${receipt.replaceAll('\n', ' or ')}`}`
  return isClaimed(delivered) ? `perhaps ${told}` : told
}
