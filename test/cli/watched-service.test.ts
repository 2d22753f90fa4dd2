import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseFault } from '../../src/sandbox/index.ts'
import { createClient } from '../engine/client.ts'
import { end, start } from '../engine/processes.ts'
import { read, startCollector } from '../platform/collector.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { startSmallSite } from '../support/small-site.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const partitioner = { name: 'Partitioner', type: 'partition', subtype: 'vlm', settings: { strategy: 'auto' } }

it('tells of a job in its metrics, its log and its traces, under the ids that the API gave', async () => {
  const site = await startSmallSite({ faults: [parseFault('429:1@/rest/api,retry-after=1')] })
  const collector = await startCollector()
  const folder = await mkdtemp(join(tmpdir(), 'outflow-watched-'))
  const service = await start(['serve', '--port', '0', '--state', 'state'], {
    folder,
    environment: { OUTFLOW_LOG_LEVEL: 'info', OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin },
  })
  const client = createClient(() => ({ url: service.url, apiKey: service.apiKey! }))
  const source = await client.make('sources', {
    name: 'wiki',
    type: 'confluence',
    config: { url: site.url, token: site.credentials.token },
  })
  const destination = await client.make('destinations', {
    name: 'files',
    type: 'local',
    config: { output_dir: 'wiki' },
  })
  const workflow = await client.make('workflows', {
    name: 'all',
    workflow_type: 'custom',
    source_id: source,
    destination_id: destination,
    workflow_nodes: [partitioner],
  })
  const { id } = await client.run(workflow)
  const { coverage } = await client.ended(id)
  const refused = await fetch(`${service.url}/api/v1/jobs/`, { headers: { 'x-request-id': 'mine' } })
  expect(refused.status).toBe(401)
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  const { code, stderr } = await end(service, 'SIGTERM')
  await collector.close()
  const requests = site.stats.read().requests
  await site.close()

  expect(code).toBe(0)
  const value = (series: string) => Number(new RegExp(`^${series} (.*)$`, 'm').exec(metrics)?.[1])
  const done = `outflow_documents_total\\{source="${source}",stage="upload",outcome="done"\\}`
  expect(value(done)).toBe(coverage!.done)
  expect(value(`outflow_source_throttled_seconds_total\\{source="${source}"\\}`)).toBeGreaterThan(0.9)
  const answers = [...metrics.matchAll(/^outflow_source_requests_total\{source="([^"]*)".*\} (\d+)$/gm)]
  expect(new Set(answers.map(([, of]) => of))).toEqual(new Set([source]))
  expect(answers.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(requests)
  expect(value('outflow_stage_seconds_count\\{stage="upload"\\}')).toBe(coverage!.done)
  expect(value('outflow_job_seconds_count\\{outcome="finished"\\}')).toBe(1)
  expect(value(`outflow_data_age_seconds\\{workflow="${workflow}"\\}`)).toBeLessThan(60)
  expect(value('outflow_queue_depth\\{queue="run"\\}')).toBe(0)

  const lines = stderr.trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line))
  const ofJob = entries.filter(({ job }) => job === id)
  expect(ofJob.map(({ message }) => message)).toEqual(['job.started', 'job.finished'])
  expect(ofJob[1]).toMatchObject({ level: 'info', workflow, source, outcome: 'finished', coverage })
  expect(entries).toContainEqual(
    expect.objectContaining({ message: 'request', requestId: 'mine', status: 401 }),
  )
  for (const secret of [service.apiKey!, site.credentials.token]) expect(stderr).not.toContain(secret)

  const spans = collector.spans().filter(({ traceId }) => traceId === id.replaceAll('-', ''))
  const count = (name: string) => spans.filter((span) => span.name === name).length
  expect({ job: count('job'), run: count('task run') }).toEqual({ job: 1, run: 1 })
  expect(count('task parcel')).toBeGreaterThan(0)
  expect(count('upload')).toBe(coverage!.done)
  expect(read(spans.find(({ name }) => name === 'job')!, 'outflow.source')).toBe(source)
}, 90_000)

it.skipIf(!server)(
  `of a worker alone are its own, where it is given a port${server ? '' : ` ${noPostgres}`}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outflow-watched-'))
    const environment = { DATABASE_URL: await server!.newDatabase() }
    const worker = await start(['work', '--port', '0'], { folder, environment })
    const answer = async (path: string) => {
      const response = await fetch(`${worker.url}${path}`)
      return { status: response.status, text: await response.text() }
    }
    expect(await answer('/healthz')).toMatchObject({ status: 200 })
    expect(await answer('/readyz')).toMatchObject({ status: 200 })
    expect((await answer('/metrics')).text).toMatch(/^outflow_queue_depth\{queue="parcel"\} 0$/m)
    expect(await answer('/api/v1/jobs/')).toMatchObject({ status: 404 })
    await server!.restart('SIGKILL')
    expect(await answer('/healthz')).toMatchObject({ status: 200 })
    const { code } = await end(worker, 'SIGTERM')
    expect(code).toBe(0)
  },
)
