import { execFile } from 'node:child_process'
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { composeProblems } from '../../scripts/docker/compose.ts'
import { parseDockerfile, secretsIn } from '../../scripts/docker/dockerfile.ts'
import { createMetrics } from '../../src/platform/metrics.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (...path: string[]) => readFile(join(root, ...path), 'utf8')
const namesIn = (text: string, name: RegExp) =>
  new Set([...text.matchAll(name)].map(([found, part]) => part ?? found))

/** The metrics that there are. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const metrics = createMetrics()
  const { body } = await metrics.render()
  metrics.close()
  return namesIn(body, /^# TYPE (\S+)/gm)
}

describe('what docs/operate.md says', () => {
  it('of metrics: their names, no more and no fewer', async () => {
    const names = [...(await metricNames())].filter((name) => name.startsWith('outflow_'))
    const table = namesIn(await read('docs', 'operate.md'), /^\| `(outflow_\w+)`/gm)
    expect([...table].sort()).toEqual(names.sort())
  })

  it('of alerts: those that there are', async () => {
    const { groups } = parse(await read('deploy', 'prometheus', 'alerts.yaml')) as {
      groups: { rules: { alert: string }[] }[]
    }
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))
    const table = namesIn(await read('docs', 'operate.md'), /^\| `(Outflow\w+)`/gm)
    expect([...table].sort()).toEqual(alerts.sort())
  })

  it.each([
    ['deploy', 'prometheus', 'alerts.yaml'],
    ['deploy', 'grafana', 'outflow.json'],
  ])('is watched by %s/%s/%s through metrics that there are', async (...path) => {
    const names = await metricNames()
    const used = namesIn(await read(...path), /\b(?:outflow|process|nodejs)_\w+/g)
    const plain = [...used].map((name) => name.replace(/_(?:bucket|count|sum)$/, ''))
    expect(used.size).toBeGreaterThan(3)
    expect(plain.filter((name) => !names.has(name))).toEqual([])
  })
})

describe('docker/secrets.sh', () => {
  const run = (file: string) => promisify(execFile)('sh', [join(root, 'docker', 'secrets.sh'), file])
  const lines = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n')

  it('makes what is missing, for this user alone, and changes nothing the second time', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'outflow-secrets-')), '.env')
    await run(file)
    const first = await lines(file)
    expect(first).toEqual([
      expect.stringMatching(/^POSTGRES_PASSWORD=[0-9a-f]{48}$/),
      expect.stringMatching(/^OUTFLOW_SECRET_KEY=[0-9a-f]{64}$/),
    ])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await run(file)
    expect(await lines(file)).toEqual(first)
  })

  it('leaves what people wrote, and fills in what they left empty', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'outflow-secrets-')), '.env')
    await writeFile(file, 'OUTFLOW_PORT=9000\nPOSTGRES_PASSWORD=\nOUTFLOW_SECRET_KEY=mine')
    await run(file)
    const [port, secret, password, ...rest] = await lines(file)
    expect([port, secret, rest]).toEqual(['OUTFLOW_PORT=9000', 'OUTFLOW_SECRET_KEY=mine', []])
    expect(password).toMatch(/^POSTGRES_PASSWORD=[0-9a-f]{48}$/)
  })
})

describe('the checks of docker/', () => {
  it('see what is wrong with a compose file', async () => {
    const text = await read('docker', 'compose.yaml')
    const known = new Set(['DATABASE_URL', 'OUTFLOW_SECRET_KEY', 'OUTFLOW_LOG_LEVEL', 'POSTGRES_PASSWORD'])
    const problems = (changed: string) => composeProblems(changed, known, known)
    expect(problems(text)).toEqual([])
    expect(problems(text.replace('  read_only: true\n', ''))).toHaveLength(2)
    expect(problems(text.replace('OUTFLOW_LOG_LEVEL:', 'OUTFLOW_LOG_LEVLE:'))).toHaveLength(2)
    expect(problems(text.replace('\n  data:\n', '\n'))).toHaveLength(2)
    expect(problems(text.replace('POSTGRES_PASSWORD: ${', 'POSTGRES_PASSWORD: hunter2 #'))).not.toEqual([])
  })

  it('see a secret in a layer, and pass over no instruction', () => {
    const stages = parseDockerfile('ARG A=b\nFROM x AS y\nENV API_TOKEN=1\nRUN a \\\n && b\n')
    expect(stages).toEqual([
      {
        name: 'y',
        instructions: [
          { name: 'ENV', text: 'API_TOKEN=1' },
          { name: 'RUN', text: 'a && b' },
        ],
      },
    ])
    expect(secretsIn(stages)).toEqual(['ENV API_TOKEN=1'])
    expect(() => parseDockerfile('FROM x\nADD http://elsewhere /\n')).toThrow('ADD')
  })
})
