import { cp } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Leftover } from '../../src/model/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openStore, type StatePlace } from '../../src/store/index.ts'
import { createLedger } from '../../src/store/ledger.ts'
import { lockSteps, migrate, stepNames, takeSteps } from '../../src/store/migrations.ts'
import { openServer } from '../../src/store/server.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { start } from './children.ts'
import { batchesOf, entries, entry } from './entries.ts'
import { newPath } from './folders.ts'

const server = await startPostgres()
const clients: Client[] = []
const opened: Database[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()))
  await Promise.all(opened.splice(0).map((database) => database.close()))
})
afterAll(() => server?.stop())

const opener = new URL('./opener.ts', import.meta.url)
const writer = new URL('./writer.ts', import.meta.url)

/** More with `OUTFLOW_TEST_KILLS`. */
const kills = Number(process.env.OUTFLOW_TEST_KILLS ?? 10)

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  clients.push(client)
  return client
}

async function namesIn(client: Client, query: string): Promise<readonly string[]> {
  return (await client.query<{ name: string }>(query)).rows.map(({ name }) => name)
}

const steps = (client: Client) => namesIn(client, 'select name from outflow.migrations order by name')
const tables = (client: Client) =>
  namesIn(client, `select tablename as name from pg_tables where schemaname = 'outflow' order by 1`)

/** Eight processes that do the same at the same time. @returns what each said last */
async function eightAtOnce(databaseUrl: string, ...args: string[]): Promise<readonly (string | undefined)[]> {
  const children = Array.from({ length: 8 }, () => start(opener, databaseUrl, ...args))
  for (const child of children) expect(await child.line()).toBe('ready')
  for (const child of children) child.tell('go')
  const said = await Promise.all(children.map((child) => child.line()))
  for (const child of children) child.tell('go')
  await Promise.all(children.map((child) => child.line()))
  return said
}

const allOpen = Array.from({ length: 8 }, () => 'open')

describe.skipIf(!server)(`on a server${server ? '' : ` ${noPostgres}`}`, () => {
  it('eight processes that start at the same time take each step once', async () => {
    for (let round = 0; round < 3; round++) {
      const databaseUrl = await server!.newDatabase()
      expect(await eightAtOnce(databaseUrl)).toEqual(allOpen)
      expect(await steps(await connect(databaseUrl))).toEqual(stepNames)
    }
  }, 60_000)

  it('eight processes that start at the same time make the queues once', async () => {
    const databaseUrl = await server!.newDatabase()
    expect(await eightAtOnce(databaseUrl, 'queue')).toEqual(allOpen)
    const client = await connect(databaseUrl)
    expect((await client.query('select count(*)::integer as sent from outflow_queue.job')).rows).toEqual([
      { sent: 8 },
    ])
  }, 60_000)

  it(
    `a process that is killed in the middle leaves nothing half done and no lock, ${kills} times`,
    async () => {
      let undone = 0
      for (let round = 0; round < kills; round++) {
        const databaseUrl = await server!.newDatabase()
        const client = await connect(databaseUrl)
        await slowDown(client)
        const child = start(opener, databaseUrl)
        expect(await child.line()).toBe('ready')
        child.tell('go')
        await untilLocked(client)
        // In turn: among the first steps, and anywhere up to their end or behind it.
        await setTimeout(Math.random() * (round % 2 === 0 ? 100 : 1500))
        await child.kill()
        const found = await tables(client)
        if (found.length === 0) undone++
        else expect(await steps(client)).toEqual(stepNames)
        // Whoever comes next waits for nobody.
        const before = performance.now()
        await using store = await openStore({ databaseUrl })
        await store.ledger.record('wiki', [entry(1)])
        expect(performance.now() - before).toBeLessThan(10_000)
        expect(await steps(client)).toEqual(stepNames)
      }
      expect(undone).toBeGreaterThan(kills / 3)
    },
    60_000 + kills * 10_000,
  )

  it('a step that fails takes the ones before it along', async () => {
    const databaseUrl = await server!.newDatabase()
    const client = await connect(databaseUrl)
    await client.query('create schema outflow; create table outflow.notifications (mine integer)')
    await expect(openStore({ databaseUrl })).rejects.toMatchObject({
      ...{ code: 'state.refused', message: expect.stringContaining('"notifications" already exists') },
    })
    expect(await tables(client)).toEqual(['notifications'])
    await client.query('drop table outflow.notifications')
    await using _ = await openStore({ databaseUrl })
  })

  it('whoever waits while a newer Outflow takes its steps is refused', async () => {
    const databaseUrl = await server!.newDatabase()
    const newer = await open({ databaseUrl })
    let opening: Promise<unknown> | undefined
    await newer.tables.transaction().execute(async (transaction) => {
      await lockSteps(transaction)
      await takeSteps(transaction)
      await sql`insert into outflow.migrations values ('900-later', '')`.execute(transaction)
      // Sees no table yet, and waits for its turn to make them.
      opening = openStore({ databaseUrl }).catch((thrown: unknown) => thrown)
      await setTimeout(300)
    })
    expect(await opening).toMatchObject({
      ...{ kind: 'config', code: 'state.newer', message: expect.stringContaining('900-later') },
    })
    expect(await steps(await connect(databaseUrl))).toEqual([...stepNames, '900-later'])
  })

  it('whoever has waited long enough is told', async () => {
    const databaseUrl = await server!.newDatabase()
    const holder = await open({ databaseUrl })
    const late = await open({ databaseUrl })
    await holder.tables.transaction().execute(async (transaction) => {
      await lockSteps(transaction)
      const thrown: unknown = await migrate(late.tables, { patience: 200 }).catch((reason: unknown) => reason)
      expect(late.explain(thrown)).toMatchObject({ kind: 'transient', code: 'state.locked' })
    })
    expect(await migrate(late.tables, { patience: 200 })).toEqual({})
  })

  it('a user who may make no schemas is told which are needed, and goes on when they are there', async () => {
    const databaseUrl = await server!.newDatabase()
    const client = await connect(databaseUrl)
    await client.query(`create role poor login password 'poor'`)
    const his = Object.assign(new URL(databaseUrl), { username: 'poor', password: 'poor' }).href
    const refusal = {
      ...{ kind: 'config', code: 'state.no_right' },
      fix: expect.stringContaining('create schema outflow_queue authorization'),
    }
    await expect(openStore({ databaseUrl: his })).rejects.toMatchObject(refusal)
    await client.query('create schema outflow authorization poor')
    await using store = await openStore({ databaseUrl: his })
    await expect(store.openQueue()).rejects.toMatchObject(refusal)
    await client.query('create schema outflow_queue authorization poor')
    const queue = await store.openQueue()
    await queue.send('check', { check: '1' })
    await queue.stop(1)
  })

  it('tables of the first step become those of today with all that is in them', async () => {
    const place = { databaseUrl: await server!.newDatabase() }
    await firstStep(await open(place))
    await verify(place)
  })

  it('eight processes that start on tables of the first step', async () => {
    const databaseUrl = await server!.newDatabase()
    await firstStep(await open({ databaseUrl }))
    expect(await eightAtOnce(databaseUrl)).toEqual(allOpen)
    await verify({ databaseUrl })
  }, 60_000)
})

describe('in a folder', () => {
  let template: string
  beforeAll(async () => {
    template = await newPath()
    const database = await openEmbedded(template, 'outflow test')
    await firstStep(database)
    await database.close()
  }, 60_000)

  const copy = async () => {
    const stateDir = await newPath()
    await cp(template, stateDir, { recursive: true })
    return { stateDir }
  }

  it('tables of the first step become those of today with all that is in them', async () => {
    await verify(await copy())
  })

  it(
    `a process that is killed while it changes them loses nothing, ${Math.ceil(kills / 2)} times`,
    async () => {
      for (let round = 0; round < kills / 2; round++) {
        const place = await copy()
        const child = start(writer, place.stateDir, '1')
        expect(await child.line()).toBe('started')
        await setTimeout(200 + Math.random() * 1000)
        await child.kill()
        await verify(place)
      }
    },
    60_000 + kills * 10_000,
  )

  it('tables of a newer Outflow are left alone', async () => {
    const place = await copy()
    const database = await openEmbedded(place.stateDir, 'outflow test')
    await sql`insert into outflow.migrations values ('900-later', '')`.execute(database.tables)
    await database.close()
    await expect(openStore(place)).rejects.toMatchObject({ kind: 'config', code: 'state.newer' })
    const again = await openEmbedded(place.stateDir, 'outflow test')
    opened.push(again)
    const { rows } = await sql`select name from outflow.migrations order by name`.execute(again.tables)
    expect(rows).toEqual([{ name: '001-ledger' }, { name: '900-later' }])
    await expect(sql`select from outflow.runs`.execute(again.tables)).rejects.toThrow('does not exist')
  })
})

async function open({ databaseUrl }: { readonly databaseUrl: string }): Promise<Database> {
  const database = await openServer(databaseUrl)
  opened.push(database)
  return database
}

const old = entries(300)
const leftover: Leftover = {
  ...{ documentId: 'half done', contentDigest: 'c', recipe: 'r' },
  stage: 'embed',
  elements: new Uint8Array([0, 1, 255]),
}

/** A ledger as the first Outflow left it. */
async function firstStep(database: Database): Promise<void> {
  await migrate(database.tables, { upTo: '001-ledger' })
  const ledger = createLedger(database)
  await ledger.record('old', old)
  await ledger.keep('old', [leftover])
  for (const id of ['first', 'second'])
    await sql`
      insert into outflow.jobs (workflow, id, started_at, recipe, finished)
      values ('old', ${id}, '2026-11-01T10:00:00Z', 'r', '{"outcome":"finished"}')`.execute(database.tables)
}

/** Opened by today's Outflow, it remembers all of that. */
async function verify(place: StatePlace): Promise<void> {
  await using store = await openStore(place)
  const { ledger } = store
  expect((await batchesOf(ledger, 'old')).flat()).toEqual(old)
  expect(await ledger.leftover('old', 'half done')).toEqual(leftover)
  expect(await ledger.lastJob('old')).toEqual({
    ...{ id: 'second', startedAt: new Date('2026-11-01T10:00:00Z'), recipe: 'r' },
    finished: { outcome: 'finished' },
  })
  await ledger.recordJob('old', { id: 'third', startedAt: new Date('2026-11-01T10:00:00Z'), recipe: 'r' })
  expect((await ledger.lastJob('old'))?.id).toBe('third')
}

/** Every table takes 20 ms to be made, so that there is a middle to be killed in. */
async function slowDown(client: Client): Promise<void> {
  await client.query(`
    create function slow() returns event_trigger language plpgsql as $$ begin perform pg_sleep(0.05); end $$;
    create event trigger slow on ddl_command_end when tag in ('CREATE TABLE') execute function slow()`)
}

/** Until somebody is taking steps. */
async function untilLocked(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(`
      select from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())`)
    if (rows.length > 0) return
    await setTimeout(5)
  }
}
