/**
 * `outflow db export FILE`, `outflow db import FILE`: a state to a file and back, from a folder to a server or the other way round.
 *
 * @module
 */

import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openState } from '../../platform/state.ts'
import { type Store, verifyExport } from '../../store/index.ts'
import { exitCodes } from '../exit.ts'
import { printable, type Terminal } from '../terminal.ts'

/** As `--json` tells it. */
interface Done {
  readonly type: 'db.exported' | 'db.imported'
  readonly file: string
  readonly bytes?: number
  /** Of each table. */
  readonly rows: Readonly<Record<string, number>>
}

interface DbFlags {
  readonly state?: string
  readonly outputDir?: string
  readonly json?: boolean
}

interface ImportFlags extends DbFlags {
  readonly replace?: boolean
}

export function addDb(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  const db = program
    .command('db')
    .summary('the state in a file')
    .description('Writes all that is remembered to a file, and takes it in somewhere else.')
  withPlace(db.command('export'))
    .summary('write the state to a file')
    .description(
      'Writes everything that is remembered to one file, as it is at one moment. The same from a folder and from a server.',
    )
    .argument('<file>', 'where to; replaced when the new one is whole')
    .action(async (file: string, flags: DbFlags) => exit(await exportState(file, flags, terminal)))
  withPlace(db.command('import'))
    .summary('take in a file that export has written')
    .description(
      'Fills an empty state with what an export holds: all of it, or nothing where anything is wrong with it.',
    )
    .argument('<file>', 'what "outflow db export" has written')
    .option('--replace', 'give up what is there')
    .action(async (file: string, flags: ImportFlags) => exit(await importState(file, flags, terminal)))
}

const withPlace = (command: Command) =>
  command
    .option('--state <folder>', 'the state folder (default: .outflow beside the output, or DATABASE_URL)')
    .option('--output-dir <folder>', 'the output folder that the state is beside')
    .option('--json', 'what was done as one JSON value')

async function exportState(path: string, flags: DbFlags, terminal: Terminal): Promise<number> {
  const { signal } = terminal
  await using store = await open(flags, terminal, { command: 'outflow db export', existing: true })
  const { file, bytes, rows } = await store.transfer.exportTo(path, { signal })
  const headline = `Exported to ${file}, ${megabytes(bytes)}:`
  tell({ type: 'db.exported', file, bytes, rows }, headline, flags, terminal)
  return exitCodes.done
}

async function importState(
  path: string,
  { replace = false, ...flags }: ImportFlags,
  terminal: Terminal,
): Promise<number> {
  const { signal } = terminal
  // Before a state is made for it.
  await verifyExport(path, { signal })
  await using store = await open(flags, terminal, { command: 'outflow db import', existing: false })
  const { file, rows } = await store.transfer.importFrom(path, { signal, replace })
  tell({ type: 'db.imported', file, rows }, `Imported from ${file}:`, flags, terminal)
  return exitCodes.done
}

function open(
  { state, outputDir = './outflow-output' }: DbFlags,
  { environment, signal }: Terminal,
  choice: { readonly command: string; readonly existing: boolean },
): Promise<Store> {
  return openState({ stateDir: state, environment, ...choice }, resolve(outputDir), { signal })
}

function tell(done: Done, headline: string, { json = false }: DbFlags, { out, say }: Terminal): void {
  if (json) {
    out(JSON.stringify(done))
    return
  }
  const { rows } = done
  const counts = Object.entries(rows).filter(([, count]) => count > 0)
  out(printable(headline))
  for (const [table, count] of counts) out(`  ${table.padEnd(20)} ${count}`)
  if (counts.length === 0) out('  nothing: it is empty')
  if ((rows.connectors ?? 0) + (rows.channels ?? 0) > 0)
    say(
      'Secrets in it stay sealed: OUTFLOW_SECRET_KEY, or the file secret.key of the state folder, has to go along.',
    )
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
