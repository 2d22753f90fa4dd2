import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { runEventSchema } from '../../src/model/event-schema.ts'
import type { JobFinished, RunEvent } from '../../src/model/events.ts'
import { generatedWorld, type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { outflow, startOutflow } from './outflow.ts'

const folder = () => mkdtemp(join(tmpdir(), 'outflow-cli-'))
const eventsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
const lastOf = (stdout: string) => eventsOf(stdout).at(-1) as JobFinished

function account({ url, credentials }: Sandbox): readonly string[] {
  return ['--url', url, '--username', credentials.username, '--api-token', credentials.api_token]
}

const sumOf = ({ found: _, ...rest }: JobFinished['coverage']) =>
  Object.values(rest).reduce((sum, count) => sum + count, 0)

describe('outflow run confluence', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
  })
  afterAll(() => sandbox.close())

  const run = async (...more: readonly string[]) => {
    const output = await folder()
    const outcome = await outflow([
      'run',
      'confluence',
      '--no-state',
      ...account(sandbox),
      '--output-dir',
      output,
      ...more,
    ])
    return { ...outcome, output }
  }

  it('writes elements by space and page, and a report that adds up', async () => {
    const { code, stdout, output } = await run()
    expect({ code, stdout }).toMatchObject({ code: 0 })
    const report = JSON.parse(await readFile(join(output, '_outflow', 'job.json'), 'utf8')) as JobFinished
    expect(sumOf(report.coverage)).toBe(report.coverage.found)
    expect(stdout).toContain(`${report.coverage.found} found = ${report.coverage.done} done`)
    const { key, homepageId } = sandbox.world.spaces[0]!
    const page = JSON.parse(await readFile(join(output, key, `${homepageId}.html.json`), 'utf8')) as Element[]
    expect(page[0]).toMatchObject({
      type: 'Title',
      text: sandbox.world.node(homepageId!)!.title,
      metadata: {
        filename: `${homepageId}.html`,
        data_source: {
          record_locator: { space_id: key, document_id: homepageId },
          permissions_status: 'complete',
        },
      },
    })
    const files = await readdir(output, { recursive: true })
    expect(files.filter((name) => name.endsWith('.html.json'))).toHaveLength(report.coverage.done)
  })

  it('tells with --json nothing but events that the published schema accepts, the finish last', async () => {
    const { stdout } = await run('--json')
    const events = eventsOf(stdout)
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event)
    const found = events.filter(({ type }) => type === 'document.found').length
    expect(lastOf(stdout)).toMatchObject({ type: 'job.finished', coverage: { found } })
  })

  it('never shows a secret', async () => {
    const { stdout, stderr, output } = await run('--json')
    const files = (await readdir(output, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    )
    const written = await Promise.all(
      files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
    )
    for (const text of [stdout, stderr, ...written]) expect(text).not.toContain(sandbox.credentials.api_token)
  })

  it('takes secrets by reference and settings from the environment', async () => {
    const place = await folder()
    await writeFile(join(place, 'token'), `${sandbox.credentials.api_token}\n`)
    const { code, stdout } = await outflow(
      ['run', 'confluence', '--no-state', '--json', '--output-dir', place],
      {
        environment: {
          CONFLUENCE_URL: sandbox.url,
          CONFLUENCE_USERNAME: sandbox.credentials.username,
          CONFLUENCE_API_TOKEN: `file:${join(place, 'token')}`,
          CONFLUENCE_SPACES: 'ENG',
          CONFLUENCE_BLOG_POSTS: 'false',
        },
      },
    )
    expect({ code, outcome: lastOf(stdout).outcome }).toEqual({ code: 0, outcome: 'finished' })
    const spaces = eventsOf(stdout).flatMap((event) => (event.type === 'space.started' ? [event.space] : []))
    expect(spaces).toEqual(['ENG'])
  })

  it('reports what a limit cut, per space', async () => {
    const { stdout, stderr, code } = await run(
      '--max-num-of-docs-from-each-space',
      '2',
      '--spaces',
      'HANDBOOK',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/cut short: HANDBOOK at 2 of \d+ by max_num_of_docs_from_each_space/)
    expect(stderr).toContain('Cut short')
  })

  it.each([
    ['a wrong token', ['--api-token', 'wrong'], 4, /refused|not accepted|sign/i],
    ['an unknown space', ['--spaces', 'HANDBOK'], 2, /HANDBOOK/],
    ['a space key of another case', ['--spaces', 'handbook'], 2, /HANDBOOK/],
    ['a filter that matches nothing', ['--labels', 'no-such-label'], 2, /label/],
    ['a port where nobody listens', ['--url', 'http://127.0.0.1:9'], 5, /127\.0\.0\.1:9/],
    ['a size that is none', ['--max-file-size', 'huge'], 2, /max_file_size/],
    ['a flag that does not exist', ['--sapces', 'ENG'], 2, /--spaces/],
    ['two credentials at once', ['--token', 'x'], 2, /one credential/],
  ] as const)('says what is wrong with %s', async (_, flags, expected, words) => {
    const { code, stdout, stderr } = await run(...flags)
    expect({ code, said: stdout + stderr }).toEqual({ code: expected, said: expect.stringMatching(words) })
  })
})

describe('outflow run FILE', () => {
  it.each([
    ['a file that is not there', undefined, /cannot be read/],
    ['no YAML', 'source: [', /workflow file/],
    ['no destination', 'source: {type: confluence}', /destination/],
    ['an unknown source', 'source: {type: notion}\ndestination: {type: files, output_dir: x}', /confluence/],
    [
      'an unknown setting',
      'source: {type: confluence, urll: x}\ndestination: {type: files, output_dir: x}',
      /urll/,
    ],
  ] as const)('refuses %s', async (_, text, words) => {
    const file = join(await folder(), 'wiki.yaml')
    if (text !== undefined) await writeFile(file, text)
    const { code, stderr } = await outflow(['run', file])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) })
  })
})

describe('Ctrl-C', () => {
  it('ends in good order: whole files, a summary that adds up, exit code 130', async () => {
    const world = generatedWorld({ pages: 3000, spaces: 2, seed: 7 })
    const sandbox = await startSandbox({ world, flavour: 'cloud', latencyMs: 20 })
    const output = await folder()
    try {
      const limits = ['--max-num-of-docs-from-each-space', '0']
      const { child, outcome } = startOutflow([
        ...['run', 'confluence', ...account(sandbox), '--output-dir', output, '--json', ...limits],
      ])
      child.stdout!.once('data', () => child.kill('SIGINT'))
      const { code, stdout } = await outcome
      expect(code).toBe(130)
      const { coverage, outcome: how } = lastOf(stdout)
      expect(how).toBe('stopped')
      expect(sumOf(coverage)).toBe(coverage.found)
      expect(coverage.done).toBeLessThan(3000)
      const files = await readdir(output, { recursive: true })
      expect(files.filter((name) => name.endsWith('.draft'))).toEqual([])
      expect(files.filter((name) => name.endsWith('.html.json'))).toHaveLength(coverage.done)
    } finally {
      await sandbox.close()
    }
  })
})
