import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { wiki } from '../second-run/table.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { outflow, startOutflow } from './outflow.ts'
import { jobOf, root, state, within } from './remembering.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const newFile = () => join(root, `${randomUUID()}.export`)

/** A state of its own. */
async function newState(): Promise<string> {
  const copy = join(root, randomUUID())
  await cp(state, copy, { recursive: true })
  return copy
}

const said = (code: string) => ({ code: 2, stdout: '', stderr: expect.stringContaining(code) })

/** What a server says when it is ready. */
async function firstLine(child: ChildProcess): Promise<{ readonly url: string; readonly api_key?: string }> {
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line)
  throw new Error('It said nothing.')
}

async function aTitle(stateDir: string): Promise<string> {
  await using store = await openStore({ stateDir })
  const { rows } = await sql<{ title: string }>`
    select title from outflow.documents order by title limit 1`.execute(store.records.tables)
  return rows[0]!.title
}

describe.skipIf(!server)(`outflow db${server ? '' : ` ${noPostgres}`}`, () => {
  it('takes what runs remember from a folder to a server, and the next run finds nothing to do', async () => {
    const { world } = wiki('cloud')
    const folder = await newState()
    await within({ world, state: folder }, async (scene) => {
      const { coverage } = jobOf(await scene.outflow('run', 'confluence', '--json'))
      const file = newFile()
      const exported = await outflow(['db', 'export', file, '--state', folder])
      expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining(`Exported to ${file}`) })
      expect((await stat(file)).mode & 0o777).toBe(0o600)

      const DATABASE_URL = await server!.newDatabase()
      const environment = { DATABASE_URL }
      const imported = await outflow(['db', 'import', file, '--json'], { environment })
      expect(JSON.parse(imported.stdout)).toMatchObject({
        ...{ type: 'db.imported', file },
        rows: { documents: coverage.found, runs: 1 },
      })
      const title = await aTitle(folder)
      const told = await outflow(['explain', '--json', title], { environment })
      expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining(title) })
      expect(told).toEqual(await outflow(['explain', '--json', title, '--state', folder]))

      // Back in another folder, it is as if nothing had happened.
      const again = newFile()
      const { stdout } = await outflow(['db', 'export', again, '--json'], { environment })
      expect(JSON.parse(stdout)).toMatchObject({ type: 'db.exported', bytes: (await stat(again)).size })
      const back = join(root, randomUUID())
      expect((await outflow(['db', 'import', again, '--state', back])).code).toBe(0)
      const next = jobOf(await scene.outflow('run', 'confluence', '--json', '--state', back))
      expect(next.coverage).toMatchObject({ found: coverage.found, unchanged: coverage.found })
    })
  })

  it('a key of the API goes on working, and what was queued is put on its way', async () => {
    const folder = await newState()
    const { child, outcome } = startOutflow(['serve', '--port', '0', '--json', '--state', folder])
    const ready = await firstLine(child)
    const file = newFile()
    expect(await outflow(['db', 'export', file, '--state', folder])).toMatchObject(said('state.in_use'))
    child.kill('SIGTERM')
    await outcome
    {
      await using store = await openStore({ stateDir: folder })
      await sql`
        insert into outflow.jobs (id, workspace, workflow, workflow_name, job_type, state, plan, options)
        values ('waiting', 'default', 'none', 'none', 'persistent', 'queued', '{"sources":[],"destinations":[],"nodes":[]}', '{}')`.execute(
        store.records.tables,
      )
    }
    expect((await outflow(['db', 'export', file, '--state', folder])).code).toBe(0)

    const environment = {
      DATABASE_URL: await server!.newDatabase(),
      OUTFLOW_SECRET_KEY: (await readFile(join(folder, 'secret.key'), 'utf8')).trim(),
    }
    expect((await outflow(['db', 'import', file], { environment })).code).toBe(0)
    const second = startOutflow(['serve', '--port', '0', '--json'], { environment })
    try {
      const { api_key: anew, url } = await firstLine(second.child)
      expect(anew).toBeUndefined()
      const headers = { 'unstructured-api-key': ready.api_key! }
      const answer = await fetch(`${url}/api/v1/jobs/`, { headers })
      expect(answer.status).toBe(200)
      await using store = await openStore({ databaseUrl: environment.DATABASE_URL })
      await expect
        .poll(
          async () =>
            (
              await sql<{ tries: number }>`
                select attempt as tries from outflow.jobs where id = 'waiting'`.execute(store.records.tables)
            ).rows[0]!.tries,
          { timeout: 20_000 },
        )
        .toBeGreaterThan(0)
    } finally {
      second.child.kill('SIGTERM')
      await second.outcome
    }
  })

  it('serve refuses the tables of a newer Outflow, on a server and in a folder', async () => {
    const DATABASE_URL = await server!.newDatabase()
    const folder = await newState()
    for (const place of [{ databaseUrl: DATABASE_URL }, { stateDir: folder }]) {
      await using store = await openStore(place)
      await sql`insert into outflow.migrations (name, timestamp) values ('999-later', '')`.execute(
        store.records.tables,
      )
    }
    for (const command of [['serve', '--port', '0'], ['work'], ['db', 'export', newFile()]])
      expect(await outflow(command, { environment: { DATABASE_URL } })).toMatchObject(said('state.newer'))
    expect(await outflow(['serve', '--port', '0', '--state', folder])).toMatchObject(said('state.newer'))
  })
})

describe('what outflow db refuses', () => {
  it('a state that is not there: none is made', async () => {
    const folder = join(root, randomUUID())
    const file = newFile()
    expect(await outflow(['db', 'export', file, '--state', folder])).toMatchObject(said('state.none'))
    expect([existsSync(folder), existsSync(file)]).toEqual([false, false])
  })

  it('an export that is none, or damaged: no state is made for it', async () => {
    const folder = join(root, randomUUID())
    const good = newFile()
    await outflow(['db', 'export', good, '--state', await newState()])
    const cut = newFile()
    await writeFile(cut, (await readFile(good)).subarray(0, -20))
    for (const [file, code] of [
      [newFile(), 'state.export_unreadable'],
      [import.meta.filename, 'state.export_unknown'],
      [cut, 'state.export_damaged'],
    ] as const)
      expect(await outflow(['db', 'import', file, '--state', folder])).toMatchObject(said(code))
    expect(existsSync(folder)).toBe(false)
  })

  it('a state that is not empty, unless that is said', async () => {
    const folder = await newState()
    {
      await using store = await openStore({ stateDir: folder })
      await store.ledger.recordJob('wiki', { id: 'one', startedAt: new Date(), recipe: 'r' })
    }
    const file = newFile()
    await outflow(['db', 'export', file, '--state', folder])
    const refusal = await outflow(['db', 'import', file, '--state', folder])
    expect(refusal).toMatchObject(said('state.not_empty'))
    expect(refusal.stderr).toMatch(/it has rows in runs 1/)
    expect(await outflow(['db', 'import', file, '--state', folder, '--replace'])).toMatchObject({
      ...{ code: 0, stdout: expect.stringMatching(/runs +1$/m) },
    })
  })
})
