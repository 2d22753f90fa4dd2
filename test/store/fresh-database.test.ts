import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startEngine } from '../../src/store/engine.ts'
import { packDatabase, packedDatabase } from '../../src/store/fresh-database.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'outflow-test-'))

const facts = [
  "select name, setting from pg_settings where source not in ('default', 'override', 'client') order by name",
  'select oid, relname, relkind from pg_class order by oid',
  'select datname, datcollate, datctype, encoding from pg_database order by datname',
  'select rolname, rolsuper from pg_roles order by rolname',
]

async function factsOf(packed?: Blob): Promise<unknown[]> {
  const { database } = await startEngine(await newFolder(), { packed })
  const answers = []
  for (const fact of facts) answers.push((await database.query(fact)).rows)
  await database.close()
  return answers
}

it('is the same unpacked as made', async () => {
  const folder = await newFolder()
  await packDatabase(folder)
  const packed = await packedDatabase(folder)
  expect(packed?.size).toBeGreaterThan(1_000_000)
  expect(await factsOf(packed)).toEqual(await factsOf())
})

it('is made where none is packed', async () => {
  expect(await packedDatabase(await newFolder())).toBeUndefined()
})

it('is not what cannot be unpacked', async () => {
  await expect(startEngine(await newFolder(), { packed: new Blob(['no archive']) })).rejects.toThrow()
})
