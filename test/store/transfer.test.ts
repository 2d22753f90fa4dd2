import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/index.ts'
import { createLedger } from '../../src/store/ledger.ts'
import { migrate } from '../../src/store/migrations.ts'
import { openServer } from '../../src/store/server.ts'
import { exportState } from '../../src/store/transfer/export.ts'
import { Tally } from '../../src/store/transfer/format.ts'
import { importState } from '../../src/store/transfer/import.ts'
import { verifyExport } from '../../src/store/transfer/read.ts'
import { tableShapes } from '../../src/store/transfer/tables.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { batchesOf, entries, entry } from './entries.ts'
import { everything, fillEverything } from './everything.ts'
import { needsMounting, newPath, onSmallDisk, usedState } from './folders.ts'

const { signal } = new AbortController()
const server = await startPostgres()
const root = await mkdtemp(join(tmpdir(), 'outflow-export-'))
const opened: Database[] = []
const closeAll = () => Promise.all(opened.splice(0).map((database) => database.close()))
afterEach(closeAll)
afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
})

const newFile = () => join(root, `${randomUUID()}.export`)

async function open(
  place: { readonly stateDir: string } | { readonly databaseUrl: string },
): Promise<Database> {
  const database =
    'stateDir' in place
      ? await openEmbedded(place.stateDir, 'outflow test')
      : await openServer(place.databaseUrl)
  opened.push(database)
  await migrate(database.tables)
  return database
}

/** A state that nothing was ever written to, on whatever is at hand. */
const emptyState = async () =>
  open(server ? { databaseUrl: await server.newDatabase() } : { stateDir: await newPath() })

async function exported(database: Database): Promise<string> {
  const file = newFile()
  await exportState(database, file, { signal })
  return file
}

const linesIn = async (file: string) =>
  gunzipSync(await readFile(file))
    .toString('utf8')
    .split('\n')

/** All that has to be the same in two exports of one state. */
async function lasting(file: string): Promise<readonly string[]> {
  const [header, ...rest] = await linesIn(file)
  return [JSON.stringify({ ...JSON.parse(header!), exportedAt: undefined }), ...rest]
}

/** The same export with other lines; the last one is made to fit, if asked for. */
async function edited(
  file: string,
  edit: (lines: string[]) => readonly string[],
  { fit = false } = {},
): Promise<string> {
  const lines = edit((await linesIn(file)).slice(0, -1))
  const copy = newFile()
  const rows = lines.slice(1, -1)
  const tally = new Tally(fit ? Object.keys(JSON.parse(lines[0]!).tables) : [])
  if (fit) for (const row of rows) tally.add(JSON.parse(row)[0], 1, `${row}\n`)
  const all = fit ? [lines[0], ...rows, JSON.stringify(tally.close())] : lines
  await writeFile(copy, gzipSync(`${all.join('\n')}\n`))
  return copy
}

const take = (database: Database, file: string, replace = false) =>
  importState(database, file, { signal, replace })

describe.skipIf(!server)(`from a folder to a server and back${server ? '' : ` ${noPostgres}`}`, () => {
  it('every value of every table arrives, and exports of the same state are the same', async () => {
    const folder = await open({ stateDir: await usedState() })
    const rows = await fillEverything(folder)
    const original = await everything(folder)
    expect([...original.values()].every((found) => found.size >= rows)).toBe(true)
    const first = await exported(folder)

    const onServer = await open({ databaseUrl: await server!.newDatabase() })
    expect((await take(onServer, first)).rows.jobs).toBe(rows)
    expect(await everything(onServer)).toEqual(original)
    const second = await exported(onServer)
    expect(await lasting(second)).toEqual(await lasting(first))

    await folder.close()
    const back = await open({ stateDir: await newPath() })
    await take(back, second)
    expect(await everything(back)).toEqual(original)
    expect(await lasting(await exported(back))).toEqual(await lasting(first))
  }, 120_000)

  it('whatever a server is set to: time zone, number of digits, order of words', async () => {
    const plain = await open({ databaseUrl: await server!.newDatabase() })
    await fillEverything(plain)
    const databaseUrl = await server!.newDatabase()
    const name = new URL(databaseUrl).pathname.slice(1)
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    for (const setting of [
      `timezone = 'America/St_Johns'`,
      `datestyle = 'SQL, DMY'`,
      'extra_float_digits = -3',
      `bytea_output = 'escape'`,
      `intervalstyle = 'iso_8601'`,
    ])
      await client.query(`alter database ${name} set ${setting}`)
    await client.end()
    const strange = await open({ databaseUrl })
    const file = await exported(plain)
    await take(strange, file)
    expect(await lasting(await exported(strange))).toEqual(await lasting(file))
  })

  it('it shows one moment, whatever is written meanwhile', async () => {
    const database = await open({ databaseUrl: await server!.newDatabase() })
    const ledger = createLedger(database)
    await ledger.record('wiki', entries(5000))
    let writing = true
    let pairs = 0
    const write = async () => {
      for (; writing; pairs++)
        await database.tables.transaction().execute(async (transaction) => {
          const id = `pair ${pairs}`
          // Far apart in the export: the first table of all, and the last.
          await sql`insert into outflow.channels (id, workspace, channel_type, url, event_types, secret)
            values (${id}, '', '', '', '[]', '')`.execute(transaction)
          await sql`insert into outflow.workspaces (id, name) values (${id}, '')`.execute(transaction)
        })
    }
    const writer = write()
    const counts: number[] = []
    for (let round = 0; round < 10; round++) {
      const { rows } = await exportState(database, newFile(), { signal })
      expect(rows.channels).toBe(rows.workspaces)
      counts.push(rows.channels!)
    }
    writing = false
    await writer
    expect(new Set(counts).size).toBeGreaterThan(5)
  })

  it('whoever writes meanwhile to a state that is being filled waits, and comes after it', async () => {
    const file = await exported(await open({ stateDir: await usedState() }))
    const databaseUrl = await server!.newDatabase()
    await using store = await openStore({ databaseUrl })
    const importing = store.transfer.importFrom(file, { signal })
    await using other = await openStore({ databaseUrl })
    await other.ledger.record('wiki', [entry(900)])
    const outcome = await importing.catch((thrown: unknown) => thrown)
    // Before it or after it, never into it.
    const found = (await batchesOf(other.ledger, 'wiki')).flat().length
    if (outcome instanceof Error) expect([outcome, found]).toMatchObject([{ code: 'state.not_empty' }, 1])
    else expect(found).toBe(51)
  })

  it('two that fill one state at the same time: one does, and one finds it not empty', async () => {
    const file = await exported(await open({ stateDir: await usedState() }))
    const databaseUrl = await server!.newDatabase()
    const both = await Promise.all([1, 2].map(() => openStore({ databaseUrl })))
    const outcomes = await Promise.allSettled(
      both.map(({ transfer }) => transfer.importFrom(file, { signal })),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'state.not_empty' },
    })
    await Promise.all(both.map((store) => store.close()))
  })

  it('tasks that wait in the queues of the state that is replaced are given up with it', async () => {
    const file = await exported(await emptyState())
    await using store = await openStore({ databaseUrl: await server!.newDatabase() })
    const queue = await store.openQueue({ supervise: false })
    await queue.send('run', { job: 'of the old state' })
    await queue.schedule('of-the-old-state', '0 0 * * *')
    await store.transfer.importFrom(file, { signal, replace: true })
    const { rows } = await sql`
      select id::text from outflow_queue.job union all select key from outflow_queue.schedule`.execute(
      store.records.tables,
    )
    expect(rows).toEqual([])
    await queue.send('run', { job: 'of the new one' })
    await queue.stop(1)
  })
})

describe('what is carried', () => {
  it('every table has a key to be sorted by', async () => {
    const tables = await tableShapes((await emptyState()).tables)
    expect(tables.length).toBeGreaterThan(15)
    expect(tables.filter(({ columns }) => columns.every(({ key }) => key === null))).toEqual([])
  })

  it('no table refers to another: they are filled by name', async () => {
    const { rows } = await sql`select conname from pg_constraint
      where contype = 'f' and connamespace = 'outflow'::regnamespace`.execute((await emptyState()).tables)
    expect(rows).toEqual([])
  })

  it('numbers go on behind the highest, and never back', async () => {
    const from = await emptyState()
    const note = (to: Database) =>
      sql<{ number: string }>`insert into outflow.notifications (id, workspace, workflow, event_type, payload)
        values (gen_random_uuid()::text, '', '', '', '{}') returning number`
        .execute(to.tables)
        .then(({ rows }) => Number(rows[0]!.number))
    for (const number of [1, 2, 3]) expect(await note(from)).toBe(number)
    const file = await exported(from)
    const to = await emptyState()
    await take(to, file)
    expect(await note(to)).toBe(4)
    for (const number of [5, 6]) expect(await note(to)).toBe(number)
    await take(to, file, true)
    expect(await note(to)).toBe(7)
  })

  it('an empty state', async () => {
    const file = await exported(await emptyState())
    const { rows } = await take(await emptyState(), file)
    expect(new Set(Object.values(rows))).toEqual(new Set([0]))
  })

  it('an export of an earlier Outflow goes through the steps that came since', async () => {
    const place = server ? { databaseUrl: await server.newDatabase() } : { stateDir: await newPath() }
    const old =
      'stateDir' in place ? await openEmbedded(place.stateDir, 'test') : await openServer(place.databaseUrl)
    opened.push(old)
    await migrate(old.tables, { upTo: '001-ledger' })
    await createLedger(old).record('wiki', entries(30))
    await sql`insert into outflow.jobs (workflow, id, started_at, recipe) values ('wiki', 'first', now(), 'r')`.execute(
      old.tables,
    )
    const file = await exported(old)
    await old.close()
    for (const replace of [false, true]) {
      const today = await emptyState()
      if (replace) await fillEverything(today, 3)
      await take(today, file, replace)
      const ledger = createLedger(today)
      expect((await batchesOf(ledger, 'wiki')).flat()).toEqual(entries(30))
      expect(await ledger.lastJob('wiki')).toMatchObject({ id: 'first' })
      const { rows } = await sql`select name from outflow.migrations order by name`.execute(today.tables)
      expect(rows).toEqual([{ name: '001-ledger' }, { name: '002-platform' }])
    }
  })
})

describe('a state that is not empty', () => {
  it('is left as it is, and told what is in it', async () => {
    const file = await exported(await emptyState())
    const database = await open({ stateDir: await usedState() })
    await expect(take(database, file)).rejects.toMatchObject({
      ...{ kind: 'config', code: 'state.not_empty' },
      message: expect.stringContaining('documents 50'),
    })
    expect((await batchesOf(createLedger(database), 'wiki')).flat()).toHaveLength(50)
  })

  it('is given up where that is said', async () => {
    const from = await emptyState()
    await createLedger(from).record('other', [entry(1)])
    const database = await open({ stateDir: await usedState() })
    await take(database, await exported(from), true)
    expect(await everything(database)).toEqual(await everything(from))
  })
})

describe('the file', () => {
  it('is closed to other people, also where an open one was', async () => {
    const database = await emptyState()
    const file = newFile()
    await writeFile(file, 'before')
    await chmod(file, 0o644)
    await exportState(database, file, { signal })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await verifyExport(file, { signal })
  })

  it.each([
    ['in a folder that is not there', () => join(root, 'none', 'file')],
    ['that is a folder', async () => mkdir(join(root, 'folder')).then(() => join(root, 'folder'))],
  ])('%s: it is said, and nothing is left behind', async (_, path) => {
    const before = await readdir(root)
    await expect(exportState(await emptyState(), await path(), { signal })).rejects.toMatchObject({
      ...{ kind: 'config', code: 'state.export_not_written' },
    })
    expect((await readdir(root)).filter((name) => name !== 'folder')).toEqual(before)
  })

  it('on a disk without room: it is said, and the one that was there stays', async ({ skip }) => {
    const database = await emptyState()
    const done = await onSmallDisk(1, async (disk) => {
      const file = join(disk, 'file')
      await exportState(database, file, { signal })
      const before = await readFile(file)
      const elements = crypto.getRandomValues(new Uint8Array(60_000))
      await createLedger(database).keep(
        'wiki',
        Array.from({ length: 40 }, (_, at) => ({
          ...{ documentId: String(at), stage: 'embed' as const, contentDigest: '', recipe: '' },
          elements,
        })),
      )
      await expect(exportState(database, file, { signal })).rejects.toMatchObject({
        ...{ code: 'state.export_not_written', message: expect.stringContaining('ENOSPC') },
      })
      expect(await readFile(file)).toEqual(before)
      expect(await readdir(disk)).toEqual(['file'])
    })
    if (!done) skip(needsMounting)
  })

  it('that nobody waits for any more is not there', async () => {
    const database = await emptyState()
    await createLedger(database).record('wiki', entries(20_000))
    const file = newFile()
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('left')), 30)
    await expect(exportState(database, file, stop)).rejects.toThrow('left')
    expect((await readdir(dirname(file))).filter((name) => file.endsWith(name.slice(0, 20)))).toEqual([])
    // The database goes on.
    expect((await exportState(database, file, { signal })).rows.documents).toBe(20_000)
    await expect(importState(await emptyState(), file, stop)).rejects.toThrow('left')
  })
})

describe('an export that is not as it was written', () => {
  let good: string
  let lines: readonly string[]
  beforeAll(async () => {
    const database = await emptyState()
    await createLedger(database).record('wiki', entries(2500))
    await fillEverything(database, 9)
    good = await exported(database)
    await closeAll()
    lines = await linesIn(good)
  })

  /** It is refused by the look at it, and by the import, which leaves everything as it was. */
  async function refused(file: string, code: string, message: RegExp): Promise<void> {
    const error = { kind: 'config', code, message: expect.stringMatching(message) }
    await expect(verifyExport(file, { signal })).rejects.toMatchObject(error)
    const database = await emptyState()
    await createLedger(database).record('mine', [entry(1)])
    const before = await everything(database)
    await expect(take(database, file, true)).rejects.toMatchObject(error)
    expect(await everything(database)).toEqual(before)
  }

  const header = (change: object) => (all: string[]) => [
    JSON.stringify({ ...JSON.parse(all[0]!), ...change }),
    ...all.slice(1),
  ]

  it('is not there, a folder, or something else', async () => {
    await refused(join(root, 'none'), 'state.export_unreadable', /ENOENT/)
    await refused(root, 'state.export_unreadable', /EISDIR/)
    const others = ['', 'hello', gzipSync(''), gzipSync('hello\n'), gzipSync('null\n'), gzipSync('{}\n')]
    for (const [at, content] of others.entries()) {
      const file = newFile()
      await writeFile(file, content)
      if (at === 0) await refused(file, 'state.export_damaged', /line 1: it is cut off/)
      else await refused(file, 'state.export_unknown', /no export/)
    }
  })

  it('is of a newer Outflow', async () => {
    await refused(
      await edited(good, header({ version: 2 })),
      'state.export_newer',
      /format 2, this one reads 1/,
    )
    const migrations = ['001-ledger', '002-platform', '900-later']
    await refused(await edited(good, header({ migrations })), 'state.export_newer', /900-later/)
  })

  it('has a first line that cannot be', async () => {
    for (const change of [
      { version: 0 },
      { migrations: [] },
      { migrations: ['002-platform'] },
      { migrations: 'all' },
      { tables: null },
      { tables: { documents: 1 } },
    ])
      await refused(await edited(good, header(change)), 'state.export_damaged', /line 1: /)
  })

  it('has tables or columns that are not there, or has not all of them', async () => {
    const { tables } = JSON.parse(lines[0]!) as { tables: Record<string, readonly string[]> }
    const { runs: _, ...missing } = tables
    const wrong = [
      [{ ...tables, ghosts: ['id'] }, '"ghosts" is a table of nobody'],
      [missing, '"runs" is a table that is missing'],
      [[], '"channels" is a table that is missing'],
      [{ ...tables, runs: [...tables.runs!, 'mood'] }, '"mood" is a column of runs of nobody'],
      [{ ...tables, runs: tables.runs!.slice(1) }, '"workflow" is a column of runs that is missing'],
      [{ ...tables, runs: [...tables.runs!, 'id'] }, 'it names a column of runs twice'],
    ] as const
    for (const [named, said] of wrong) {
      const rows = (all: string[]) => [...header({ tables: named })(all).slice(0, 1), all.at(-1)!]
      await expect(take(await emptyState(), await edited(good, rows, { fit: true }))).rejects.toMatchObject({
        ...{ code: 'state.export_damaged', message: expect.stringContaining(said) },
      })
    }
  })

  it.each<readonly [what: string, change: (all: string[]) => readonly string[], message: RegExp]>([
    [
      'a line is missing',
      (all) => all.toSpliced(700, 1),
      /counts 2509 rows of documents, and there are 2508/,
    ],
    ['a line is there twice', (all) => all.toSpliced(700, 0, all[700]!), /there are 2510|duplicate key/],
    [
      'two lines have changed places',
      (all) => all.with(700, all[701]!).with(701, all[700]!),
      /line \d+: the digest/,
    ],
    [
      'a letter has changed',
      (all) => all.with(700, all[700]!.replace('Page', 'page')),
      /line \d+: the digest/,
    ],
    ['a line is no JSON', (all) => all.with(700, '["documents", '), /line 701: it is neither/],
    ['a line is of no table', (all) => all.with(700, '["ghosts", "1"]'), /line 701: it names no table/],
    [
      'a line is of what is no table',
      (all) => all.with(700, '["constructor"]'),
      /line 701: it names no table/,
    ],
    [
      'a value is missing',
      (all) => all.with(700, '["documents", "a"]'),
      /line 701: it is no row of documents/,
    ],
    [
      'a value is of another kind',
      (all) => all.with(700, JSON.stringify(JSON.parse(all[700]!).with(3, 7))),
      /line 701: it is no row of documents/,
    ],
    ['the end is missing', (all) => all.slice(0, -1), /ends before its last line/],
    ['the end is empty', (all) => all.with(-1, '{}'), /neither a row nor the end/],
    ['something comes after the end', (all) => [...all, all[1]!], /goes on after its end/],
  ])('%s', async (_, change, message) => {
    await refused(await edited(good, change), 'state.export_damaged', message)
  })

  it('is two in one file', async () => {
    const both = newFile()
    const whole = await readFile(good)
    await writeFile(both, Buffer.concat([whole, whole]))
    await refused(both, 'state.export_damaged', /goes on after its end/)
  })

  it('is cut off, wherever', async () => {
    const whole = await readFile(good)
    for (const share of [0.02, 0.3, 0.7, 0.99]) {
      const file = newFile()
      await writeFile(file, whole.subarray(0, whole.length * share))
      await refused(file, 'state.export_damaged', /line \d+: it is cut off/)
    }
    const file = newFile()
    await writeFile(file, whole.subarray(0, -1))
    await refused(file, 'state.export_damaged', /line \d+/)
  })

  it('has a bit turned, wherever: 200 times', async () => {
    const whole = await readFile(good)
    const target = await emptyState()
    let seed = 7
    for (let round = 0; round < 200; round++) {
      seed = (seed * 48_271) % 2_147_483_647
      // Behind what gzip says of time and system, which nobody reads.
      const at = 10 + (seed % (whole.length - 10))
      const file = newFile()
      await writeFile(file, whole.with(at, whole[at]! ^ (1 << (round % 8))))
      const thrown: unknown = await verifyExport(file, { signal }).catch((reason: unknown) => reason)
      expect(thrown, `bit ${round % 8} of byte ${at}`).toMatchObject({ code: /^state\.export_/ })
      if (round < 5) await expect(take(target, file)).rejects.toMatchObject({ name: 'OutflowError' })
      await rm(file)
    }
    expect([...(await everything(target)).values()].every((rows) => rows.size === 0)).toBe(true)
  }, 60_000)

  it('holds what no column takes, although the digest fits: nothing of it is taken in', async () => {
    const at = lines.findIndex((line) => line.startsWith('["documents", "wiki"')) + 600
    const row: string[] = JSON.parse(lines[at]!)
    const columns: string[] = JSON.parse(lines[0]!).tables.documents
    for (const [column, value, said] of [
      ['parent_ids', 'no json', /invalid input syntax/],
      ['attempts', '99999999999', /out of range/],
      ['changed_at', 'yesterday at tea', /invalid input syntax/],
      ['title', null, /null value/],
      ['title', '\0', /\\u0000|unsupported/],
    ] as const) {
      const wrong = JSON.stringify(row.with(columns.indexOf(column) + 1, value as string))
      const file = await edited(good, (all) => all.with(at, wrong), { fit: true })
      const database = await emptyState()
      const refusal: unknown = await take(database, file).catch((thrown: unknown) => thrown)
      expect(refusal).toMatchObject({
        ...{ kind: 'config', code: 'state.export_damaged', message: expect.stringMatching(said) },
      })
      const [, first, last] = /line (\d+) to (\d+)/.exec((refusal as Error).message)!
      expect(at + 1).toBeGreaterThanOrEqual(Number(first))
      expect(at + 1).toBeLessThanOrEqual(Number(last))
      expect([...(await everything(database)).values()].every((rows) => rows.size === 0)).toBe(true)
    }
    const twice = await edited(good, (all) => all.toSpliced(at, 0, all[at]!), { fit: true })
    await expect(take(await emptyState(), twice)).rejects.toMatchObject({
      ...{ code: 'state.export_damaged', message: expect.stringContaining('duplicate key') },
    })
  })
})
