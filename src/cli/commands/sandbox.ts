/**
 * `outflow sandbox`: a sample Confluence on loopback, served until stopped.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

interface SandboxFlags {
  readonly flavour: 'cloud' | 'data-center'
  readonly dataCenterVersion?: string
  readonly contextPath?: string
  readonly site: 'sample' | 'generated'
  readonly from?: string
  readonly pages: number
  readonly spaces: number
  readonly seed: number
  readonly restricted: number
  readonly users: number
  readonly groups: number
  readonly port: number
  readonly latency: number
  readonly fault?: readonly string[]
  readonly trap?: readonly string[]
  readonly json?: boolean
}

export function addSandbox(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('sandbox')
    .summary('a sample Confluence on this machine')
    .description(
      'Serves a sample Confluence on loopback until stopped: for trying out, tests and benchmarks.',
    )
    .addOption(
      new Option('--flavour <name>', 'which Confluence').choices(['cloud', 'data-center']).default('cloud'),
    )
    .option('--data-center-version <version>', 'version to behave like, 7.4 to 10.0')
    .option('--context-path <path>', 'Data Center: where it lives on the host, for example /confluence')
    .addOption(
      new Option('--site <name>', 'what it holds').choices(['sample', 'generated']).default('sample'),
    )
    .option('--from <folder>', 'serve the storage-format files of a folder as pages')
    .option('--pages <number>', 'generated site: how many pages', wholeNumber, 1000)
    .option('--spaces <number>', 'generated site: how many spaces', wholeNumber, 4)
    .option('--seed <number>', 'generated site: which one', wholeNumber, 1)
    .option('--restricted <share>', 'generated site: share of restricted pages', Number, 0.05)
    .option('--users <number>', 'generated site: how many users', wholeNumber, 200)
    .option('--groups <number>', 'generated site: how many groups', wholeNumber, 12)
    .option('--port <number>', 'port, 0 for any', wholeNumber, 0)
    .option('--latency <ms>', 'wait so long before each answer', wholeNumber, 0)
    .option('--fault <spec>', 'misbehave, for example 429:2@/pages; may be given again', collect)
    .option('--trap <name=value>', 'set a trap, for example index-lag-ms=2000; may be given again', collect)
    .option('--json', 'one line of JSON once it listens')
    .action(async (flags: SandboxFlags) => {
      const sandbox = await openSandbox(flags)
      announce({ url: sandbox.url, ...sandbox.credentials, gateway_url: sandbox.gatewayUrl }, terminal, flags)
      await untilStopped(terminal.signal)
      await sandbox.close()
      exit(exitCodes.done)
    })
}

async function openSandbox(flags: SandboxFlags) {
  const { parseFault, parseTrap, startSandbox } = await import('../../sandbox/index.ts')
  return startSandbox({
    world: await worldOf(flags),
    flavour: flags.flavour,
    ...(flags.dataCenterVersion !== undefined && { version: flags.dataCenterVersion }),
    ...(flags.contextPath !== undefined && { contextPath: flags.contextPath }),
    port: flags.port,
    latencyMs: flags.latency,
    faults: (flags.fault ?? []).map((spec) => parseFault(spec)),
    traps: Object.assign({}, ...(flags.trap ?? []).map((spec) => parseTrap(spec))),
  })
}

async function worldOf(flags: SandboxFlags) {
  const { folderWorld, generatedWorld, sampleWorld } = await import('../../sandbox/index.ts')
  if (flags.from !== undefined) return folderWorld(flags.from)
  if (flags.site === 'sample') return sampleWorld({ flavour: flags.flavour })
  const { flavour, pages, spaces, seed, restricted, users, groups } = flags
  return generatedWorld({ flavour, pages, spaces, seed, restrictedShare: restricted, users, groups })
}

function announce(
  ready: Readonly<Record<string, string>>,
  terminal: Terminal,
  { flavour, json }: SandboxFlags,
): void {
  if (json) {
    terminal.out(JSON.stringify({ type: 'sandbox.ready', ...ready }))
    return
  }
  const credential =
    flavour === 'cloud'
      ? `--username ${ready.username} --api-token ${ready.api_token}`
      : `--token ${ready.token}`
  terminal.say(`A sample Confluence (${flavour}) listens on ${ready.url}. Ctrl-C stops it.`)
  terminal.say('In another terminal:')
  terminal.out(`outflow run confluence --url ${ready.url} ${credential} --output-dir ./outflow-output`)
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  throw new InvalidArgumentError('A whole number, please.')
}
