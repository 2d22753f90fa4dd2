/**
 * A database as it is when it has just been made, packed when Outflow is built or set up: to unpack it takes a third of the time and
 * of the memory that PostgreSQL needs to make one. Where there is none, or of other settings, one is made.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings, startEngine } from './engine.ts'

const built = join(import.meta.dirname, '..', '..', 'dist')
const digest = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12)
const fileName = `fresh-database-${digest}.tar.gz`

/** Makes a database, and packs it. @param folder where the file goes; by default where {@link packedDatabase} looks for it */
export async function packDatabase(folder = built): Promise<void> {
  const draft = await mkdtemp(join(tmpdir(), 'outflow-'))
  try {
    const { database } = await startEngine(draft)
    const packed = await database.dumpDataDir('gzip')
    await database.close()
    await mkdir(folder, { recursive: true })
    const file = join(folder, `${fileName}.${process.pid}`)
    await writeFile(file, Buffer.from(await packed.arrayBuffer()))
    await rename(file, join(folder, fileName))
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** @returns `undefined` where there is none @throws what the file system throws */
export async function packedDatabase(folder = built): Promise<Blob | undefined> {
  try {
    return new Blob([await readFile(join(folder, fileName))])
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
