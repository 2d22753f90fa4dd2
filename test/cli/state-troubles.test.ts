import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { generatedWorld } from '../../src/sandbox/index.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { wiki } from '../second-run/table.ts'
import { needsMounting, onSmallDisk, readOnly } from '../store/folders.ts'
import { jobOf, root, stamps, state, within } from './remembering.ts'

/** A state of its own, to be spoilt. */
async function newState(): Promise<string> {
  const copy = join(root, randomUUID())
  await cp(state, copy, { recursive: true })
  return copy
}

const { world } = wiki('cloud')

describe('a state that cannot be used', () => {
  it.each([
    {
      name: 'is damaged',
      file: 'database/global/pg_control',
      code: 'state.damaged',
      fix: 'move it away: the next run processes everything again',
    },
    {
      name: 'is of another PostgreSQL',
      file: 'database/PG_VERSION',
      text: '17\n',
      code: 'state.other_postgres',
      fix: 'move the folder away',
    },
  ])(
    '$name: it is said, and nothing is overwritten',
    async ({ file, text = 'no such thing\n', code, fix }) => {
      const spoilt = await newState()
      await writeFile(join(spoilt, file), text)
      await within({ world, state: spoilt }, async (scene) => {
        const { code: exitCode, stdout, stderr } = await scene.outflow('run', 'confluence')
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
        expect(stderr).toContain(code)
        expect(stderr).toContain(spoilt)
        expect(stderr).toContain(fix)
        expect(await readFile(join(spoilt, file), 'utf8')).toBe(text)
        expect(existsSync(scene.output)).toBe(false)
        expect(scene.sandbox.stats.read().requests).toBe(0)
      })
    },
  )

  it('is of a newer Outflow: it is said, and what it remembers stays', async () => {
    const newer = await newState()
    await within({ world, state: newer }, async (scene) => {
      expect((await scene.outflow('run', 'confluence')).code).toBe(0)
      const before = await stamps(scene.output)
      await inDatabase(newer, `insert into outflow.migrations (name, timestamp) values ('999-later', 'now')`)
      expect(await scene.outflow('run', 'confluence')).toMatchObject({
        ...{ code: 2, stdout: '' },
        stderr: expect.stringContaining('state.newer'),
      })
      expect(await stamps(scene.output)).toEqual(before)
      await inDatabase(newer, `delete from outflow.migrations where name = '999-later'`)
      const { coverage } = jobOf(await scene.outflow('run', 'confluence', '--json'))
      expect(coverage.unchanged).toBe(coverage.found)
    })
  })

  it('is read-only: it is said', async ({ skip }) => {
    const locked = await newState()
    const done = await readOnly(locked, () =>
      within({ world, state: locked }, async (scene) => {
        expect(await scene.outflow('run', 'confluence')).toMatchObject({
          ...{ code: 2, stdout: '' },
          stderr: expect.stringContaining('state.not_writable'),
        })
        expect(existsSync(scene.output)).toBe(false)
      }),
    )
    if (!done) skip(needsMounting)
  })

  it.for([
    { name: 'has no room left', room: 0 },
    { name: 'runs out of room', room: 500_000 },
  ])(
    '$name: it is said, and the same command goes on where there is room again',
    async ({ room }, { skip }) => {
      const pages = generatedWorld({ pages: 1200, spaces: 2, bodySize: [100, 300] })
      const done = await onSmallDisk(150, async (disk) => {
        const small = join(disk, 'state')
        await cp(state, small, { recursive: true })
        await within({ world: pages, state: small }, async (scene) => {
          await fill(join(disk, 'filler'), room)
          const first = await scene.outflow('run', 'confluence')
          expect(first).toMatchObject({ code: 2 })
          expect(first.stdout + first.stderr).toContain('state.disk_full')
          await rm(join(disk, 'filler'))
          expect(jobOf(await scene.outflow('run', 'confluence', '--json'))).toMatchObject({
            ...{ outcome: 'finished', coverage: { found: 1200, failed: 0 } },
          })
          expect((await stamps(scene.output)).size).toBe(1200)
        })
      })
      if (!done) skip(needsMounting)
    },
  )
})

it('an output folder without room: it is said, and the same command goes on where there is room again', async ({
  skip,
}) => {
  const pages = generatedWorld({ pages: 300, spaces: 2, bodySize: [1000, 3000] })
  const done = await onSmallDisk(40, async (disk) => {
    await within({ world: pages, output: join(disk, 'wiki') }, async (scene) => {
      await fill(join(disk, 'filler'), 1_000_000)
      const first = await scene.outflow('run', 'confluence')
      expect(first).toMatchObject({ code: 2, stdout: expect.stringContaining('files.disk_full') })
      const written = await stamps(scene.output)
      expect(written.size).toBeGreaterThan(0)
      await rm(join(disk, 'filler'))
      const second = jobOf(await scene.outflow('run', 'confluence', '--json'))
      expect(second).toMatchObject({ outcome: 'finished', coverage: { found: 300, failed: 0 } })
      const after = await stamps(scene.output)
      expect(after.size).toBe(300)
      expect(second.coverage.unchanged).toBeGreaterThan(0)
      const again = [...written].filter(([name, at]) => after.get(name) !== at)
      expect(again.length).toBeLessThanOrEqual(second.coverage.done)
    })
  })
  if (!done) skip(needsMounting)
})

/** Writes until the disk is full, but for so many bytes. */
async function fill(file: string, leave = 0): Promise<void> {
  const piece = Buffer.alloc(100_000)
  let size = 0
  try {
    for (;;) {
      await writeFile(file, piece, { flag: 'a' })
      size += piece.length
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
  }
  if (leave > 0) await truncate(file, Math.max(0, size - leave))
}

async function inDatabase(folder: string, statement: string): Promise<void> {
  const database = await openEmbedded(folder, 'outflow test')
  await sql.raw(statement).execute(database.tables)
  await database.close()
}
