/**
 * The guide to the service, done as it says: its commands, one after the other, by a real curl against a real server; its tables held against
 * the sources.
 *
 * @module
 */

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectorTypes } from '../../src/platform/connector-types.ts'
import { nodeTypes } from '../../src/platform/node-types/index.ts'
import { scopes } from '../../src/platform/platform.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { statesCalled } from '../../src/server/wire/jobs.ts'
import { outflow as runOutflow } from '../cli/outflow.ts'
import { type Outflow, startOutflow } from '../sdk/scene.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')
const page = await readFile(join(docs, 'service.md'), 'utf8')

interface Command {
  readonly script: string
  readonly status: number
  /** What the page says that is answered; `…` is anything. */
  readonly answer: unknown
}

const blocks = [
  ...page.matchAll(/^```bash(?: (\d+))?\n([\s\S]*?)^```\n(?:\n```json\n([\s\S]*?)^```)?/gm),
].map(
  ([, status = '200', script, answer]): Command => ({
    script: script!,
    status: Number(status),
    answer: answer === undefined ? undefined : JSON.parse(answer),
  }),
)
const [preamble, ...commands] = blocks
/** Cells of the first table below a heading. */
const rowsOf = (heading: string) => {
  const [, table = ''] = page.split(`## ${heading}\n`)[1]!.split(/^(?:\|-+)+\|$/m)
  return [...table.split('\n\n')[0]!.matchAll(/^\| (.*) \|$/gm)].map(([, row]) =>
    row!.split(' | ').map((cell) => cell.replaceAll('`', '')),
  )
}

describe('the guide to the service', () => {
  let outflow: Outflow
  let sandbox: Sandbox
  let folder: string
  beforeAll(async () => {
    const world = sampleWorld()
    ;[outflow, sandbox, folder] = await Promise.all([
      startOutflow(),
      startSandbox({ world, flavour: 'cloud' }),
      mkdtemp(join(tmpdir(), 'outflow-guide-')),
    ])
  }, 120_000)
  afterAll(async () => {
    await outflow.stop()
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('says what works, one command after the other', async () => {
    expect(commands.length).toBeGreaterThan(25)
    const { username, api_token } = sandbox.credentials
    const variables: Record<string, string> = {
      OUTFLOW_URL: outflow.url,
      OUTFLOW_API_KEY: outflow.apiKey,
      CONFLUENCE_URL: sandbox.url,
      CONFLUENCE_USERNAME: username,
      CONFLUENCE_API_TOKEN: api_token!,
    }
    for (const { script, status, answer } of commands) {
      const { code, body } = await curl(`${preamble!.script}${script}`, { ...variables }, folder)
      expect({ code, script, body }).toMatchObject({ code: status })
      const value = body.startsWith(':') ? undefined : JSON.parse(body)
      if (answer !== undefined) expectLike(value, answer, script)
      Object.assign(variables, namesOf(value))
      if (value?.job_type) await ended(value.id)
      if (script.includes('-X POST') && script.includes('connection-check')) await pause(1500)
    }
  }, 120_000)

  it('refuses by name what is not built', async () => {
    const rows = rowsOf('What is not built yet').map((row) => row.at(-1))
    const answers: string[] = []
    for (const [path, body] of notBuilt(sandbox.url)) {
      const headers = { 'unstructured-api-key': outflow.apiKey }
      const answer = await fetch(outflow.url + path, {
        method: 'POST',
        headers,
        body: body instanceof FormData ? body : JSON.stringify(body),
      })
      const { code } = (await answer.json()) as { readonly code: string }
      answers.push(`${answer.status}, ${code}`)
    }
    expect([...new Set(answers)]).toEqual([...new Set(rows)])
  })

  async function ended(job: string): Promise<void> {
    const headers = { 'unstructured-api-key': outflow.apiKey }
    for (;;) {
      const answer = await fetch(`${outflow.url}/api/v1/jobs/${job}`, { headers })
      const { state } = (await answer.json()) as { readonly state: string }
      if (state !== 'queued' && state !== 'running') return
      await pause(100)
    }
  }
})

it('names the scopes that there are', () =>
  expect(rowsOf('Keys').map(([scope]) => scope)).toEqual([...scopes]))

it('tells the states by all their names', () => {
  const rows = rowsOf('States')
  for (const [state = '', status = '', details = ''] of rows) {
    expect(statesCalled(state)).toContain(state)
    expect(statesCalled(status)).toContain(state)
    expect(statesCalled(details)).toContain(state)
  }
  expect(rows).toHaveLength(7)
})

it('names what is not built, and nothing that is', () => {
  const [, section = ''] = page.split('## What is not built yet\n')
  const built = new Set(nodeTypes.filter(({ open }) => open).map(({ type }) => type))
  const unbuilt = new Set(nodeTypes.map(({ type }) => type).filter((type) => !built.has(type)))
  for (const { type, subtype, open } of nodeTypes)
    if (!open && built.has(type)) expect(section).toContain(`\`${subtype}\``)
  expect(section).toContain(
    `types ${[...unbuilt]
      .map((type) => `\`${type}\``)
      .join(', ')
      .replace(/, ([^,]*)$/, ' and $1')}`,
  )
  const types = connectorTypes.map(({ name }) => `\`${name}\``)
  expect(section).toContain(`other than ${types.join(', ').replace(/, ([^,]*)$/, ' and $1')}`)
})

it('has the flags of `outflow serve` on the page of the command line, each with its default', async () => {
  const [, section = ''] = (await readFile(join(docs, 'command-line.md'), 'utf8')).split('## `outflow serve`')
  const { stdout } = await runOutflow(['serve', '--help'])
  const help = stdout.replaceAll(/\s+/g, ' ')
  const flags = [...help.matchAll(/ (--[a-z-]+)/g)].map(([, flag]) => flag!)
  const [documented] = section.split('\n## ')
  for (const flag of new Set(flags).difference(new Set(['--help']))) expect(documented).toContain(flag)
  for (const value of ['all', '127.0.0.1', '8000', '16', '2', '8', '30']) {
    expect(documented).toContain(value)
    expect(help).toMatch(new RegExp(`default: "?${value}"?\\)`))
  }
})

/** Requests for all that the page says is not built, in its order. */
function* notBuilt(url: string): Generator<readonly [path: string, body: object]> {
  const partitioner = { name: 'Partitioner', type: 'partition', subtype: 'unstructured_api' }
  const workflow = { name: 'Not built', workflow_type: 'custom' }
  for (const { type, subtype, open, read } of nodeTypes) {
    if (open || 'problems' in read({})) continue
    const before = type === 'embed' ? [{ name: 'Chunker', type: 'chunk', subtype: 'chunk_by_title' }] : []
    const workflow_nodes = [partitioner, ...before, { name: type, type, subtype }]
    yield ['/api/v1/workflows', { ...workflow, workflow_nodes }]
  }
  yield ['/api/v1/workflows', { ...workflow, template_id: 'hi_res_and_enrichment' }]
  yield ['/general/v0/general', formOf('brakes.html', { chunking_strategy: 'by_similarity' })]
  const source = (type: string, config: object) => ({ name: 'Not built', type, config: { url, ...config } })
  yield ['/api/v1/sources', source('s3', {})]
  yield ['/api/v1/sources', source('confluence', { oauth_token: 'secret', refresh_token: 'secret' })]
  const channel = { channel_type: 'email', url: 'https://example.com', event_types: ['job.failed'] }
  yield ['/api/v1/notifications/channels', channel]
}

function formOf(filename: string, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('files', new Blob(['<p>Check both.</p>']), filename)
  return form
}

/** Runs it in bash, and tells which status curl was answered with. */
async function curl(script: string, variables: Readonly<Record<string, string>>, cwd: string) {
  const wrapped = `curl() { command curl --silent --show-error --write-out '%{stderr}%{http_code}' "$@"; }\n${script}`
  return new Promise<{ readonly code: number | string; readonly body: string }>((done) => {
    const env = { PATH: process.env.PATH, ...variables }
    execFile('bash', ['--norc', '-euc', wrapped], { cwd, env, maxBuffer: 2e7 }, (_error, stdout, stderr) =>
      done({ code: /^\d+$/.test(stderr) ? Number(stderr) : stderr, body: stdout }),
    )
  })
}

/** What the page takes from an answer for the commands after it. */
function namesOf(value: unknown): Record<string, string> {
  const { id, job_type, input_file_ids, documents } = (value ?? {}) as {
    readonly id?: string
    readonly job_type?: string
    readonly input_file_ids?: readonly string[]
    readonly documents?: readonly { readonly document: { readonly id: string; readonly url: string } }[]
  }
  return {
    ...(job_type !== undefined && { JOB_ID: id! }),
    ...(input_file_ids && { FILE_ID: input_file_ids[0]! }),
    ...(documents && {
      DOCUMENT_ID: encodeURIComponent(documents[0]!.document.id),
      PAGE_URL: documents[0]!.document.url,
    }),
  }
}

/** Everything that the page shows is in the answer; `…` in a text stands for any. */
function expectLike(value: unknown, shown: unknown, where: string): void {
  if (typeof shown === 'string') {
    const [start = '', ...rest] = shown.split('…')
    expect(value, where).toBeTypeOf('string')
    if (rest.length === 0) expect(value, where).toBe(shown)
    else
      expect([String(value).startsWith(start), String(value).endsWith(rest.at(-1)!)], where).toEqual([
        true,
        true,
      ])
  } else if (typeof shown !== 'object' || shown === null) expect(value, where).toBe(shown)
  else
    for (const [name, part] of Object.entries(shown))
      expectLike((value as Record<string, unknown> | undefined)?.[name], part, `${where} ${name}`)
}
