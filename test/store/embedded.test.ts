import { once } from 'node:events'
import { fstatSync, fsyncSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/index.ts'
import { createLedger } from '../../src/store/ledger.ts'
import { batchesOf, entries, entry } from './entries.ts'
import { newPath, recorded, usedState } from './folders.ts'

const opened: Database[] = []
afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())))

async function open(folder: string, sync?: (descriptor: number) => void) {
  const database = await openEmbedded(folder, 'outflow test', sync)
  opened.push(database)
  return { database, ledger: createLedger(database) }
}

describe('the state folder', () => {
  it('is made, closed to other people, and gives back what was recorded', async () => {
    const parent = await newPath()
    const stateDir = join(parent, 'state')
    {
      await using store = await openStore({ stateDir })
      await store.ledger.record('wiki', recorded)
    }
    for (const folder of [stateDir, join(stateDir, 'database')])
      expect((await stat(folder)).mode & 0o777).toBe(0o700)
    // What lies above it is nobody's secret.
    expect((await stat(parent)).mode & 0o777).toBe(0o777 & ~process.umask())
    expect((await readdir(stateDir)).sort()).toEqual(['database', 'outflow.lock'])
    await using store = await openStore({ stateDir })
    expect((await batchesOf(store.ledger, 'wiki')).flat()).toEqual(recorded)
  })

  it('is not opened for somebody who has left already', async () => {
    const stateDir = await newPath()
    const signal = AbortSignal.abort(new Error('left'))
    await expect(openStore({ stateDir }, { signal })).rejects.toThrow('left')
    await expect(stat(stateDir)).rejects.toThrow('ENOENT')
  })

  it('can be closed twice', async () => {
    const store = await openStore({ stateDir: await usedState() })
    await Promise.all([store.close(), store.ledger.close(), store.close()])
  })
})

describe('while thousands of queries run one after the other', () => {
  it('timers fire and a server in the same process answers', async () => {
    const { ledger } = await open(await usedState())
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    let running = true
    let answers = 0
    let ticks = 0
    const timer = setInterval(() => ticks++, 5)
    const visitor = async () => {
      while (running) if ((await (await fetch(address)).text()) === 'here') answers++
    }
    const visiting = visitor()
    for (let query = 0; query < 2000; query++) await ledger.find({ objectId: String(query) })
    const during = { answers, ticks }
    running = false
    clearInterval(timer)
    await visiting
    server.close()
    expect(during.answers).toBeGreaterThan(50)
    expect(during.ticks).toBeGreaterThan(20)
  })
})

describe('what nobody does for an embedded database in the background', () => {
  const table = (database: Database) =>
    sql<{ rows: number; visible: number; pages: number }>`
      select reltuples::float8 as rows, relallvisible as visible, relpages as pages
      from pg_class where oid = 'outflow.documents'::regclass`
      .execute(database.tables)
      .then(({ rows }) => rows[0]!)

  it('statistics follow bulk changes', async () => {
    const { database, ledger } = await open(await usedState())
    await ledger.record('wiki', entries(10_000))
    expect((await table(database)).rows).toBeCloseTo(10_000, -2)
  })

  it('room of old rows is given back', async () => {
    const { database, ledger } = await open(await usedState())
    for (let version = 1; version <= 12; version++)
      await ledger.record('wiki', entries(3000, { version: String(version) }))
    const { pages, visible } = await table(database)
    // Twelve generations of 3,000 rows, at most nine rows a page, are 4,000 pages; two generations are there at most.
    expect(pages).toBeLessThan(1000)
    expect(visible).toBeGreaterThan(0)
  })

  it('what is due is done on closing', async () => {
    const folder = await usedState()
    const first = await open(folder)
    await first.ledger.record('wiki', entries(1500))
    await first.database.close()
    const second = await open(folder)
    expect((await table(second.database)).rows).toBeCloseTo(1500, -2)
  })

  it('the log does not grow for ever', async () => {
    const folder = await usedState()
    const { ledger } = await open(folder)
    const elements = new Uint8Array(4_000_000)
    for (let round = 0; round < 40; round++) {
      crypto.getRandomValues(elements.subarray(0, 65_536))
      for (let at = 65_536; at < elements.length; at *= 2) elements.copyWithin(at, 0, at)
      await ledger.keep('wiki', [
        { documentId: `${round % 5}`, stage: 'embed', contentDigest: 'c', recipe: 'r', elements },
      ])
    }
    const log = join(folder, 'database', 'pg_wal')
    const sizes = await Promise.all(
      (await readdir(log)).map(async (name) => (await stat(join(log, name))).size),
    )
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000_000)
  })
})

describe('durability', () => {
  /** Which files of the database were synced, in order. */
  function watch(folder: string) {
    const inodes: number[] = []
    const names = async () => {
      const entries = await readdir(join(folder, 'database'), { recursive: true, withFileTypes: true })
      const known = new Map<number, string>()
      for (const { parentPath, name } of entries) {
        const path = join(parentPath, name)
        const { ino } = await stat(path)
        known.set(ino, path.slice(join(folder, 'database').length + 1))
      }
      return inodes.map((inode) => known.get(inode) ?? 'gone')
    }
    const sync = (descriptor: number) => {
      fsyncSync(descriptor)
      inodes.push(fstatSync(descriptor).ino)
    }
    return { sync, names, count: () => inodes.length, forget: () => inodes.splice(0) }
  }

  it('a record returns when its log is on the disk', async () => {
    const folder = await usedState()
    const { sync, names, forget } = watch(folder)
    const { ledger } = await open(folder, sync)
    for (let version = 2; version < 5; version++) {
      forget()
      await ledger.record('wiki', [entry(1, { version: String(version) })])
      expect(await names()).toContainEqual(expect.stringMatching(/^pg_wal\/[0-9A-F]{24}$/))
    }
    forget()
    await batchesOf(ledger, 'wiki')
    expect(await names()).toEqual([])
  })

  it('the tables are on the disk before the control file says so', async () => {
    const folder = await usedState()
    const { sync, names, forget } = watch(folder)
    const { database, ledger } = await open(folder, sync)
    await ledger.record('wiki', entries(500, { version: '2' }))
    forget()
    await sql`checkpoint`.execute(database.tables)
    const synced = await names()
    const control = synced.indexOf('global/pg_control')
    const tables = synced.findIndex((name) => /^base\/\d+\/\d+$/.test(name))
    expect(tables).toBeGreaterThanOrEqual(0)
    expect(control).toBeGreaterThan(tables)
    expect(synced.findLastIndex((name) => name.startsWith('base/'))).toBeLessThan(control)
  })

  it.each([
    ['a statement', 1],
    ['a transaction', 2500],
  ])('a disk that fails in the middle of %s is no success, and the state opens again', async (_, count) => {
    const folder = await usedState()
    let fails = false
    const { ledger, database } = await open(folder, (descriptor) => {
      if (fails) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
      fsyncSync(descriptor)
    })
    fails = true
    const refused = { name: 'OutflowError', code: 'state.gave_up', kind: 'transient' }
    await expect(ledger.record('wiki', entries(count, { version: '2' }))).rejects.toMatchObject(refused)
    await expect(ledger.find({ objectId: '1' })).rejects.toMatchObject(refused)
    await expect(batchesOf(ledger, 'wiki')).rejects.toMatchObject(refused)
    await database.close()
    const again = await open(folder)
    expect((await batchesOf(again.ledger, 'wiki')).flat().length).toBeGreaterThanOrEqual(recorded.length)
  })
})

describe('one access path', () => {
  it('a query waits for a transaction that is under way, and is no part of it', async () => {
    const { database, ledger } = await open(await usedState())
    const order: string[] = []
    const failing = database.tables
      .withSchema('outflow')
      .transaction()
      .execute(async (transaction) => {
        await transaction.deleteFrom('documents').execute()
        await new Promise((resolve) => setTimeout(resolve, 100))
        order.push('rolled back')
        throw new Error('no')
      })
    const outside = ledger.record('wiki', [entry(700)]).then(() => order.push('recorded'))
    await expect(failing).rejects.toThrow('no')
    await outside
    expect(order).toEqual(['rolled back', 'recorded'])
    expect((await batchesOf(ledger, 'wiki')).flat()).toEqual([...recorded, entry(700)])
  })
})
