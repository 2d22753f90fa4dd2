/**
 * `outflow demo`: the main job without an account. A sample Confluence on loopback, a full run, some changes, a second run that picks up
 * just those, and where to look.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Element } from '../../model/element.ts'
import type { RunOptions } from '../../pipeline/run.ts'
import { defaultSteps, openWorkflow } from '../../platform/workflow.ts'
import type { MemoryWorld, Sandbox } from '../../sandbox/index.ts'
import { printable, type Terminal } from '../terminal.ts'
import { runRemembering } from './run.ts'
import { serve } from './serve.ts'

interface DemoFlags {
  readonly outputDir: string
  readonly serve?: boolean
  readonly json?: boolean
}

export function addDemo(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('demo')
    .summary('see it work: no account, no network')
    .description(
      'Starts a sample Confluence on this machine, turns it into elements, changes it, and runs again: only what changed is processed.',
    )
    .option('--output-dir <folder>', 'where the elements go', 'outflow-output')
    .option('--serve', 'then serve the API beside the sample, until stopped')
    .option('--json', 'one event a line on stdout')
    .action(async (flags: DemoFlags) => exit(await demo(flags, terminal)))
}

async function demo(
  { outputDir, json = false, serve: serves = false }: DemoFlags,
  terminal: Terminal,
): Promise<number> {
  const { sampleWorld, startSandbox } = await import('../../sandbox/index.ts')
  const world = sampleWorld()
  const sandbox = await startSandbox({ world, flavour: 'cloud' })
  const tell = (lines: readonly string[]) => {
    if (!json) for (const line of lines) terminal.out(line)
  }
  const runOnce = async (options: RunOptions) => {
    const { url, credentials } = sandbox
    const { username, api_token } = credentials
    const wanted = { extract_files: true, extract_images: true }
    const source = { type: 'confluence', url, username, api_token, ...wanted }
    const destination = { type: 'files', output_dir: outputDir }
    const workflow = await openWorkflow({ source, steps: defaultSteps, destination }, {})
    return runRemembering(workflow, terminal, { json, tolerate: 0 }, options, { command: 'outflow demo' })
  }
  try {
    terminal.say(`A sample Confluence listens on ${sandbox.url} for as long as this takes.`)
    // The sample begins anew each time, at another address: what an earlier demonstration left counts for nothing.
    const first = await runOnce({ reprocessAll: true })
    if (first !== 0) return first
    tell(['', 'Meanwhile, in the wiki:', ...changeSample(world).map((line) => `  ${line}`), ''])
    const second = await runOnce({})
    const { key, homepageId } = world.spaces[0]!
    const shown = join(resolve(outputDir), key, `${homepageId}.html.json`)
    if (second !== 0) return second
    if (!json) tell(await whereToLook(outputDir, shown))
    return serves ? await serveDemo({ outputDir, json }, sandbox, terminal) : second
  } finally {
    await sandbox.close()
  }
}

/** The API over what was done, and the sample wiki beside it: for a first program. */
async function serveDemo(
  { outputDir, json = false }: DemoFlags,
  { url: wiki, credentials }: Sandbox,
  terminal: Terminal,
): Promise<number> {
  const state = join(dirname(resolve(outputDir)), '.outflow')
  const { username, api_token } = credentials
  const place = { state, outputRoot: outputDir, host: '127.0.0.1', port: 8000, anyPort: true }
  const capacity = { role: 'all', jobs: 16, parcels: 2, documents: 8, keepDays: 30 } as const
  return serve({ ...place, ...capacity }, terminal, async (url, { platform: { keys } }) => {
    for (const old of await keys.list()) if (old.name === demoKey && !old.revokedAt) await keys.revoke(old.id)
    const { secret } = await keys.create({ name: demoKey })
    const variables = {
      OUTFLOW_URL: url,
      OUTFLOW_API_KEY: secret,
      CONFLUENCE_URL: wiki,
      CONFLUENCE_USERNAME: username,
      CONFLUENCE_API_TOKEN: api_token,
    }
    if (json) return terminal.out(JSON.stringify({ type: 'server.ready', url, api_key: secret, variables }))
    const exports = Object.entries(variables).map(([name, value]) => `  export ${name}=${value}`)
    terminal.out('')
    terminal.out(`The API listens on ${url} until you press Ctrl-C; it is described at ${url}/docs.`)
    terminal.out('For a program in another terminal, such as the one in the README:')
    for (const line of exports) terminal.out(line)
  })
}

const demoKey = 'demo'

/** One change of each kind: of content, of access, and a removal. @returns them in words */
function changeSample(world: MemoryWorld): readonly string[] {
  const page = (title: string) => {
    const all = world.list(world.spaces[0]!.id, 'page')
    return Array.from({ length: all.length }, (_, index) => all.at(index)).find(
      (each) => each.title === title,
    )!
  }
  const [edited, closed, trashed] = [page('Glossary'), page('Notice board'), page('Your first week')]
  const leadership = world.groups.find(({ name }) => name === 'leadership')!
  world.edit(edited, `${world.storage(edited.id)}<p>Outflow: what becomes of a wiki.</p>`)
  world.restrict(closed, 'read', [leadership, world.crawler])
  world.trash(trashed)
  return [
    `"${edited.title}" is edited,`,
    `"${closed.title}" is restricted to the group leadership,`,
    `"${trashed.title}" goes to the trash, and out of the two pages that list it.`,
  ]
}

/** @param file a page worth looking at first */
async function whereToLook(outputDir: string, file: string): Promise<readonly string[]> {
  const elements = JSON.parse(await readFile(file, 'utf8')) as readonly Element[]
  return [
    '',
    `Elements are in ${resolve(outputDir)}, one file a document; the report is _outflow/job.json.`,
    `For example ${file}:`,
    ...elements.slice(0, 5).map(({ type, text }) => `  ${type.padEnd(16)} ${printable(text).slice(0, 80)}`),
    '',
    'Your own wiki:',
    '  outflow check confluence --url https://your-site.atlassian.net --username you@example.com --api-token env:CONFLUENCE_API_TOKEN',
  ]
}
