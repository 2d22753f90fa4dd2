/**
 * `outflow demo`: the main job without an account. A sample Confluence on loopback, a full run, a summary, and where to look.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Element } from '../../model/element.ts'
import { defaultSteps, openWorkflow } from '../../platform/workflow.ts'
import { printable, type Terminal } from '../terminal.ts'
import { runToEnd } from './run.ts'

interface DemoFlags {
  readonly outputDir: string
  readonly json?: boolean
}

export function addDemo(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('demo')
    .summary('see it work: no account, no network')
    .description('Starts a sample Confluence on this machine and turns it into elements.')
    .option('--output-dir <folder>', 'where the elements go', 'outflow-output')
    .option('--json', 'one event a line on stdout')
    .action(async (flags: DemoFlags) => exit(await demo(flags, terminal)))
}

async function demo({ outputDir, json = false }: DemoFlags, terminal: Terminal): Promise<number> {
  const { sampleWorld, startSandbox } = await import('../../sandbox/index.ts')
  const world = sampleWorld()
  const sandbox = await startSandbox({ world, flavour: 'cloud' })
  try {
    const { url, credentials } = sandbox
    terminal.say(`A sample Confluence listens on ${url} for as long as this takes.`)
    const { username, api_token } = credentials
    const workflow = await openWorkflow(
      {
        source: { type: 'confluence', url, username, api_token },
        steps: defaultSteps,
        destination: { type: 'files', output_dir: outputDir },
      },
      {},
    )
    const exitCode = await runToEnd(workflow, terminal, { json, tolerate: 0 })
    const { key, homepageId } = world.spaces[0]!
    const shown = join(resolve(outputDir), key, `${homepageId}.html.json`)
    if (!json && exitCode === 0) for (const line of await whereToLook(outputDir, shown)) terminal.out(line)
    return exitCode
  } finally {
    await sandbox.close()
  }
}

/** @param file a page worth looking at first */
async function whereToLook(outputDir: string, file: string): Promise<readonly string[]> {
  const elements = JSON.parse(await readFile(file, 'utf8')) as readonly Element[]
  return [
    '',
    `Elements are in ${resolve(outputDir)}, one file a page; the report is _outflow/job.json.`,
    `For example ${file}:`,
    ...elements.slice(0, 5).map(({ type, text }) => `  ${type.padEnd(16)} ${printable(text).slice(0, 80)}`),
    '',
    'Your own wiki:',
    '  outflow check confluence --url https://your-site.atlassian.net --username you@example.com --api-token env:CONFLUENCE_API_TOKEN',
  ]
}
