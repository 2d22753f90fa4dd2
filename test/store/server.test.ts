import { inspect } from 'node:util'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { batchesOf, entries, entry } from './entries.ts'
import { wireTo } from './wire.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const secret = 'correct-horse'

/** It fails so, and gives the password away nowhere. */
async function refused(databaseUrl: string, kind: string, code: string, message: RegExp): Promise<void> {
  const thrown: unknown = await openStore({ databaseUrl }).catch((reason: unknown) => reason)
  expect(thrown).toMatchObject({ name: 'OutflowError', kind, code, message: expect.stringMatching(message) })
  expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(secret)
}

/** The same address with other parts. */
function address(
  databaseUrl: string,
  parts: Partial<Pick<URL, 'username' | 'password' | 'host' | 'pathname'>>,
) {
  return Object.assign(new URL(databaseUrl), { password: secret, ...parts }).href
}

async function tell(databaseUrl: string, ...statements: readonly string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const answers: unknown[] = []
  for (const statement of statements) answers.push((await client.query(statement)).rows)
  await client.end()
  return answers
}

describe('DATABASE_URL', () => {
  it.each(['', 'wiki', `mysql://root:${secret}@localhost/wiki`, `postgres://u:${secret}@:port/x`])(
    'that is no address of PostgreSQL (%s) is refused',
    (url) => refused(url, 'config', 'state.database_url', /is not the address/),
  )

  it('where nobody listens, or that has no such host: says so', async () => {
    const nobody = `postgres://postgres:${secret}@127.0.0.1:1/wiki`
    await refused(nobody, 'transient', 'state.database_unreachable', /127\.0\.0\.1:1\/wiki cannot be reached/)
    const nowhere = `postgres://postgres:${secret}@nowhere.invalid/wiki`
    await refused(
      nowhere,
      expect.anything(),
      expect.stringMatching(/unknown|unreachable/),
      /nowhere\.invalid/,
    )
  })
})

describe.skipIf(!server)(`a PostgreSQL server${server ? '' : ` ${noPostgres}`}`, () => {
  let url: string
  beforeAll(async () => {
    url = await server!.newDatabase()
    await tell(
      url,
      `create role reader login password '${secret}'`,
      `create role owner login password '${secret}'`,
      'create database latin encoding LATIN1 template template0',
    )
  })

  it('that refuses the sign-in', async () => {
    await refused(address(url, {}), 'credentials', 'state.sign_in_rejected', /refuses the sign-in/)
    await refused(address(url, { username: 'nobody' }), 'credentials', 'state.sign_in_rejected', /./)
  })

  it('without that database', () =>
    refused(
      address(url, { username: 'owner', pathname: '/none' }),
      'config',
      'state.database_unknown',
      /none/,
    ))

  it('that lets this user do nothing; then an administrator does what the error says', async () => {
    await refused(address(url, { username: 'reader' }), 'config', 'state.no_right', /permission denied/)
    await tell(url, 'create schema outflow authorization owner')
    await using store = await openStore({ databaseUrl: address(url, { username: 'owner' }) })
    await store.ledger.record('wiki', [entry(1)])
    await refused(address(url, { username: 'reader' }), 'config', 'state.no_right', /permission denied/)
  })

  it('that keeps text in another encoding', () =>
    refused(
      address(url, { username: 'owner', pathname: '/latin' }),
      'config',
      'state.encoding',
      /keeps text as LATIN1/,
    ))

  it('that only reads', async () => {
    const standby = await server!.newDatabase()
    const name = new URL(standby).pathname.slice(1)
    await tell(standby, `alter database ${name} set default_transaction_read_only = on`)
    await refused(standby, 'config', 'state.not_writable', /read-only/)
  })

  it('older than 15: nothing is made there', async () => {
    const databaseUrl = await server!.newDatabase()
    const [rows] = await tell(databaseUrl, `select current_setting('server_version_num') as version`)
    const [{ version }] = rows as [{ version: string }]
    await using wire = await wireTo(server!.port, (sent) =>
      Buffer.from(sent.toString('latin1').replaceAll(version, `14${version.slice(2)}`), 'latin1'),
    )
    await refused(
      wire.through(databaseUrl),
      'config',
      'state.server_too_old',
      /on PostgreSQL 14; at least 15/,
    )
    const [found] = await tell(databaseUrl, `select 1 from pg_namespace where nspname = 'outflow'`)
    expect(found).toEqual([])
  })

  it('whose connections break: the call fails as transient, nothing half is left, and the next call goes through', async () => {
    const databaseUrl = await server!.newDatabase()
    await using wire = await wireTo(server!.port)
    await using store = await openStore({ databaseUrl: wire.through(databaseUrl) })
    await store.ledger.record('wiki', [entry(1)])
    wire.cut()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const recording = store.ledger.record('wiki', entries(20_000, { version: '2' }))
    setTimeout(wire.cut, 100)
    await expect(recording).rejects.toMatchObject({ kind: 'transient', code: 'state.database_unreachable' })
    expect((await batchesOf(store.ledger, 'wiki')).flat()).toEqual([entry(1)])
    await store.ledger.record('wiki', [entry(2)])
  })

  it('that many open at the same time: its tables are made once', async () => {
    const databaseUrl = await server!.newDatabase()
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore({ databaseUrl })))
    await Promise.all(stores.map(({ ledger }, at) => ledger.record(`wiki ${at}`, [entry(at)])))
    expect(await stores[0]!.ledger.find({ objectId: '100007' })).toHaveLength(1)
    await Promise.all(stores.map((store) => store.close()))
    const [schemas] = await tell(
      databaseUrl,
      `select distinct table_schema as schema from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    )
    expect(schemas).toEqual([{ schema: 'outflow' }])
  })

  it('with tables of a newer Outflow is left alone', async () => {
    const databaseUrl = await server!.newDatabase()
    await (await openStore({ databaseUrl })).close()
    await tell(databaseUrl, `insert into outflow.migrations values ('900-from-the-future', '')`)
    await refused(databaseUrl, 'config', 'state.newer', /900-from-the-future/)
  })
})
