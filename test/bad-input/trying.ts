/**
 * Tries something out end to end: the real connector against a sandbox over HTTP, to real files. By the library, or by the command line
 * in a process of its own.
 *
 * @module
 */

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import files from '../../src/destinations/files.ts'
import type { Element } from '../../src/model/element.ts'
import type { JobFinished, NotDone, RunEvent } from '../../src/model/events.ts'
import html from '../../src/partition/html.ts'
import { run } from '../../src/pipeline/run.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import type { Stats } from '../../src/sandbox/stats.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { outflow } from '../cli/outflow.ts'
import type { Loopback } from '../support/loopback.ts'
import { rewriting } from './rewriting.ts'

export type Flavour = SandboxOptions['flavour']
type Settings = Partial<Parameters<typeof confluence>[0]>

export const flavours: readonly Flavour[] = ['cloud', 'data-center']

export interface Tried {
  readonly job: JobFinished
  readonly notDone: readonly NotDone[]
  readonly events: readonly RunEvent[]
  readonly output: string
  readonly stats: Stats
  /** Every file of elements, by its path in the output folder. */
  readonly files: ReadonlyMap<string, readonly Element[]>
  /** Elements of the document with this title; fails when it did not arrive. */
  elements(title: string): readonly Element[]
  /** All text of the document with this title. */
  text(title: string): string
}

export interface TryOptions extends SandboxOptions {
  readonly settings?: Settings
  /** Done once the sandbox listens, before the run begins. */
  readonly before?: (sandbox: Sandbox) => void
  /** Changes listings on their way; see `rewriting`. */
  readonly rewrite?: Parameters<typeof rewriting>[1]
  /** Stands between the connector and the sandbox in any other way. */
  readonly between?: (sandbox: Sandbox) => Promise<Loopback>
}

const folders: string[] = []
afterAll(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))))

/** In a folder of its own, for what a run remembers goes beside its output. Removed when the test file is through. */
export async function newFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'outflow-bad-input-'))
  folders.push(parent)
  const folder = join(parent, 'wiki')
  await mkdir(folder)
  return folder
}

export function account({ url, credentials }: Sandbox, flavour: Flavour) {
  const { username, api_token, token } = credentials
  return flavour === 'cloud' ? { url, username, api_token } : { url, token }
}

/** A run of the command line that remembers nothing: making a database takes longer than all the rest, and is tried elsewhere. */
export const runArguments = (sandbox: Sandbox, flavour: Flavour) =>
  ['run', 'confluence', '--no-state', ...accountFlags(sandbox, flavour)] as const

/** The same as flags. */
export function accountFlags(sandbox: Sandbox, flavour: Flavour): readonly string[] {
  return Object.entries(account(sandbox, flavour)).flatMap(([name, value]) => [
    `--${name.replace('_', '-')}`,
    value,
  ])
}

/** Runs by the library and proves what has to hold whatever happened: see `soundOutput`. */
export async function tryRun({ settings, before, rewrite, between, ...options }: TryOptions): Promise<Tried> {
  const sandbox = await startSandbox(options)
  const proxy = await (rewrite ? rewriting(sandbox, rewrite) : between?.(sandbox))
  try {
    before?.(sandbox)
    const output = await newFolder()
    const events: RunEvent[] = []
    const source = confluence({
      max_num_of_docs_from_each_space: 0,
      ...account(sandbox, options.flavour),
      ...(proxy ? { url: proxy.origin } : {}),
      ...settings,
    })
    for await (const event of run({ source, steps: [html({})], destination: files({ output_dir: output }) }))
      events.push(event)
    const sound = await soundOutput(output)
    const paths = new Map(
      events.flatMap((event) =>
        event.type === 'document.done' ? [[event.document.title, event] as const] : [],
      ),
    )
    const elements = (title: string) => {
      const done = paths.get(title)
      if (!done) throw new Error(`"${title}" did not arrive: ${JSON.stringify(sound.notDone)}`)
      const id = done.document.id.split('/').at(-1)!
      return [...sound.files].find(([path]) => path.endsWith(`/${id}.html.json`))![1]
    }
    return {
      ...sound,
      events,
      output,
      stats: sandbox.stats.read(),
      elements,
      text: (title) =>
        elements(title)
          .map(({ text }) => text)
          .join('\n'),
    }
  } finally {
    await proxy?.close()
    await sandbox.close()
  }
}

/** Runs by the command line against a sandbox. */
export async function tryCommand({
  flags = [],
  ...site
}: SandboxOptions & { readonly flags?: readonly string[] }) {
  const sandbox = await startSandbox(site)
  try {
    const output = await newFolder()
    const args = [...runArguments(sandbox, site.flavour), '--output-dir', output]
    const { code, stdout, stderr } = await outflow([...args, ...flags])
    return { code, stdout, stderr, said: stdout + stderr, output }
  } finally {
    await sandbox.close()
  }
}

/**
 * Reads an output folder. Whatever went wrong: the sum adds up, everything that was done is one whole file, and nothing else lies
 * about.
 */
export async function soundOutput(output: string): Promise<Pick<Tried, 'job' | 'notDone' | 'files'>> {
  const { not_done: notDone, ...job } = JSON.parse(
    await readFile(join(output, '_outflow', 'job.json'), 'utf8'),
  ) as JobFinished & { not_done: readonly NotDone[] }
  const { found, ...parts } = job.coverage
  expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(found)
  expect(notDone).toHaveLength(parts.not_permitted + parts.unsupported + parts.failed)
  for (const { reason, error } of notDone)
    expect({ reason, fix: error?.fix }).toEqual({
      reason: expect.stringMatching(/\S/),
      fix: expect.stringMatching(/\S/),
    })
  const written = await filesIn(output)
  expect(written).toHaveLength(parts.done)
  const files = new Map<string, readonly Element[]>()
  for (const path of written) files.set(path, JSON.parse(await readFile(join(output, path), 'utf8')))
  return { job, notDone, files }
}

/** Paths of all files but the report. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name !== 'job.json')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
