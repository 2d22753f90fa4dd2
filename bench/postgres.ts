/**
 * Rows into a real PostgreSQL, against one statement a row in one transaction a document, which is how the reference writes; and
 * what a change of permissions and a query under row-level security cost.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import postgres from '../src/destinations/postgres.ts'
import type { Destination } from '../src/model/contracts.ts'
import type { Document } from '../src/model/document.ts'
import { createPool } from '../src/util/pool.ts'
import { key, recipe, tokenFor } from '../test/destinations/row-level-security.ts'
import { documentOf, elementsOf, permissionsFor, storedOf, texts } from '../test/destinations/samples.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'

/** What has to be reached: speed over that of one statement a row, on loopback, where a statement more costs next to nothing. */
const limit = 1.5
/** A change of permissions may take so much of the time of an upload. */
const accessLimit = 0.5

const context = { signal: new AbortController().signal }
const concurrency = 8

/** Seconds. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const pool = createPool(concurrency)
  for (const item of items) await pool.add(async () => void (await work(item)))
  await pool.drain()
}

/** The best of rounds in seconds, by what was done. */
type Best = Map<string, number>

/**
 * `--documents N`, `--elements N` of each, `--rounds N`. The sides take turns, round by round, and the best round of each counts: short
 * rounds find quiet moments of a busy machine.
 */
export default async function benchmarkPostgres(args: string[]): Promise<Record<string, unknown>> {
  const { documents: count, elements, rounds } = options(args, { documents: 500, elements: 10, rounds: 8 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  const url = await server.newDatabase()
  const destination = postgres({ url })
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    await destination.open(context)
    await client.query('create table plain (like elements including all)')
    const documents = Array.from({ length: count }, (_, index) => documentOf(index, audienceOf(index)))
    const best: Best = new Map()
    for (let round = 0; round < rounds; round++)
      for (const [side, work] of Object.entries(sidesOf(destination, client, documents, elements)))
        best.set(side, Math.min(best.get(side) ?? Infinity, await time(work)))
    return verdict(best, await underSecurity(client), count, elements)
  } finally {
    await destination.close()
    await client.end()
    await server.stop()
  }
}

function sidesOf(
  destination: Destination,
  client: Client,
  documents: readonly Document[],
  elements: number,
): Record<string, () => Promise<unknown>> {
  const stored = documents.map((document) => storedOf(document, ''))
  return {
    upload: () =>
      each(documents, (document) =>
        destination.upload(document, elementsOf(document, texts(elements)), context),
      ),
    'a statement a row': () => rowByRow(client, documents, elements),
    permissions: () => each(stored, (one) => destination.updateAccess!(one, permissionsFor({}), context)),
    'permissions, back': () =>
      each(documents, (document) =>
        destination.updateAccess!(storedOf(document, ''), document.permissions, context),
      ),
    missing: () => destination.missing!(stored, context),
  }
}

function verdict(best: Best, secured: Secured, count: number, elements: number): Record<string, unknown> {
  const [upload, plain, access] = ['upload', 'a statement a row', 'permissions'].map(
    (side) => best.get(side)!,
  )
  const ratio = plain! / upload!
  const share = access! / upload!
  console.log(`${count} documents of ${elements} elements, ${concurrency} at a time`)
  for (const [side, seconds] of best)
    console.log(`${side.padEnd(24)}${(count / seconds).toFixed(0)} documents/s`)
  console.log(
    `${'all rows, as somebody'.padEnd(24)}${secured.milliseconds.map((each) => each.toFixed(1)).join(' ms, without policies ')} ms`,
  )
  return {
    ...{ documents: count, elements, ratio, limit, access_share: share, access_limit: accessLimit },
    ...{ rows_per_second: (count * elements) / upload!, rows_seen_as_somebody: secured.seen },
    passed: ratio >= limit && share <= accessLimit,
  }
}

/** Every tenth document is for `few`, the others for everybody. */
const audienceOf = (index: number): Partial<Document> => ({
  permissions: permissionsFor({ groups: [index % 10 === 0 ? 'few' : 'staff'] }),
})

async function rowByRow(client: Client, documents: readonly Document[], elements: number): Promise<void> {
  for (const document of documents) {
    await client.query('begin')
    await client.query('delete from plain where record_id = $1', [document.id])
    for (const [index, { element_id, type, text, metadata }] of elementsOf(
      document,
      texts(elements),
    ).entries())
      await client.query(
        `insert into plain (id, record_id, element_id, element_index, type, text, languages, filename, filetype, metadata)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          document.id,
          element_id,
          index,
          type,
          text,
          metadata.languages,
          metadata.filename,
          metadata.filetype,
          metadata,
        ],
      )
    await client.query('commit')
  }
}

interface Secured {
  /** With policies, and without. */
  readonly milliseconds: readonly [number, number]
  readonly seen: number
}

/** All texts read by somebody of the many, and by the owner. */
async function underSecurity(client: Client): Promise<Secured> {
  await client.query(await readFile(recipe, 'utf8'))
  await client.query('select outflow_access.set_key($1)', [key])
  await client.query('vacuum analyze elements')
  await client.query('vacuum analyze elements_documents')
  const query = 'select sum(length(text)), count(*)::integer as seen from elements'
  const best = async () => {
    let seconds = Infinity
    for (let round = 0; round < 20; round++)
      seconds = Math.min(seconds, await time(() => client.query(query)))
    return seconds * 1000
  }
  const open = await best()
  await client.query('begin; set local role wiki_reader')
  await client.query("select set_config('outflow.token', $1, true)", [
    tokenFor({ sub: 'amy', groups: ['staff'] }),
  ])
  const secured = await best()
  const { rows } = await client.query<{ seen: number }>(query)
  await client.query('rollback')
  return { milliseconds: [secured, open], seen: rows[0]!.seen }
}
