import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectorTypeForm } from '../../src/platform/connector-types.ts'
import { createConnectors } from '../../src/platform/connectors.ts'
import type { Config, ConnectorRole, Connectors } from '../../src/platform/platform.ts'
import { createSecretBox, newSecretKey } from '../../src/platform/secret-box.ts'
import { createUrlGuard } from '../../src/platform/url-guard.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import type { Store } from '../../src/store/index.ts'
import type { Queue } from '../../src/store/queue.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()
const mask = '**********'
const cloud = {
  url: 'https://acme.atlassian.net',
  username: 'bot@acme.com',
  token: 'ATATT-1234',
  cloud: true,
}

let outputRoot: string
beforeAll(async () => {
  outputRoot = await realpath(await mkdtemp(join(tmpdir(), 'outflow-output-')))
  await mkdir(join(outputRoot, 'links'))
  await symlink('/etc', join(outputRoot, 'links', 'out'))
  await symlink('/nowhere/at/all', join(outputRoot, 'links', 'dangling'))
})
afterAll(() => rm(outputRoot, { recursive: true, force: true }))

onBothDatabases((newStore) => {
  let store: Store
  let queue: Queue
  let connectors: Connectors
  const work = (signal = AbortSignal.timeout(60_000)) => signal
  beforeAll(async () => {
    store = await newStore()
    queue = await store.openQueue({ supervise: false })
    connectors = createConnectors({
      ...{ store, queue, outputRoot },
      secrets: createSecretBox([newSecretKey()]),
      guard: createUrlGuard({ allowPrivate: true }),
    })
  })
  afterAll(() => queue.stop(1))

  const make = (config: Config, type = 'confluence', role: ConnectorRole = 'source', workspace = 'default') =>
    connectors.create(workspace, role, { name: 'Wiki', type, config })
  const settings = async (config: Config, type?: string, role?: ConnectorRole) =>
    (await connectors.settingsOf('default', (await make(config, type, role)).id)).settings
  const problems = async (promise: Promise<unknown>) => {
    const thrown: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(thrown).toMatchObject({ kind: 'config' })
    const { code, fields } = thrown as { code: string; fields: readonly { field: string; message: string }[] }
    return [code, ...fields.map(({ field }) => field)]
  }

  it('are echoed with defaults filled in and secrets masked', async () => {
    const made = await make({ ...cloud, token: ' ATATT-1234 ', password: '', spaces: null })
    expect(made).toMatchObject({ role: 'source', type: 'confluence', name: 'Wiki' })
    expect(made.config).toEqual({
      url: 'https://acme.atlassian.net',
      username: 'bot@acme.com',
      token: mask,
      cloud: true,
      max_num_of_spaces: 500,
      max_num_of_docs_from_each_space: 150,
      spaces: null,
      extract_images: false,
      extract_files: false,
    })
    expect(await connectors.get('default', 'source', made.id)).toEqual(made)
    expect(await connectors.list('default', 'source', { type: 'confluence' })).toContainEqual(made)
    expect(await connectors.list('default', 'source', { type: 'jira' })).toEqual([])
  })

  it('hold no secret in the database that can be read', async () => {
    await make({ ...cloud, token: 'very-secret-token' })
    const rows = await store.records.tables
      .withSchema('outflow')
      .selectFrom('connectors')
      .selectAll()
      .execute()
    const all = rows.map((row) => JSON.stringify(row) + Buffer.from(row.secrets ?? []).toString('latin1'))
    expect(all.join()).not.toContain('very-secret-token')
  })

  it('take what curl sends: words for booleans and numbers, lists with commas', async () => {
    const made = await make({
      ...cloud,
      cloud: 'true',
      extract_images: 'false',
      max_num_of_spaces: '10',
      max_num_of_docs_from_each_space: ' 20 ',
      spaces: 'HR, LEGAL',
    })
    expect(made.config).toMatchObject({
      cloud: true,
      extract_images: false,
      max_num_of_spaces: 10,
      max_num_of_docs_from_each_space: 20,
      spaces: ['HR', 'LEGAL'],
    })
  })

  it.each<[string, Config, Config]>([
    ['an API token', cloud, { username: 'bot@acme.com', api_token: 'ATATT-1234', cloud: true }],
    [
      'an API token under its own name',
      { url: 'https://acme.atlassian.net', username: 'u', api_token: 't' },
      { username: 'u', api_token: 't' },
    ],
    [
      'an API token of a Cloud address that nobody calls one',
      { ...cloud, cloud: false },
      { username: 'bot@acme.com', api_token: 'ATATT-1234' },
    ],
    [
      'a personal access token',
      { url: 'https://wiki.acme.com', token: 'pat', cloud: false },
      { token: 'pat', cloud: false },
    ],
    [
      'a personal access token with a user name, which it does not need',
      { url: 'https://wiki.acme.com', username: 'bot', token: 'pat', cloud: 'false' },
      { token: 'pat', cloud: false },
    ],
    [
      'a password',
      { url: 'wiki.acme.com', username: 'bot', password: 'pw', cloud: false },
      { username: 'bot', password: 'pw', cloud: false },
    ],
    [
      'an OAuth token',
      { url: 'https://acme.atlassian.net', oauth_token: 'o', cloud: true, cloud_id: '1' },
      { token: 'o', cloud: true, cloud_id: '1' },
    ],
  ])('sign in with %s', async (_, config, expected) => {
    const { url, ...rest } = await settings(config)
    expect(url).toBe(config.url)
    const { oauth_token: __, ...others } = rest
    expect(others).toEqual(expected)
  })

  it.each<[Config, ...string[]]>([
    [{}, 'config.url'],
    [{ url: 'https://wiki.acme.com' }, 'config.token'],
    [{ ...cloud, max_num_of_spaces: 'many' }, 'config.max_num_of_spaces'],
    [{ ...cloud, spaces: [1] }, 'config.spaces'],
    [{ ...cloud, password: 'x' }, 'config.token'],
    [{ ...cloud, token: 5 }, 'config.token'],
    [{ ...cloud, token: mask }, 'config.token'],
    [{ ...cloud, token: 'env:OUTFLOW_SECRET_KEY' }, 'config.token'],
    [{ ...cloud, token: 'file:/etc/passwd' }, 'config.token'],
    [{ ...cloud, ca_file: '/etc/passwd' }, 'config.ca_file'],
    [{ ...cloud, refresh_token: 'r' }, 'config.refresh_token'],
    [{ ...cloud, max_spaces: 5, tokn: 'x' }, 'config.max_spaces', 'config.tokn'],
    [JSON.parse('{"__proto__": {"url": "x"}, "constructor": 1}'), 'config.__proto__', 'config.constructor'],
    [{ url: 'https://wiki.acme.com', username: 'u', password: 'p', cloud: true }, 'config.password'],
  ])('are refused by name: %j', async (config, ...fields) => {
    expect(await problems(make(config))).toEqual(['settings.invalid', ...fields])
  })

  it('of unknown names tell the nearest', async () => {
    await expect(make({ ...cloud, max_num_of_space: 5 })).rejects.toThrow(/did you mean max_num_of_spaces\?/)
  })

  it('with nothing where a name would be unknown are taken', async () => {
    expect((await make({ ...cloud, whatever: null })).config).not.toHaveProperty('whatever')
  })

  it('of a type that is not built are refused in the words of the contract', async () => {
    await expect(make({}, 'motherduck', 'destination')).rejects.toMatchObject({
      kind: 'config',
      code: 'connector.type_unknown',
      message: 'Destination Connector type motherduck not supported',
    })
    await expect(make({}, 'postgres', 'source')).rejects.toMatchObject({ code: 'connector.type_unknown' })
  })

  it.each([
    'ftp://wiki.acme.com',
    'https://user:pw@wiki.acme.com',
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
  ])('do not call %s', async (url) => {
    const thrown = await make({ ...cloud, url }).catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ code: 'url.refused', fields: [{ field: 'config.url' }] })
    expect(inspect(thrown)).not.toContain('pw@')
  })

  it('are updated whole; a mask keeps its secret', async () => {
    const { id } = await make({ ...cloud, spaces: ['HR'] })
    const updated = await connectors.update('default', 'source', id, { ...cloud, token: mask })
    expect(updated.updatedAt).toBeInstanceOf(Date)
    expect(updated.config).toMatchObject({ token: mask, spaces: null })
    expect((await connectors.settingsOf('default', id)).settings).toMatchObject({ api_token: 'ATATT-1234' })
    await connectors.update('default', 'source', id, { ...cloud, token: 'new' })
    expect((await connectors.settingsOf('default', id)).settings).toMatchObject({ api_token: 'new' })
  })

  it('take back what they answered', async () => {
    for (const config of [cloud, { url: 'https://wiki.acme.com', token: 'pat' }]) {
      const { id, config: shown } = await make(config)
      const before = (await connectors.settingsOf('default', id)).settings
      const again = await connectors.update('default', 'source', id, shown)
      expect(again.config).toEqual(shown)
      expect((await connectors.settingsOf('default', id)).settings).toMatchObject({
        ...before,
        ...('cloud' in before ? {} : { cloud: false }),
      })
    }
  })

  it.each([
    { url: 'https://evil.example' },
    { gateway_url: 'https://evil.example' },
    { proxy: 'http://evil.example' },
  ])('never send a stored secret elsewhere: %j', async (change) => {
    const { id } = await make(cloud)
    const update = (config: Config) => connectors.update('default', 'source', id, { ...cloud, ...config })
    expect(await problems(update({ token: mask, ...change }))).toEqual([
      'connector.secret_needed',
      'config.token',
    ])
    expect((await connectors.settingsOf('default', id)).settings).toMatchObject({ url: cloud.url })
    await update(change)
  })

  it('of one workspace are not there for another', async () => {
    const { id } = await make({ ...cloud })
    const calls = [
      () => connectors.get('other', 'source', id),
      () => connectors.get('default', 'destination', id),
      () => connectors.update('other', 'source', id, cloud),
      () => connectors.delete('other', 'source', id),
      () => connectors.check('other', 'source', id),
      () => connectors.lastCheck('other', 'source', id),
      () => connectors.settingsOf('other', id),
      () => connectors.get('default', 'source', 'nobody\0'),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'connector.not_found' })
    expect(await connectors.list('other', 'source')).toEqual([])
  })

  it('may have a key, which one other may not have', async () => {
    const keyed = (key: string, role: ConnectorRole = 'source') =>
      connectors.create('keyed', role, { name: 'Wiki', type: 'confluence', config: cloud, key })
    const made = await keyed('team-wiki')
    expect(await connectors.get('keyed', 'source', 'team-wiki')).toEqual(made)
    expect(await problems(keyed('team-wiki'))).toEqual(['connector.key_taken', 'key'])
    expect(await problems(keyed('Team Wiki'))).toEqual(['settings.invalid', 'key'])
  })

  it('are deleted unless a workflow uses them', async () => {
    const [free, used] = [await make(cloud), await make(cloud)]
    await store.records.workflows.insert({
      ...{ id: 'w', workspace: 'default', name: 'Nightly', workflowType: 'custom', state: 'active' },
      ...{ sources: [used.id], destinations: [], nodes: [], reprocessAll: false, ephemeral: false },
    })
    await connectors.delete('default', 'source', free.id)
    await expect(connectors.get('default', 'source', free.id)).rejects.toMatchObject({ kind: 'missing' })
    await expect(connectors.delete('default', 'source', used.id)).rejects.toMatchObject({
      code: 'connector.in_use',
      message: expect.stringContaining('"Nightly"'),
    })
    await store.records.workflows.markDeleted('w')
    await connectors.delete('default', 'source', used.id)
  })

  describe('postgres', () => {
    const parts = { host: 'db.acme.com', database: 'wiki', username: 'me', password: 'pw', port: '5433' }
    const open = (config: Config) => settings(config, 'postgres', 'destination')

    it('is opened with its parts, or its address', async () => {
      expect(await open({ ...parts, table_name: 'elements', batch_size: 100 })).toEqual({
        ...{ ...parts, port: 5433, table_name: 'elements', batch_size: 100 },
      })
      expect(await open({ url: 'postgres://me:pw@db.acme.com/wiki' })).toMatchObject({
        url: 'postgres://me:pw@db.acme.com/wiki',
      })
      const { config } = await make({ url: 'postgres://me:pw@db.acme.com/wiki' }, 'postgres', 'destination')
      expect(config).toEqual({ url: mask, port: 5432, table_name: 'elements', batch_size: 100 })
    })

    it.each<[Config, ...string[]]>([
      [{ ...parts, password: undefined }, 'config.password'],
      [{ ...parts, host: '/var/run/postgresql' }, 'config.host'],
      [{ ...parts, ca_file: '/etc/passwd' }, 'config.ca_file'],
      [{ url: 'postgres://me@db.acme.com/wiki' }, 'config.url'],
      [{ url: 'postgres://me:pw@x/wiki?host=/var/run/postgresql' }, 'config.url'],
      [{ url: 'postgres://me:pw@x/wiki?sslrootcert=/etc/passwd' }, 'config.url'],
      [{ ...parts, port: 'x' }, 'config.port'],
    ])('signs in as whom it was told, never as this server: %j', async (config, ...fields) => {
      expect(await problems(open(config))).toEqual(['settings.invalid', ...fields])
    })
  })

  describe('local', () => {
    const open = (output_dir: string) => settings({ output_dir }, 'local', 'destination')

    it('writes below the folder for output, wherever the path leads from', async () => {
      expect(await open('wiki')).toEqual({ output_dir: join(outputRoot, 'wiki') })
      expect(await open(join(outputRoot, 'a', 'b'))).toEqual({ output_dir: join(outputRoot, 'a', 'b') })
      const { config } = await make({ output_dir: 'wiki' }, 'local', 'destination')
      expect(config).toEqual({ output_dir: 'wiki', format: 'json' })
    })

    it('writes nowhere else', async () => {
      const outside = [
        '..',
        '../x',
        '/etc',
        '.',
        'a/../..',
        'links/out',
        'links/out/deep',
        'links/dangling/x',
      ]
      for (const folder of [...outside, 'workspaces', 'workspaces/acme/x', 'x'.repeat(300), 'nul\0'])
        expect(await problems(open(folder)), folder).toEqual([
          'connector.folder_refused',
          'config.output_dir',
        ])
    })

    it('of another workspace is apart', async () => {
      const { id } = await make({ output_dir: 'wiki' }, 'local', 'destination', 'acme')
      expect((await connectors.settingsOf('acme', id)).settings).toEqual({
        output_dir: join(outputRoot, 'workspaces', 'acme', 'wiki'),
      })
      const up = make({ output_dir: '../../wiki' }, 'local', 'destination', 'acme')
      expect(await problems(up)).toEqual(['connector.folder_refused', 'config.output_dir'])
    })

    it('is none where there is no folder for output', async () => {
      const bare = createConnectors({
        ...{ store, queue },
        secrets: createSecretBox([newSecretKey()]),
        guard: createUrlGuard({ allowPrivate: true }),
      })
      const made = bare.create('default', 'destination', {
        name: 'x',
        type: 'local',
        config: { output_dir: 'x' },
      })
      expect(await problems(made)).toEqual(['connector.folder_refused', 'config.output_dir'])
    })
  })

  describe('a check', () => {
    let sandbox: Sandbox
    beforeAll(async () => {
      sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
    })
    afterAll(() => sandbox.close())

    // Before there is a worker, who would do it.
    it('that a worker is stopped in stays to be done', async () => {
      const { id } = await make(cloud)
      const check = await connectors.check('default', 'source', id)
      await expect(connectors.performCheck(check.id, AbortSignal.abort(new Error('stop')))).rejects.toThrow(
        'stop',
      )
      expect(await connectors.lastCheck('default', 'source', id)).toMatchObject({ status: 'SCHEDULED' })
    })

    it('that was lost on the way is put there again, and one that nobody finishes has failed', async () => {
      const { id } = await make({ url: 'http://127.0.0.1:1', token: 'pat', cloud: false })
      const check = await store.transaction(async ({ connectionChecks, connectors: rows }) => {
        const { id: connector } = (await rows.find({ workspace: 'default', role: 'source' }, id))!
        return connectionChecks.add(randomUUID(), connector)
      })
      await connectors.reviveChecks()
      await connectors.reviveChecks()
      expect(await queue.pending('check', { check: check.id })).toHaveLength(1)
      await connectors.giveUpCheck(check.id)
      expect(await connectors.lastCheck('default', 'source', id)).toMatchObject({
        status: 'FAILURE',
        reason: expect.stringContaining('ended each time'),
      })
    })

    it('is put on its way, done by a worker, and reported', async () => {
      const { username, api_token } = sandbox.credentials
      const { id } = await make({ url: sandbox.url, username, token: api_token, cloud: true })
      await expect(connectors.lastCheck('default', 'source', id)).rejects.toMatchObject({
        kind: 'missing',
        code: 'connector.never_checked',
      })
      const check = await connectors.check('default', 'source', id)
      expect(check).toEqual({ id: expect.any(String), status: 'SCHEDULED', createdAt: expect.any(Date) })
      expect(await connectors.lastCheck('default', 'source', id)).toEqual(check)
      await queue.work('check', 1, async (task) => connectors.performCheck(task.data.check, work()))
      await expect
        .poll(async () => (await connectors.lastCheck('default', 'source', id)).status, { timeout: 20_000 })
        .toBe('SUCCESS')
      const done = await connectors.lastCheck('default', 'source', id)
      expect(done).toMatchObject({ id: check.id, reportedAt: expect.any(Date) })
      expect(done.probes?.map(({ name }) => name)).toContain('sign-in')
      expect(done).not.toHaveProperty('reason')
    })

    const checked = async (config: Config, type?: string, role: ConnectorRole = 'source') => {
      const { id } = await make(config, type, role)
      const check = await connectors.check('default', role, id)
      await connectors.performCheck(check.id, work())
      return connectors.lastCheck('default', role, id)
    }

    it('that fails says what to do, and tells no secret', async () => {
      const { username } = sandbox.credentials
      const failed = await checked({ url: sandbox.url, username, token: 'wrong-token-1', cloud: true })
      expect(failed).toMatchObject({ status: 'FAILURE', reason: expect.stringMatching(/sign.?in/i) })
      expect(JSON.stringify(failed)).not.toContain('wrong-token-1')
    })

    it('of nobody who listens fails', async () => {
      const failed = await checked({ url: 'http://127.0.0.1:1', token: 'pat', cloud: false })
      expect(failed).toMatchObject({ status: 'FAILURE', reason: expect.any(String) })
    })

    it('of a destination opens it', async () => {
      expect(await checked({ output_dir: 'checked' }, 'local', 'destination')).toMatchObject({
        status: 'SUCCESS',
        probes: [{ name: 'open', verdict: 'passed' }],
      })
      const parts = { host: '127.0.0.1', port: 1, database: 'x', username: 'x', password: 'sesame-street' }
      const failed = await checked(parts, 'postgres', 'destination')
      expect(failed.status).toBe('FAILURE')
      expect(JSON.stringify(failed)).not.toContain('sesame-street')
    })

    it('of settings that work no more is a failure, not a bug', async () => {
      const { id } = await make({ output_dir: 'moved' }, 'local', 'destination')
      const check = await connectors.check('default', 'destination', id)
      await symlink('/etc', join(outputRoot, 'moved')).catch(() => undefined)
      await connectors.performCheck(check.id, work())
      expect(await connectors.lastCheck('default', 'destination', id)).toMatchObject({
        status: 'FAILURE',
        reason: expect.stringContaining('leads out of'),
      })
      await rm(join(outputRoot, 'moved'))
    })
  })
}, server)

describe('the form of a type', () => {
  it('comes from the connector’s own declaration, under the names of the API', async () => {
    const { title, role, schema } = await connectorTypeForm('confluence')
    expect({ title, role }).toEqual({ title: 'Confluence', role: 'source' })
    expect(schema).toMatchObject({
      required: ['url'],
      properties: {
        url: { type: 'string', description: expect.any(String) },
        token: { writeOnly: true, format: 'password' },
        oauth_token: { writeOnly: true, format: 'password' },
        max_num_of_spaces: { default: 500 },
        concurrency: { 'x-advanced': true },
      },
    })
    expect(schema.properties).not.toHaveProperty('ca_file')
    await expect(connectorTypeForm('jira')).rejects.toMatchObject({ kind: 'missing' })
  })
})
