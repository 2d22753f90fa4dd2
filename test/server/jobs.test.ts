import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { type Door, openDoor } from './door.ts'

interface Job {
  readonly id: string
  readonly input_file_ids: readonly string[]
}

let door: Door
beforeAll(async () => {
  door = await openDoor()
})

const partitioner = {
  name: 'P',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy: 'fast' },
}
const steps = JSON.stringify({ job_nodes: [partitioner] })

/** On-demand jobs of a workspace are a second apart. */
async function makeJob(body: FormData | URLSearchParams, headers: Record<string, string> = {}) {
  await pause(1100)
  return door.call<Job & { code: string; detail: unknown }>('POST', '/api/v1/jobs/', { body, headers })
}

function form(
  files: Readonly<Record<string, readonly File[]>>,
  fields: Readonly<Record<string, string>>,
): FormData {
  const made = new FormData()
  for (const [name, value] of Object.entries(fields)) made.set(name, value)
  for (const [name, each] of Object.entries(files)) for (const file of each) made.append(name, file)
  return made
}

const page = (name = 'a.html', content = '<h1>Hello</h1>') => new File([content], name, { type: 'text/html' })

describe('a job for files', () => {
  it.each(['input_files[]', 'input_files', 'files'])('takes them as %s', async (name) => {
    const { status, body } = await makeJob(
      form({ [name]: [page('a.html'), page('b.html')] }, { request_data: steps }),
    )
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'SCHEDULED', job_type: 'ephemeral' },
    })
    expect(body.input_file_ids).toHaveLength(2)
    expect(body).toHaveProperty('output_node_files.length', 2)
  })

  it('is made from a form without files, as the SDK sends it', async () => {
    const { status, body } = await makeJob(
      new URLSearchParams({ request_data: '{"template_id": "hi_res_partition"}' }),
    )
    expect({ status, files: body.input_file_ids }).toEqual({ status: 200, files: [] })
  })

  it('says what is wrong with its work', async () => {
    const wrong = async (request_data: string) => {
      const { status, body } = await door.call<{ code: string }>('POST', '/api/v1/jobs/', {
        body: form({ files: [page()] }, { request_data }),
      })
      return { status, code: body.code }
    }
    expect(await wrong('{"job_nodes": "all"}')).toEqual({ status: 422, code: 'request.invalid' })
    expect(await wrong('{')).toEqual({ status: 422, code: 'request.not_json' })
    expect(await wrong('{"template_id": "none"}')).toEqual({ status: 404, code: 'template.not_found' })
    const { status, body } = await door.call('POST', '/api/v1/jobs/', { body: form({ files: [page()] }, {}) })
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'request_data'], msg: 'Field required' }] },
    })
  })

  it('takes no file that is too large, and no eleventh one', async () => {
    const large = await makeJob(
      form({ files: [page('a.html', 'x'.repeat(11_000_000))] }, { request_data: steps }),
    )
    expect({ status: large.status, code: large.body.code }).toEqual({
      status: 413,
      code: 'request.too_large',
    })
    const many = await makeJob(
      form({ files: Array.from({ length: 11 }, () => page()) }, { request_data: steps }),
    )
    expect({ status: many.status, code: many.body.code }).toEqual({ status: 422, code: 'upload.too_many' })
  })

  it.each([
    ['multipart/form-data', ''],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="request_data"\r\n\r\n{',
    ],
    ['multipart/form-data; boundary=b', 'nonsense'],
  ])('that is no form to its end is the caller’s mistake (%s, %j)', async (type, body) => {
    const answer = await door.call('POST', '/api/v1/jobs/', { body, headers: { 'content-type': type } })
    expect(answer.status).toBe(422)
  })

  it('that comes too soon after another is told to wait', async () => {
    await makeJob(new URLSearchParams({ request_data: steps }))
    const body = new URLSearchParams({ request_data: steps })
    expect((await door.call('POST', '/api/v1/jobs/', { body })).status).toBe(429)
  })
})

describe('a job of a workflow', () => {
  async function makeWorkflow() {
    const workflow = { name: 'W', workflow_type: 'custom', workflow_nodes: [partitioner] }
    const made = await door.call<{ id: string }>('POST', '/api/v1/workflows', {
      body: JSON.stringify(workflow),
    })
    return made.body.id
  }

  it('is begun by an empty body, of whatever type, and by a form', async () => {
    const source = { name: 'S', type: 'confluence', config: { url: 'http://127.0.0.1:9', token: 'secret' } }
    const { body: made } = await door.call<{ id: string }>('POST', '/api/v1/sources', {
      body: JSON.stringify(source),
    })
    const destination = { name: 'D', type: 'local', config: { output_dir: 'x' } }
    const { body: end } = await door.call<{ id: string }>('POST', '/api/v1/destinations', {
      body: JSON.stringify(destination),
    })
    const workflow = { name: 'W', workflow_type: 'basic', source_id: made.id, destination_id: end.id }
    const { body } = await door.call<{ id: string }>('POST', '/api/v1/workflows', {
      body: JSON.stringify(workflow),
    })
    const run = (init?: RequestInit) => door.call<Job>('POST', `/api/v1/workflows/${body.id}/run`, init)
    const first = await run()
    expect({ status: first.status, body: first.body }).toMatchObject({
      status: 202,
      body: { status: 'SCHEDULED', job_type: 'persistent', workflow_id: body.id },
    })
    for (const type of [
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'nonsense',
    ])
      expect((await run({ headers: { 'content-type': type } })).body?.id, type).toBe(first.body.id)

    const cancelled = await door.call('POST', `/api/v1/jobs/${first.body.id}/cancel`, {
      headers: { 'content-type': 'application/json' },
    })
    expect({ status: cancelled.status, body: cancelled.body }).toMatchObject({
      status: 200,
      body: { id: first.body.id },
    })
  })

  it('takes files where the workflow has no source', async () => {
    const { status, body } = await door.call<Job>('POST', `/api/v1/workflows/${await makeWorkflow()}/run`, {
      body: form({ 'input_files[]': [page()] }, {}),
    })
    expect({ status, files: body.input_file_ids.length }).toEqual({ status: 202, files: 1 })
  })

  it('is found by its state, however that is written', async () => {
    const { body: job } = await makeJob(new URLSearchParams({ request_data: steps }))
    const ids = async (status: string) =>
      (await door.call<Job[]>('GET', `/api/v1/jobs?status=${status}`)).body.map(({ id }) => id)
    for (const status of ['SCHEDULED', 'scheduled', 'queued']) expect(await ids(status)).toContain(job.id)
    for (const status of ['im+progress', 'completed', 'nonsense'])
      expect(await ids(status)).not.toContain(job.id)
  })

  it('tells about itself', async () => {
    const { body: job } = await makeJob(form({ files: [page()] }, { request_data: steps }))
    const get = (what: string) => door.call('GET', `/api/v1/jobs/${job.id}/${what}`)
    expect((await get('details')).body).toMatchObject({
      processing_status: 'SCHEDULED',
      state: 'queued',
      node_stats: [{ node_type: 'partition', ready: expect.any(Number) }],
    })
    expect((await get('failed-files')).body).toEqual({ failed_files: [] })
    expect((await get('documents?state=failed&stage=download&limit=5')).body).toEqual({ documents: [] })
    expect((await get('documents?state=nonsense&limit=0')).status).toBe(422)
    expect((await get('download?file_id=none')).status).toBe(404)
    expect((await get('download')).status).toBe(422)
  })
})

describe('events of a job', () => {
  const waiting = (seconds: number): RunEvent => ({ type: 'waiting', seconds, reason: 'for the test' })

  async function listen(path: string, headers: Record<string, string> = {}) {
    const stop = new AbortController()
    const response = await fetch(`${door.url}${path}`, {
      headers: { 'unstructured-api-key': door.keys.read, ...headers },
      signal: stop.signal,
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    return {
      stop: () => stop.abort(),
      async until(words: string): Promise<string> {
        while (!text.includes(words)) {
          const { done, value } = await reader.read()
          if (done) throw new Error(`It ended before "${words}": ${text}`)
          text += value
        }
        return text
      },
      async end(): Promise<string> {
        for (;;) {
          const { done, value } = await reader.read()
          if (done) return text
          text += value
        }
      },
    }
  }

  const numbers = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number))

  it('come as they happen, and go on where a client was', async () => {
    const { body: job } = await makeJob(new URLSearchParams({ request_data: steps }))
    const path = `/api/v1/jobs/${job.id}/events`
    const { story } = door.store.records
    await story.append(job.id, 0, [waiting(1), waiting(2)])
    const first = await listen(path)
    expect(numbers(await first.until('"seconds":2'))).toEqual([1, 2])
    await story.append(job.id, 2, [waiting(3)])
    expect(numbers(await first.until('"seconds":3'))).toEqual([1, 2, 3])
    first.stop()
    await story.append(job.id, 3, [waiting(4)])
    const byHeader = await listen(path, { 'last-event-id': '3' })
    expect(numbers(await byHeader.until('"seconds":4'))).toEqual([4])
    const byQuery = await listen(`${path}?after=2`)
    expect(numbers(await byQuery.until('"seconds":4'))).toEqual([3, 4])

    const coverage = { found: 0, done: 0, access_changed: 0, unchanged: 0 }
    const rest = { skipped: 0, not_permitted: 0, unsupported: 0, failed: 0 }
    const finished: RunEvent = {
      ...{ type: 'job.finished', outcome: 'finished', coverage: { ...coverage, ...rest } },
      ...{ removed: 0, held: 0, requests: 0, retries: 0, waited_seconds: 0, seconds: 1, truncated: {} },
      permissions: { complete: 0, partial: 0, unknown: 0 },
    }
    await story.append(job.id, 4, [finished])
    expect(await byHeader.end()).toMatch(/event: job\.finished\ndata: .*\n\n$/)
    expect(numbers(await byQuery.end())).toEqual([3, 4, 5])
  })

  it('there are none of a job that is not there', async () => {
    expect((await door.call('GET', '/api/v1/jobs/none/events')).status).toBe(404)
  })
})

describe('a file at once', () => {
  const partition = (fields: Record<string, string>, files: readonly File[] = [page()]) =>
    door.call<{ type: string; text: string; element_id: string }[] & { code: string }>(
      'POST',
      '/general/v0/general',
      {
        body: form({ files }, fields),
      },
    )

  it('comes back as its elements', async () => {
    const { status, headers, body } = await partition({
      strategy: 'hi_res',
      split_pdf_page: 'true',
      'languages[]': 'eng',
    })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body).toMatchObject([{ type: 'Title', text: 'Hello', metadata: { filename: 'a.html' } }])
  })

  it('comes back as a table', async () => {
    const { headers, text } = await partition({ output_format: 'text/csv' })
    expect(headers.get('content-type')).toMatch(/^text\/csv/)
    expect(text).toMatch(/^type,element_id,text,.*\r\nTitle,\w+,Hello,/)
  })

  it('has ids of its own where they were asked for', async () => {
    const content = '<h1>Same</h1><p>Same words here.</p><p>Same words here.</p>'
    const { body } = await partition({ unique_element_ids: 'true' }, [page('a.html', content)])
    expect(new Set(body.map(({ element_id }) => element_id)).size).toBe(body.length)
  })

  it.each([
    [{ chunking_strategy: 'by_moon' }, undefined, 422, 'request.invalid'],
    [{ output_format: 'text/plain' }, undefined, 422, 'request.invalid'],
    [{}, [], 422, 'request.invalid'],
    [{}, [page(), page()], 422, 'upload.too_many'],
    [{}, [new File(['\0\x01\x02'], 'a.bin', { type: 'application/x-unknown' })], 422, 'file.unsupported'],
  ])('is refused with a reason: %j (%#)', async (fields, files, status, code) => {
    const answer = await partition(fields as unknown as Record<string, string>, files)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })
})

it('a door that closes ends streams, and answers what is under way', async () => {
  const other = await openDoor()
  const { body: job } = await other.call<Job>('POST', '/api/v1/jobs/', {
    body: new URLSearchParams({ request_data: steps }),
  })
  const stream = await fetch(`${other.url}/api/v1/jobs/${job.id}/events`, {
    headers: { 'unstructured-api-key': other.keys.read },
  })
  const underWay = other.call('POST', '/general/v0/general', {
    body: form({ files: [page('a.html', '<p>Words</p>'.repeat(20_000))] }, {}),
  })
  await pause(50)
  const started = Date.now()
  await other.close()
  expect(await stream.text()).toMatch(/^: /)
  expect((await underWay).status).toBe(200)
  expect(Date.now() - started).toBeLessThan(10_000)
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow()
})
