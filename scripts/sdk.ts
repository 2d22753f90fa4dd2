/**
 * `npm run sdk`: clients that nobody here wrote, against a running Outflow. The official Python SDK in several versions, each in an
 * environment of its own; curl as the documentation writes it; Schemathesis over the whole API. Prints `N passed, N failed` last.
 *
 * `--only NAME`, which may be given again, runs just those: a version of the SDK, `curl`, `schemathesis`. Needs Python 3.11 or newer with
 * `venv`, curl, and PostgreSQL.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startOutflow, startScene } from '../test/sdk/scene.ts'
import { makeThings, ownersOf } from '../test/server/things.ts'
import { pythonEnvironment, sdkEnvironment } from './python/environment.ts'

/**
 * Oldest first: 0.41 refuses whole lists in which something is of a type that it does not know, and newer ones leave such behind. It is the
 * last that takes only settings of connectors that are exactly those of its models; 0.42 has the models and takes other objects as well;
 * 0.44 was the first without.
 */
const sdkVersions = ['0.41.0', '0.42.12', '0.44.1', '0.46.4']
const schemathesisVersion = '4.32.5'

const root = resolve(import.meta.dirname, '..')
const suites = join(root, 'test', 'sdk')

interface Result {
  readonly passed: number
  readonly failed: number
  readonly output: string
  readonly seconds: number
}

interface Part {
  readonly name: string
  /** Done for all parts at once, before anything runs. */
  prepare?(): Promise<unknown>
  run(): Promise<Omit<Result, 'seconds'>>
  /** Touches nothing that the others do, and runs beside them. */
  readonly beside?: boolean
}

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const reports = await mkdtemp(join(tmpdir(), 'outflow-sdk-reports-'))
const scene = startScene()

const parts: readonly Part[] = [
  ...sdkVersions.map((version) => ({
    name: version,
    prepare: () => sdkEnvironment(version),
    run: () => runPytest(version),
  })),
  { name: 'curl', run: runCurl },
  {
    name: 'schemathesis',
    prepare: schemathesis,
    run: runSchemathesis,
    beside: true,
  },
]

function schemathesis(): Promise<string> {
  return pythonEnvironment('schemathesis', [`schemathesis==${schemathesisVersion}`])
}

const described = async () => ({ OUTFLOW_SDK_SCENE: JSON.stringify((await scene).description) })

async function runPytest(version: string) {
  const report = join(reports, `${version}.xml`)
  const options = ['--quiet', '--tb=short', '-p', 'no:cacheprovider', '-W', 'ignore', `--junitxml=${report}`]
  const pytest = ['-B', '-m', 'pytest', ...options, suites]
  const { output } = await run(join(await sdkEnvironment(version), 'python'), pytest, await described())
  return { ...(await countsOf(report)), output }
}

async function runCurl() {
  const { output } = await run('bash', [join(suites, 'curl.sh')], await described())
  const [, passed = 0, failed = 1] = /(\d+) passed, (\d+) failed/.exec(output) ?? []
  return { passed: Number(passed), failed: Number(failed), output }
}

/**
 * Against a server of its own, since much of what it makes would stay: a database in which there is one of everything first, then an API
 * without a worker on it, so that no address made up by chance is ever called.
 */
async function runSchemathesis() {
  const { newDatabase } = await scene
  const database = { databaseUrl: await newDatabase(), secretKey: randomBytes(32).toString('base64') }
  const { apiKey, ids } = await fill(database)
  const outflow = await startOutflow({ role: 'api', ...database })
  const report = join(reports, 'schemathesis.xml')
  const config = ['--config-file', join(suites, 'schemathesis.toml'), '--no-color']
  const target = [`${outflow.url}/openapi.json`, '--header', `unstructured-api-key:${apiKey}`]
  const args = [...config, 'run', ...target, '--report-junit-path', report]
  try {
    const { output } = await run(join(await schemathesis(), 'st'), args, ids)
    return { ...(await countsOf(report)), output }
  } finally {
    await outflow.stop()
  }
}

/** Makes one of everything, and another one that may be changed and removed. @returns their ids, for the environment */
async function fill(database: { readonly databaseUrl: string; readonly secretKey: string }) {
  const { cloud, postgres } = await scene
  const { username, api_token } = cloud.credentials
  const outflow = await startOutflow(database)
  const make = async (name: string) => {
    const things = await makeThings(ownersOf(outflow.url, outflow.apiKey), {
      name,
      sourceConfig: { url: cloud.url, username, api_token, cloud: true, spaces: ['RIDERS'] },
      destination: { type: 'postgres', config: { ...postgres, table_name: `of_${name}`, batch_size: 100 } },
    })
    return Object.entries(things)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .map(([thing, id]) => [`${name}_${thing}`.toUpperCase(), id] as const)
  }
  try {
    const kept = await make('kept')
    // On-demand jobs are a second apart.
    await pause(1100)
    return { apiKey: outflow.apiKey, ids: Object.fromEntries([...kept, ...(await make('spare'))]) }
  } finally {
    await outflow.stop()
  }
}

/** Of a report in JUnit's form; one failure when there is none. */
async function countsOf(report: string): Promise<{ readonly passed: number; readonly failed: number }> {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const sums = [...(await readFile(report, 'utf8')).matchAll(/<testsuite\s[^>]*>/g)]
  const sum = (name: string) =>
    sums.reduce(
      (total, [suite]) => total + Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0),
      0,
    )
  const failed = sum('failures') + sum('errors')
  return { passed: sum('tests') - failed - sum('skipped'), failed }
}

/** @returns what it said, on either stream */
function run(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: reports,
      env: { ...process.env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const note = (chunk: Buffer) => {
      output += String(chunk)
    }
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    child.on('error', fail)
    child.on('close', (code) => done({ code, output }))
  })
}

async function timed({ run }: Part): Promise<Result> {
  const began = performance.now()
  const result = await run().catch((thrown) => ({ passed: 0, failed: 1, output: String(thrown) }))
  return { ...result, seconds: Math.round((performance.now() - began) / 1000) }
}

try {
  const chosen = parts.filter(({ name }) => values.only?.includes(name) ?? true)
  await Promise.all([scene, ...chosen.map((part) => part.prepare?.())])
  const beside = new Map(chosen.filter((part) => part.beside).map((part) => [part.name, timed(part)]))
  const results: Result[] = []
  for (const part of chosen) {
    console.log(`=== ${part.name}`)
    const result = await (beside.get(part.name) ?? timed(part))
    results.push(result)
    const { output, passed, failed, seconds } = result
    console.log(`${output.trimEnd()}\n${part.name}: ${passed} passed, ${failed} failed, in ${seconds} s`)
  }
  const total = (name: 'passed' | 'failed') => results.reduce((sum, result) => sum + result[name], 0)
  console.log(`${total('passed')} passed, ${total('failed')} failed`)
  process.exitCode = total('failed') === 0 && total('passed') > 0 ? 0 : 1
} finally {
  await (await scene).stop()
  await rm(reports, { recursive: true, force: true })
}
