import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/cli/log.ts'
import { OutflowError } from '../../src/model/errors.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { during } from '../../src/platform/activity.ts'
import { sampleRun } from '../platform/sample-run.ts'

function logging(environment: Readonly<Record<string, string>> = {}) {
  const lines: string[] = []
  const log = createLog(environment, (line) => lines.push(line))
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line)) }
}

const answered = {
  method: 'GET',
  route: '/api/v1/jobs/:job_id',
  milliseconds: 3,
  requestId: 'r-1',
  keyId: 'k',
}

describe('the log', () => {
  it('is one JSON object a line, with time, level and who it is about', async () => {
    const { log, lines, entries } = logging()
    log.info('ready', { url: 'http://127.0.0.1:8000' })
    await during({ job: 'j', workflow: 'w', source: 's' }, async () =>
      log.trouble('queue', new Error('Gone.')),
    )
    expect(lines.every((line) => !line.includes('\n'))).toBe(true)
    const [ready, trouble] = entries()
    expect(ready).toMatchObject({ level: 'info', message: 'ready', url: 'http://127.0.0.1:8000' })
    expect(new Date(ready.time).getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(trouble).toMatchObject({ level: 'error', where: 'queue', job: 'j', workflow: 'w', source: 's' })
    expect(trouble.error).toMatchObject({ kind: 'bug', code: 'outflow.bug', stack: expect.any(String) })
  })

  it('tells of a job that went well in two lines, and of what went wrong in one each', async () => {
    const activity = { job: randomUUID(), workflow: 'w' }
    const well = logging()
    for (const event of await sampleRun(activity)) well.log.hear(activity, event)
    expect(well.entries().map(({ message }) => message)).toEqual(['job.started', 'job.finished'])
    expect(well.entries().at(-1)).toMatchObject({ level: 'info', ...activity, outcome: 'finished' })

    const ill = logging()
    const document = {
      id: 'confluence:x/page/1',
      kind: 'page',
      title: 'Pay rise',
      url: '',
      space: 'HR',
    } as const
    const error = { kind: 'content', code: 'html.too_deep', message: 'Too deep.' } as const
    const events: readonly RunEvent[] = [
      { type: 'document.found', document },
      { type: 'document.failed', document, stage: 'partition', error },
      { type: 'document.held', document, reason: 'lost_access', message: '' },
      { type: 'warning', code: 'recipe.changed', message: 'Otherwise.' },
    ]
    for (const event of events) ill.log.hear(activity, event)
    expect(ill.entries()).toMatchObject([
      { level: 'warn', message: 'document.failed', document: document.id, stage: 'partition', error },
      { level: 'warn', message: 'document.held', reason: 'lost_access' },
      { level: 'warn', message: 'warning', code: 'recipe.changed', text: 'Otherwise.' },
    ])
    expect(ill.lines.join()).not.toContain('Pay rise')
  })

  it('tells of requests only what is wrong on our side, and who was refused, unless asked for more', () => {
    const requests = [200, 404, 401, 500].map((status) => ({ ...answered, status }))
    const quiet = logging()
    for (const request of requests) quiet.log.request(request)
    expect(quiet.entries()).toMatchObject([
      { level: 'info', status: 401, requestId: 'r-1' },
      { level: 'error', status: 500, route: answered.route, keyId: 'k' },
    ])
    const all = logging({ OUTFLOW_LOG_LEVEL: 'debug' })
    for (const request of requests) all.log.request(request)
    expect(all.lines).toHaveLength(4)
    const none = logging({ OUTFLOW_LOG_LEVEL: 'silent' })
    for (const request of requests) none.log.request(request)
    expect(none.lines).toEqual([])
  })

  it('refuses a level that there is not', () => {
    expect(() => logging({ OUTFLOW_LOG_LEVEL: 'loud' })).toThrow(
      expect.objectContaining({ kind: 'config', code: 'cli.log_level_unknown' }),
    )
  })

  it('tells causes, and no secret, wherever it stands', () => {
    const key = Buffer.alloc(32, 7).toString('base64')
    const { log, lines, entries } = logging({
      DATABASE_URL: 'postgres://outflow:pass%2Fw"ord4711@db/wiki',
      OUTFLOW_SECRET_KEY: key,
      HTTPS_PROXY: 'http://me:pröxy-pass@proxy:8080',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=collector-4711',
    })
    const secrets = [
      'pass/w"ord4711',
      'pass%2Fw%22ord4711',
      key,
      'pröxy-pass',
      'collector-4711',
      `ofk_${'a'.repeat(43)}`,
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]
    for (const secret of secrets) {
      const cause = new Error(`refused: postgres://someone:else-${'x'.repeat(9)}@db and ${secret}`)
      log.trouble(
        'queue',
        new OutflowError({ kind: 'transient', code: 'a.b', message: `No: ${secret}.`, cause }),
      )
      log.trouble('queue', new Error(`Authorization: Bearer tok.${'4711'.repeat(4)}; ${secret}`))
    }
    expect(entries()).toHaveLength(2 * secrets.length)
    for (const secret of [...secrets, 'else-xxx', '47114711'])
      for (const line of lines) {
        expect(line).not.toContain(secret)
        expect(line).not.toContain(JSON.stringify(secret).slice(1, -1))
      }
    expect(entries()[0].error.causes[0]).toContain('postgres://someone:[secret]@db')
  })
})
