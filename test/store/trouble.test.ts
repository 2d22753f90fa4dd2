import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/index.ts'
import { batchesOf, entry } from './entries.ts'
import { needsMounting, newPath, onSmallDisk, readOnly, recorded, usedState } from './folders.ts'

/** What is in every file of a folder. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const digest = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path, await digest(path)])))
}

/** Opening fails, and every file that was there is as it was. */
async function refused(stateDir: string, code: string, message: RegExp): Promise<void> {
  const before = await contents(stateDir)
  await expect(openStore({ stateDir })).rejects.toMatchObject({
    name: 'OutflowError',
    kind: 'config',
    code,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(/./),
  })
  expect(await contents(stateDir)).toMatchObject(before)
}

describe('a state folder that', () => {
  it('is a file: refused, the file untouched', async () => {
    const file = await newPath()
    await writeFile(file, 'precious')
    for (const stateDir of [file, join(file, 'deeper')])
      await expect(openStore({ stateDir })).rejects.toMatchObject({
        code: 'state.not_a_folder',
        kind: 'config',
      })
    expect(await readFile(file, 'utf8')).toBe('precious')
  })

  it('holds other things: refused, nothing is put beside them', async () => {
    const folder = await newPath()
    await mkdir(join(folder, 'database'), { recursive: true })
    await writeFile(join(folder, 'database', 'letter.txt'), 'precious')
    await refused(folder, 'state.foreign_folder', /holds other things \(database\)/)
    expect(await readdir(folder, { recursive: true })).toHaveLength(2)
  })

  it('is empty but for what a file system puts there: taken', async () => {
    const stateDir = await newPath()
    await mkdir(join(stateDir, 'lost+found'), { recursive: true })
    await (await openStore({ stateDir })).close()
  })

  it('lies on a disk without room: refused, and nothing is left lying there', async ({ skip }) => {
    const done = await onSmallDisk(16, async (disk) => {
      const stateDir = join(disk, 'state')
      await expect(openStore({ stateDir })).rejects.toMatchObject({ code: 'state.disk_full', kind: 'config' })
      expect(await readdir(stateDir)).toEqual(['outflow.lock'])
    })
    if (!done) skip(needsMounting)
  })

  it('gets full: says so, every acknowledged record is kept, and it goes on when there is room', async ({
    skip,
  }) => {
    const done = await onSmallDisk(90, async (disk) => {
      const stateDir = join(disk, 'state')
      const full = { name: 'OutflowError', code: 'state.disk_full', kind: 'config' }
      const store = await openStore({ stateDir })
      let acknowledged = 0
      const write = async () => {
        for (;;) {
          const at = acknowledged * 100
          await store.ledger.record(
            'wiki',
            Array.from({ length: 100 }, (_, row) => entry(at + row, { reason: noise() })),
          )
          acknowledged++
        }
      }
      await expect(write()).rejects.toMatchObject(full)
      expect(acknowledged).toBeGreaterThan(0)
      await store.close()
      spawnSync('mount', ['-o', 'remount,size=400m', disk])
      await using again = await openStore({ stateDir })
      const found = (await batchesOf(again.ledger, 'wiki')).flat().map(({ place }) => Number(place.objectId))
      expect(found.slice(0, acknowledged * 100)).toEqual(
        Array.from({ length: acknowledged * 100 }, (_, row) => 100_000 + row),
      )
      await again.ledger.record('wiki', [entry(1)])
    })
    if (!done) skip(needsMounting)
  })

  it('cannot be written to: refused', async ({ skip }) => {
    const used = await usedState()
    const empty = await newPath()
    await mkdir(empty)
    for (const folder of [used, empty]) {
      const done = await readOnly(folder, () => refused(folder, 'state.not_writable', /\(EROFS\)/))
      if (!done) skip(needsMounting)
    }
    await expect(openStore({ stateDir: '/sys/kernel/outflow' })).rejects.toMatchObject({
      code: 'state.not_writable',
    })
    await (await openStore({ stateDir: used })).close()
  })

  it('was written by a newer Outflow: refused, and left to it', async () => {
    const stateDir = await usedState()
    const database = await openEmbedded(stateDir, 'a newer outflow')
    await sql`insert into outflow.migrations values ('900-from-the-future', '')`.execute(database.tables)
    await database.close()
    await expect(openStore({ stateDir })).rejects.toMatchObject({
      kind: 'config',
      code: 'state.newer',
      message: expect.stringContaining('900-from-the-future'),
    })
    // It was let go of, and says the same again.
    await expect(openStore({ stateDir })).rejects.toMatchObject({ code: 'state.newer' })
  })

  it('is of another PostgreSQL: refused', async () => {
    const stateDir = await usedState()
    await writeFile(join(stateDir, 'database', 'PG_VERSION'), '17\n')
    await refused(stateDir, 'state.other_postgres', /PostgreSQL 17, .*18/)
  })

  it.each<[string, RegExp, (database: string) => Promise<unknown>]>([
    [
      'its version is garbage',
      /PG_VERSION holds no version/,
      (at) => writeFile(join(at, 'PG_VERSION'), 'x\n'),
    ],
    ['its version is gone', /PG_VERSION cannot be read/, (at) => rm(join(at, 'PG_VERSION'))],
    [
      'its control file is cut short',
      /could not read file/,
      (at) => truncate(join(at, 'global/pg_control'), 90),
    ],
    ['its control file is garbage', /./, (at) => writeFile(join(at, 'global/pg_control'), 'x'.repeat(8192))],
    [
      'its log is gone',
      /valid checkpoint record/,
      async (at) => {
        for (const name of await readdir(join(at, 'pg_wal')))
          if (/^[0-9A-F]{24}$/.test(name)) await rm(join(at, 'pg_wal', name))
      },
    ],
    ['its tables are gone', /base is missing/, (at) => rm(join(at, 'base'), { recursive: true })],
    [
      'it is empty',
      /PG_VERSION cannot be read/,
      async (at) => {
        await rm(at, { recursive: true })
        await mkdir(at)
      },
    ],
    [
      'it is a file',
      /PG_VERSION cannot be read/,
      async (at) => {
        await rm(at, { recursive: true })
        await writeFile(at, 'x')
      },
    ],
    [
      'its lock is garbage',
      /its lock says/,
      (at) => writeFile(join(at, '../outflow.lock'), 'garbage'.repeat(999)),
    ],
  ])('is damaged, because %s: refused, nothing is overwritten', async (_, message, damage) => {
    const stateDir = await usedState()
    await damage(join(stateDir, 'database'))
    await refused(stateDir, 'state.damaged', message)
  })

  it('lost a table: says so when that is read', async () => {
    const stateDir = await usedState()
    const before = await openEmbedded(stateDir, 'outflow')
    const { rows } = await sql<{
      path: string
    }>`select pg_relation_filepath('outflow.documents') as path`.execute(before.tables)
    await before.close()
    await rm(join(stateDir, 'database', rows[0]!.path))
    await using store = await openStore({ stateDir })
    await expect(batchesOf(store.ledger, 'wiki')).rejects.toMatchObject({
      kind: 'config',
      code: 'state.damaged',
      message: expect.stringMatching(/could not open file/),
    })
  })

  it('was damaged and has its backup back: goes on', async () => {
    const [stateDir, backup] = [await usedState(), await usedState()]
    await truncate(join(stateDir, 'database/global/pg_control'), 0)
    await refused(stateDir, 'state.damaged', /./)
    await using store = await openStore({ stateDir: backup })
    expect((await batchesOf(store.ledger, 'wiki')).flat()).toEqual(recorded)
  })
})

const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(1500))).toString('base64')
