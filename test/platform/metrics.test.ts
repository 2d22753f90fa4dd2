import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Coverage, RunEvent } from '../../src/model/events.ts'
import { createMetrics, type Metrics, type MetricsSources } from '../../src/platform/metrics.ts'
import { openStore } from '../../src/store/index.ts'
import { sampleRun } from './sample-run.ts'

const opened: Metrics[] = []
afterEach(() => {
  for (const metrics of opened.splice(0)) metrics.close()
})

function metricsOf(sources?: MetricsSources): Metrics {
  const metrics = createMetrics(sources)
  opened.push(metrics)
  return metrics
}

/** Sum of all series of a name that carry these labels. */
async function read(
  metrics: Metrics,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const { body } = await metrics.render()
  const values = body
    .split('\n')
    .filter((line) => line.replace(/[{ ].*/, '') === name)
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

const coverageOf = (events: readonly RunEvent[]): Coverage => {
  const last = events.at(-1)
  if (last?.type !== 'job.finished') throw new Error('The run has not finished.')
  return last.coverage
}

describe('metrics', () => {
  it('count what a job did, and what it asked of its source', async () => {
    const metrics = metricsOf()
    const activity = { job: 'j', workflow: 'w', source: 'wiki-1' }
    const events = await sampleRun(activity, ['429:2@/rest/api,retry-after=1'])
    for (const event of events) metrics.hear(activity, event)

    const { found, done } = coverageOf(events)
    expect(done).toBeGreaterThan(3)
    const finished = events.at(-1) as Extract<RunEvent, { type: 'job.finished' }>
    const source = 'wiki-1'
    expect(await read(metrics, 'outflow_documents_total', { source })).toBe(found)
    expect(await read(metrics, 'outflow_documents_total', { stage: 'upload', outcome: 'done' })).toBe(done)
    expect(await read(metrics, 'outflow_source_requests_total', { source })).toBe(finished.requests)
    expect(
      await read(metrics, 'outflow_source_requests_total', { source, status_class: '4xx' }),
    ).toBeGreaterThan(1)
    const throttled = await read(metrics, 'outflow_source_throttled_seconds_total', { source })
    expect(throttled).toBeCloseTo(finished.waited_seconds, 1)
    expect(throttled).toBeGreaterThan(0.9)
    expect(await read(metrics, 'outflow_stage_seconds_count', { stage: 'partition' })).toBe(done)
    expect(await read(metrics, 'outflow_stage_seconds_count', { stage: 'upload' })).toBe(done)
    expect(await read(metrics, 'outflow_job_seconds_count', { outcome: finished.outcome })).toBe(1)
  })

  it('tell sources apart, whose requests are under way at the same time', async () => {
    const metrics = metricsOf()
    const [one, other] = await Promise.all([sampleRun({ source: 'one' }), sampleRun({ source: 'other' })])
    const requests = (events: readonly RunEvent[]) =>
      (events.at(-1) as Extract<RunEvent, { type: 'job.finished' }>).requests
    expect(await read(metrics, 'outflow_source_requests_total', { source: 'one' })).toBe(requests(one))
    expect(await read(metrics, 'outflow_source_requests_total', { source: 'other' })).toBe(requests(other))
  })

  it('have no more series after many documents than after a few', async () => {
    const metrics = metricsOf()
    const event = (id: number): RunEvent => ({
      type: 'document.unchanged',
      document: { id: `confluence:x/page/${id}`, kind: 'page', title: `${id}`, url: '', space: `S${id}` },
      permissions: 'complete',
    })
    metrics.hear({ source: 's' }, event(0))
    const before = (await metrics.render()).body.split('\n').length
    for (let id = 1; id < 1000; id++) metrics.hear({ source: 's' }, event(id))
    expect((await metrics.render()).body.split('\n').length).toBe(before)
    expect(await read(metrics, 'outflow_documents_total')).toBe(1000)
  })

  it('show the queues of a real store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outflow-metrics-'))
    await using store = await openStore({ stateDir: join(folder, 'state') })
    const queue = await store.openQueue()
    try {
      const metrics = metricsOf({ depths: () => queue.depths() })
      expect(await read(metrics, 'outflow_queue_depth')).toBe(0)
      await queue.send('check', { check: 'a' })
      await queue.send('check', { check: 'b' })
      expect(await read(metrics, 'outflow_queue_depth', { queue: 'check' })).toBe(2)
      expect(await read(metrics, 'outflow_queue_oldest_seconds', { queue: 'check' })).toBeGreaterThan(0)
      expect(await read(metrics, 'outflow_queue_oldest_seconds', { queue: 'run' })).toBe(0)
    } finally {
      await queue.stop(1)
    }
  })

  it('tell how old the data of workflows is, by the last job that read everything', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outflow-metrics-'))
    await using store = await openStore({ stateDir: join(folder, 'state') })
    const { tables, ages } = store.records
    const workflow = (id: string, more: object = {}) => ({
      ...{ id, workspace: 'w', name: id, workflow_type: 'custom', state: 'active' },
      ...{ sources: '[]', destinations: '[]', nodes: '[]', ...more },
    })
    const job = (id: string, of: string, hours: number, more: object = {}) => ({
      ...{ id, workspace: 'w', workflow: of, workflow_name: of, job_type: 'persistent', plan: '{}' },
      ...{ options: '{}', state: 'finished', started_at: new Date(Date.now() - hours * 3_600_000), ...more },
    })
    const outflow = tables.withSchema('outflow')
    await outflow
      .insertInto('workflows')
      .values([workflow('a'), workflow('b'), workflow('upload', { ephemeral: true }), workflow('new')])
      .execute()
    await outflow
      .insertInto('jobs')
      .values([
        job('1', 'a', 30),
        job('2', 'a', 20, { state: 'held' }),
        job('3', 'a', 2, { state: 'failed' }),
        job('4', 'a', 1, { options: '{"onlyFailed":true}' }),
        job('5', 'b', 3, { state: 'finished_with_failures' }),
        job('6', 'upload', 1),
      ])
      .execute()
    const metrics = metricsOf({ ages: () => ages.ofWorkflows() })
    const hours = async (workflow: string) =>
      Math.round(((await read(metrics, 'outflow_data_age_seconds', { workflow })) ?? Number.NaN) / 3600)
    expect([await hours('a'), await hours('b')]).toEqual([20, 3])
    const { body } = await metrics.render()
    expect(body.match(/^outflow_acl_age_seconds\{/gm)).toHaveLength(2)
  })

  it('leave out what could not be asked, and tell why, instead of repeating what was', async () => {
    const troubles: unknown[] = []
    let broken = false
    const metrics = metricsOf({
      async ages() {
        if (broken) throw new Error('The database is away.')
        return [
          { workflow: 'w1', dataSeconds: 60, accessSeconds: 30 },
          { workflow: 'w2', dataSeconds: 5, accessSeconds: 5 },
        ]
      },
      onTrouble: (thrown) => troubles.push(thrown),
    })
    expect(await read(metrics, 'outflow_data_age_seconds', { workflow: 'w1' })).toBe(60)
    expect(await read(metrics, 'outflow_acl_age_seconds', { workflow: 'w1' })).toBe(30)
    broken = true
    expect(await read(metrics, 'outflow_data_age_seconds')).toBeUndefined()
    expect(await read(metrics, 'process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(troubles).toMatchObject([{ message: 'The database is away.' }, {}])
  })

  it('hear nothing any more once they are closed, and share nothing with others', async () => {
    const closed = metricsOf()
    const open = metricsOf()
    closed.close()
    await sampleRun({ source: 's' })
    expect(await read(closed, 'outflow_source_requests_total')).toBeUndefined()
    expect(await read(open, 'outflow_source_requests_total')).toBeGreaterThan(0)
  })

  it('come in the form that Prometheus asks for', async () => {
    const { contentType, body } = await metricsOf().render()
    expect(contentType).toContain('text/plain; version=0.0.4')
    expect(body).toMatch(/^# TYPE outflow_documents_total counter$/m)
  })
})
