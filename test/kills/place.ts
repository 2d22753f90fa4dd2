/**
 * One output folder and the state beside it: what stands there, seen from outside.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { sql } from 'kysely'
import { openEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrations.ts'

export interface Place {
  /** Holds both. */
  readonly root: string
  readonly output: string
  readonly state: string
}

export async function newPlace(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'outflow-kills-'))
  return { root, output: join(root, 'wiki'), state: join(root, '.outflow') }
}

/** All of a row but where it goes to and when it changed, as JSON. */
export interface Row {
  readonly json: string
  readonly changedAt: string
  readonly receipt: string | undefined
}

/**
 * The ledger's rows by document. Read from a copy, so that it is the next run that has to open what a killed one left.
 *
 * @throws {OutflowError} when the state does not open
 */
export async function readRows({ root, state }: Place): Promise<ReadonlyMap<string, Row>> {
  if (!existsSync(join(state, 'database'))) return new Map()
  const copy = join(root, 'copy')
  await cp(state, copy, { recursive: true })
  const database = await openEmbedded(copy, 'outflow test')
  try {
    await migrate(database.tables)
    const { rows } = await sql<{ id: string; json: string; changed: string; receipt: string | null }>`
      select id, (to_jsonb(documents) - 'workflow' - 'changed_at')::text as json,
        changed_at::text as changed, delivered->>'receipt' as receipt
      from outflow.documents order by id`.execute(database.tables)
    return new Map(
      rows.map(({ id, json, changed, receipt }) => [
        id,
        { json, changedAt: changed, receipt: receipt ?? undefined },
      ]),
    )
  } finally {
    await database.close()
    await rm(copy, { recursive: true })
  }
}

/** The text of every file by path, but for when it was processed; of the report, only that it is there. */
export async function readFiles({ output }: Place): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true })
  const files = new Map<string, string>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(output, path)
    if (entry.isDirectory()) files.set(`${name}/`, '')
    else if (name === join('_outflow', 'job.json')) files.set(name, '')
    else files.set(name, (await readFile(path, 'utf8')).replaceAll(processedAt, '"date_processed":""'))
  }
  return files
}

const processedAt = /"date_processed":"[^"]*"/g
