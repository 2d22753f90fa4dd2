import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { duringTask } from '../../src/platform/activity.ts'
import { startTelemetry } from '../../src/platform/telemetry.ts'
import { rootSpanOf, traceIdOf } from '../../src/platform/tracing.ts'
import { read, startCollector, type Told } from './collector.ts'
import { sampleRun } from './sample-run.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function collecting(more: Readonly<Record<string, string>> = {}) {
  const collector = await startCollector()
  const telemetry = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, ...more })
  cleanups.push(telemetry.close, collector.close)
  return { collector, telemetry }
}

describe('traces', () => {
  it('have a span for the job, its tasks, the stages of its documents, and requests below them', async () => {
    const { collector, telemetry } = await collecting()
    const activity = { job: randomUUID(), workflow: 'w', source: 's' }
    const began = new Date(Date.now() - 1000)
    const events = await sampleRun(activity)
    const finished = events.at(-1)
    if (finished?.type !== 'job.finished') throw new Error('The run has not finished.')
    telemetry.jobFinished(activity, began, finished)
    await telemetry.close()

    expect(collector.seen.every(({ path }) => path === '/v1/traces')).toBe(true)
    expect(new Set(collector.services())).toEqual(new Set(['outflow']))
    const spans = collector.spans()
    const known = new Map(spans.map((span) => [span.spanId, span]))
    const parentOf = ({ parentSpanId = '' }: Told) => known.get(parentSpanId)?.name
    const named = (name: string) => spans.filter((span) => span.name === name)
    expect(spans.every(({ traceId }) => traceId === activity.job.replaceAll('-', ''))).toBe(true)

    const [job] = named('job')
    expect(job).toMatchObject({ spanId: rootSpanOf(activity.job).spanId })
    expect(parentOf(job!)).toBeUndefined()
    expect(BigInt(job!.startTimeUnixNano) / 1_000_000n).toBe(BigInt(began.getTime()))
    expect(read(job!, 'outflow.documents.done')).toBe(finished.coverage.done)
    expect(named('task run').map(parentOf)).toEqual(['job'])
    for (const stage of ['download', 'partition', 'upload']) {
      expect(named(stage)).toHaveLength(finished.coverage.done)
      expect(new Set(named(stage).map(parentOf))).toEqual(new Set(['task run']))
    }
    expect(read(named('partition')[0]!, 'outflow.document')).toMatch(/^confluence:/)
    expect(named('GET')).toHaveLength(finished.requests)
    expect(new Set(named('GET').map(parentOf))).toContain('task run')
    expect(read(named('GET')[0]!, 'server.address')).toBe('127.0.0.1')
  })

  it('tell what failed, by its code, and no query of a request', async () => {
    const { collector, telemetry } = await collecting()
    await sampleRun({ job: randomUUID(), source: 's' }, ['500@/rest/api/space'])
    await telemetry.close()
    const failed = collector.spans().filter(({ status }) => status.code === 2)
    expect(failed.map((span) => read(span, 'http.response.status_code'))).toContain(500)
    expect(collector.seen.every(({ body }) => !/\?|limit=|Bearer/.test(body))).toBe(true)
  })

  it('are of the work that they are of, also where it throws', async () => {
    const { collector, telemetry } = await collecting()
    const task = duringTask('check', {}, async () => {
      throw new TypeError('No such thing.')
    })
    await expect(task).rejects.toThrow('No such thing.')
    await telemetry.close()
    const [span] = collector.spans()
    expect(span).toMatchObject({ name: 'task check', status: { code: 2 } })
    expect(read(span!, 'error.type')).toBe('outflow.bug')
  })

  it('are kept or left out whole, by the id of the job, whichever worker it is', async () => {
    const jobs = Array.from({ length: 40 }, () => randomUUID())
    const kept: string[][] = []
    for (const task of ['run', 'parcel']) {
      const { collector, telemetry } = await collecting({ OTEL_TRACES_SAMPLER_ARG: '0.5' })
      for (const job of jobs) await duringTask(task, { job }, async () => undefined)
      await telemetry.close()
      kept.push(collector.spans().map(({ traceId }) => traceId))
    }
    expect(kept[0]).toEqual(kept[1])
    expect(kept[0]!.length).toBeGreaterThan(0)
    expect(kept[0]!.length).toBeLessThan(jobs.length)
    expect(jobs.map(traceIdOf)).toEqual(expect.arrayContaining(kept[0]!))
  })

  it('do not keep a process from ending when nobody takes them', async () => {
    const { collector, telemetry } = await collecting()
    await duringTask('run', {}, async () => undefined)
    await collector.close()
    const began = performance.now()
    await telemetry.close()
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  it('cost nothing that could fail where no SDK is asked for', async () => {
    const telemetry = await startTelemetry({})
    expect(await duringTask('run', { job: 'j' }, async () => 42)).toBe(42)
    await telemetry.close()
  })

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'telemetry.endpoint_invalid'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:1', OTEL_TRACES_SAMPLER_ARG: 'some' },
      'telemetry.sampler_invalid',
    ],
  ])('are refused with %j', async (environment, code) => {
    await expect(startTelemetry(environment)).rejects.toMatchObject({ kind: 'config', code })
  })

  it('say what to install when the SDK is not there', async () => {
    const without = `
      import { registerHooks } from 'node:module'
      registerHooks({ resolve: (name, context, next) =>
        name === '@opentelemetry/sdk-trace' ? next('./not-installed.js', context) : next(name, context) })
      const { startTelemetry } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/platform/telemetry.ts'))})
      await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:1' })
        .catch(({ code, fix }) => console.log(code, fix))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', without])
    expect(stdout).toMatch(/^telemetry\.sdk_missing .*npm install @opentelemetry\/sdk-trace/)
  })
})
