/**
 * `npm run sdk`: clients that nobody here wrote, against a running Outflow. The official Python SDK in several versions, each in an
 * environment of its own; curl as the documentation writes it; Schemathesis over the whole API. Prints `N passed, N failed` last.
 *
 * `--only NAME`, which may be given again, runs just those: a version of the SDK, `curl`, `schemathesis`.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startOutflow, startScene } from '../test/sdk/scene.ts'

/**
 * Newest first. 0.44 was the first without models for connectors' settings; 0.42 still has them and takes other objects as well; 0.41 is the
 * last that refuses an answer whose settings are not exactly those of its model.
 */
const sdkVersions = ['0.46.4', '0.44.1', '0.42.12', '0.41.0']
const schemathesisVersion = '4.32.5'

const root = resolve(import.meta.dirname, '..')
const suites = join(root, 'test', 'sdk')
const cache = join(root, 'node_modules', '.cache', 'outflow-sdk')
const requirements = join(suites, 'requirements.txt')

interface Counts {
  readonly passed: number
  readonly failed: number
}

interface Part {
  readonly name: string
  /** Done for all parts at once, before anything runs. */
  prepare(): Promise<unknown>
  run(): Promise<Counts>
}

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const reports = await mkdtemp(join(tmpdir(), 'outflow-sdk-reports-'))
const environment = async () => ({ OUTFLOW_SDK_SCENE: JSON.stringify((await scene).description) })
const scene = startScene()

const parts: readonly Part[] = [
  ...sdkVersions.map((version) => ({
    name: version,
    prepare: () => python(`sdk-${version}`, ['-r', requirements, `unstructured-client==${version}`]),
    run: () => runPytest(version),
  })),
  {
    name: 'curl',
    prepare: async () => undefined,
    run: async () => {
      const { output } = await run('bash', [join(suites, 'curl.sh')], await environment())
      const [, passed = 0, failed = 1] = /(\d+) passed, (\d+) failed/.exec(output) ?? []
      return { passed: Number(passed), failed: Number(failed) }
    },
  },
  {
    name: 'schemathesis',
    prepare: () => python('schemathesis', [`schemathesis==${schemathesisVersion}`]),
    run: runSchemathesis,
  },
]

/** The `bin` folder of a virtual environment with these packages; made when it is missing or has others. */
async function python(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(cache, name)
  const stamp = join(folder, '.outflow-stamp')
  const wanted = createHash('sha256')
    .update(JSON.stringify(packages))
    .update(await readFile(requirements))
    .digest('hex')
  const bin = join(folder, 'bin')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return bin
  await rm(folder, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  await succeed('python3', ['-m', 'venv', folder])
  await succeed(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages])
  await writeFile(stamp, wanted)
  return bin
}

async function runPytest(version: string): Promise<Counts> {
  const report = join(reports, `${version}.xml`)
  const program = join(cache, `sdk-${version}`, 'bin', 'python')
  const options = ['--quiet', '--tb=short', '-p', 'no:cacheprovider', '-W', 'ignore', `--junitxml=${report}`]
  await run(program, ['-B', '-m', 'pytest', ...options, suites], await environment())
  return countsOf(report)
}

/**
 * Against a server of its own, since much of what it makes would stay; one without a worker, so that no made-up address is ever called.
 */
async function runSchemathesis(): Promise<Counts> {
  const { newDatabase } = await scene
  const outflow = await startOutflow({ role: 'api', databaseUrl: await newDatabase() })
  const report = join(reports, 'schemathesis.xml')
  try {
    await run(join(cache, 'schemathesis', 'bin', 'st'), [
      '--config-file',
      join(suites, 'schemathesis.toml'),
      'run',
      `${outflow.url}/openapi.json`,
      '--header',
      `unstructured-api-key:${outflow.apiKey}`,
      '--report-junit-path',
      report,
    ])
    return await countsOf(report)
  } finally {
    await outflow.stop()
  }
}

/** Of a report in JUnit's form; one failure when there is none. */
async function countsOf(report: string): Promise<Counts> {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const text = await readFile(report, 'utf8')
  const sum = (name: string) => {
    const suitesOnly = text.matchAll(/<testsuite\s[^>]*>/g)
    return [...suitesOnly].reduce(
      (total, [suite]) => total + Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0),
      0,
    )
  }
  const failed = sum('failures') + sum('errors')
  return { passed: sum('tests') - failed - sum('skipped'), failed }
}

/** Shows what a program says, and gives it. */
function run(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: reports,
      env: { ...process.env, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      process.stdout.write(chunk)
    })
    child.on('error', fail)
    child.on('close', (code) => done({ code, output }))
  })
}

async function succeed(program: string, args: readonly string[]): Promise<void> {
  const { code } = await run(program, args)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
}

const chosen = parts.filter(({ name }) => values.only?.includes(name) ?? true)
try {
  await Promise.all([scene, ...chosen.map(({ prepare }) => prepare())])
  let total: Counts = { passed: 0, failed: 0 }
  for (const { name, run } of chosen) {
    console.log(`=== ${name}`)
    const began = performance.now()
    const { passed, failed } = await run()
    console.log(
      `${name}: ${passed} passed, ${failed} failed (${((performance.now() - began) / 1000).toFixed(0)} s)`,
    )
    total = { passed: total.passed + passed, failed: total.failed + failed }
  }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
} finally {
  await (await scene).stop()
  await rm(reports, { recursive: true, force: true })
}
