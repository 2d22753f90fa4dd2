import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Door, openDoor } from './door.ts'

interface ErrorBody {
  readonly detail: string | readonly { readonly loc: readonly (string | number)[]; readonly type: string }[]
  readonly code: string
  readonly request_id: string
}

interface Workflow {
  readonly id: string
  readonly workflow_nodes: readonly { readonly id: string }[]
}

let door: Door
/** Ids of a source and of a destination; nothing is called. */
let ends: { readonly source_id: string; readonly destination_id: string }

beforeAll(async () => {
  door = await openDoor()
  const made = async (path: string, connector: object) =>
    (await door.call<{ id: string }>('POST', path, { body: JSON.stringify(connector) })).body.id
  const config = { url: 'http://127.0.0.1:9', token: 'secret' }
  ends = {
    source_id: await made('/api/v1/sources', { name: 'S', type: 'confluence', config }),
    destination_id: await made('/api/v1/destinations', {
      name: 'D',
      type: 'local',
      config: { output_dir: 'x' },
    }),
  }
})

const partitioner = {
  name: 'P',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy: 'fast' },
}

const makeWorkflow = async (more: object = {}) =>
  (
    await door.call<Workflow>('POST', '/api/v1/workflows/', {
      body: JSON.stringify({ name: 'W', workflow_type: 'custom', workflow_nodes: [partitioner], ...more }),
    })
  ).body

describe('a key', () => {
  it.each([
    ['none', { 'unstructured-api-key': '' }, 'key.missing', /^API key is missing/],
    ['nonsense', { 'unstructured-api-key': 'nonsense' }, 'key.malformed', /^API key is malformed/],
    ['one that nobody was given', { 'unstructured-api-key': `ofk_${'x'.repeat(43)}` }, 'key.unknown', /./],
  ])('%s is answered with 401', async (_, headers, code, detail) => {
    const { status, body } = await door.call<ErrorBody>('GET', '/api/v1/jobs/', { headers })
    expect({ status, code: body.code }).toEqual({ status: 401, code })
    expect(body.detail).toMatch(detail)
  })

  it('may come as a bearer token', async () => {
    const headers = { 'unstructured-api-key': '', authorization: `Bearer ${door.keys.read}` }
    expect((await door.call('GET', '/api/v1/jobs/', { headers })).status).toBe(200)
  })

  it('may do what its scope reaches, and what those before it do', async () => {
    const statusWith = async (scope: 'read' | 'run' | 'manage', method: string, path: string) =>
      (await door.call(method, path, { headers: { 'unstructured-api-key': door.keys[scope] } })).status
    expect(await statusWith('read', 'GET', '/api/v1/sources/')).toBe(200)
    expect(await statusWith('read', 'POST', '/api/v1/jobs/none/cancel')).toBe(403)
    expect(await statusWith('run', 'GET', '/api/v1/sources/')).toBe(200)
    expect(await statusWith('run', 'POST', '/api/v1/jobs/none/cancel')).toBe(404)
    expect(await statusWith('run', 'DELETE', '/api/v1/sources/none')).toBe(403)
    expect(await statusWith('manage', 'DELETE', '/api/v1/sources/none')).toBe(404)
  })

  it('is asked for before a body is read', async () => {
    const headers = { 'unstructured-api-key': 'nonsense' }
    expect((await door.call('POST', '/api/v1/sources/', { headers, body: '{' })).status).toBe(401)
  })
})

describe('a path', () => {
  it.each(['/api/v1/workflows/', '/api/v1/workflows', '/api/v1/api/v1/workflows/', '/api/v1//workflows'])(
    '%s lists workflows',
    async (path) => {
      const { status, headers, body } = await door.call('GET', path)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect(body).toBeInstanceOf(Array)
    },
  )

  it.each(['/api/v1/nothing', '/', '/api/v1', '/api/v1/documents/%zz', `/api/v1/jobs/${'x'.repeat(5000)}`])(
    'there is nothing at %s',
    async (path) => {
      const { status, body } = await door.call<ErrorBody>('GET', path)
      expect({ status, detail: body.detail }).toEqual({ status: 404, detail: 'Not Found' })
    },
  )

  it('with another method says which it knows', async () => {
    for (const method of ['PATCH', 'OPTIONS', 'DELETE']) {
      const { status, headers, body } = await door.call<ErrorBody>(method, '/api/v1/sources/')
      expect({ status, detail: body.detail }).toEqual({ status: 405, detail: 'Method Not Allowed' })
      expect(headers.get('allow')).toBe('GET, HEAD, POST')
    }
  })

  it('holds ids with slashes', async () => {
    const id = 'confluence:acme.atlassian.net/page/1'
    const { status, body } = await door.call<ErrorBody>('GET', `/api/v1/documents/${encodeURIComponent(id)}`)
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'document.not_found' })
  })

  it.each(['/general/docs', '/healthz', '/readyz', '/openapi.json', '/docs', '/metrics'])(
    '%s needs no key',
    async (path) => {
      expect((await door.call('GET', path, { headers: { 'unstructured-api-key': '' } })).status).toBe(200)
    },
  )
})

describe('a workflow', () => {
  const workflow = { name: 'Nightly', workflow_type: 'basic', schedule: 'daily' }

  it('is set up by JSON, whatever its content type is said to be', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense']) {
      const { status, body } = await door.call('POST', '/api/v1/workflows', {
        headers: { 'content-type': type },
        body: JSON.stringify({ ...workflow, ...ends, reprocess_all: 'true' }),
      })
      expect(status).toBe(200)
      expect(body).toMatchObject({
        name: 'Nightly',
        status: 'active',
        workflow_type: 'basic',
        schedule: { crontab_entries: [{ cron_expression: '0 0 * * *' }] },
        reprocess_all: true,
        sources: [ends.source_id],
        destinations: [ends.destination_id],
        workflow_nodes: expect.any(Array),
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      })
    }
  })

  it('without a schedule has a list with nothing in it', async () => {
    const { id } = await makeWorkflow()
    expect((await door.call('GET', `/api/v1/workflows/${id}`)).body).toMatchObject({
      schedule: { crontab_entries: [] },
    })
  })

  it('keeps what a change does not name, and takes back what it was answered', async () => {
    const made = await makeWorkflow({ ...ends, schedule: 'weekly' })
    const path = `/api/v1/workflows/${made.id}`
    const renamed = await door.call<Workflow>('PUT', path, { body: '{"name": "Renamed", "source_id": null}' })
    expect(renamed.body).toMatchObject({ name: 'Renamed', workflow_nodes: made.workflow_nodes })
    const again = await door.call('PUT', path, { body: JSON.stringify(renamed.body) })
    expect(again.body).toMatchObject({ schedule: { crontab_entries: [{ cron_expression: '0 0 * * 0' }] } })
    const unscheduled = await door.call('PUT', path, { body: '{"schedule": null, "state": "inactive"}' })
    expect(unscheduled.body).toMatchObject({ schedule: { crontab_entries: [] }, status: 'inactive' })
  })

  it('that is not valid is answered with each problem and its place', async () => {
    const { status, body } = await door.call<ErrorBody>('POST', '/api/v1/workflows/', {
      body: '{"name": "", "workflow_type": "auto", "workflow_nodes": [{"name": "x", "type": 1}]}',
    })
    expect(status).toBe(422)
    expect((body.detail as readonly { loc: unknown }[]).map(({ loc }) => loc)).toEqual([
      ['body', 'name'],
      ['body', 'workflow_type'],
      ['body', 'workflow_nodes', 0, 'type'],
      ['body', 'workflow_nodes', 0, 'subtype'],
    ])
  })

  it('is deleted with words', async () => {
    const { id } = await makeWorkflow()
    const { status, body } = await door.call('DELETE', `/api/v1/workflows/${id}`)
    expect({ status, body }).toEqual({
      status: 200,
      body: { detail: `Workflow with id ${id} successfully deleted.` },
    })
    expect((await door.call('GET', `/api/v1/workflows/${id}`)).status).toBe(404)
  })

  it('is found by what the query says', async () => {
    const { id } = await makeWorkflow({ name: 'Sought after' })
    const found = await door.call<Workflow[]>(
      'GET',
      '/api/v1/workflows/?name=sought&page=1&page_size=5&sort_by=id&sort_direction=desc&status=active&created_since=2020-01-01T00:00:00&show_only_soft_deleted=false&show_recommender_workflows=false',
    )
    expect(found.body.map((each) => each.id)).toEqual([id])
    const { status, body } = await door.call<ErrorBody>(
      'GET',
      '/api/v1/workflows/?page=0&created_before=soon',
    )
    expect(status).toBe(422)
    expect((body.detail as readonly { loc: unknown }[]).map(({ loc }) => loc)).toEqual([
      ['query', 'created_before'],
      ['query', 'page'],
    ])
  })
})

describe('a connector', () => {
  it('with settings that cannot work is answered with the fields', async () => {
    const { status, body } = await door.call('POST', '/api/v1/sources/', {
      body: '{"name": "S", "type": "confluence", "config": {"cloud": "true"}}',
    })
    expect(status).toBe(412)
    expect(body).toMatchObject({ errors: expect.any(Array), detail: expect.any(String) })
  })

  it('of a type that there is not is answered in the words of the reference', async () => {
    const { status, body } = await door.call<ErrorBody>('POST', '/api/v1/destinations/', {
      body: '{"name": "D", "type": "motherduck", "config": {}}',
    })
    expect(status).toBe(422)
    expect(body.detail).toBe('Destination Connector type motherduck not supported')
  })

  it('is checked later', async () => {
    const { body } = await door.call<{ id: string }>('POST', '/api/v1/destinations', {
      body: '{"name": "D", "type": "local", "config": {"output_dir": "wiki"}}',
    })
    const path = `/api/v1/destinations/${body.id}/connection-check`
    const check = await door.call('POST', path, { headers: { 'content-type': 'application/json' } })
    expect({ status: check.status, body: check.body }).toMatchObject({
      status: 202,
      body: { status: 'SCHEDULED' },
    })
    expect((await door.call('GET', path)).body).toEqual(check.body)
  })

  it('has its settings described', async () => {
    const { body } = await door.call<{ name: string }[]>('GET', '/api/v1/connector-types')
    expect(body.map(({ name }) => name)).toEqual(expect.arrayContaining(['confluence', 'postgres', 'local']))
    const { body: type } = await door.call('GET', '/api/v1/connector-types/confluence')
    expect(type).toMatchObject({ schema: { required: ['url'], properties: { token: { writeOnly: true } } } })
    expect((await door.call('GET', '/api/v1/connector-types/none')).status).toBe(404)
  })
})

describe('a request', () => {
  it('has an id, its own if it brings one', async () => {
    const { headers, body } = await door.call<ErrorBody>('GET', '/api/v1/jobs/none', {
      headers: { 'x-request-id': 'mine-1' },
    })
    expect([headers.get('x-request-id'), body.request_id]).toEqual(['mine-1', 'mine-1'])
    const other = await door.call('GET', '/healthz', { headers: { 'x-request-id': 'not\tgood' } })
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('leaves an entry in the log, without its query', async () => {
    await door.call('GET', '/api/v1/jobs/?status=hunter2', { headers: { 'x-request-id': 'logged' } })
    await expect
      .poll(() => door.log.find(({ requestId }) => requestId === 'logged'))
      .toEqual({
        method: 'GET',
        route: '/api/v1/jobs/',
        status: 200,
        milliseconds: expect.any(Number),
        requestId: 'logged',
        keyId: expect.any(String),
      })
    expect(JSON.stringify(door.log)).not.toContain('hunter2')
  })

  it.each([
    ['{"name": ', 'request.not_json', 422],
    ['', 'request.invalid', 422],
    ['[]', 'request.invalid', 422],
    ['null', 'request.invalid', 422],
    [`{"name": "${'x'.repeat(1_100_000)}"}`, 'request.too_large', 413],
    [`{"config": ${'['.repeat(2000)}${']'.repeat(2000)}}`, 'request.too_deep', 422],
  ])('with a body that cannot be used is the caller’s mistake (%#)', async (text, code, status) => {
    const answer = await door.call<ErrorBody>('POST', '/api/v1/sources/', { body: text })
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })

  it('that is no HTTP is answered, and the server goes on', async () => {
    const { port, hostname } = new URL(door.url)
    const socket = connect(Number(port), hostname)
    socket.end('GET / nonsense\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 /)
    expect((await door.call('GET', '/healthz')).status).toBe(200)
  })
})
