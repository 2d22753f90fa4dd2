/**
 * Rows into a real PostgreSQL, against one statement a row in one transaction a document, which is how the reference writes; and
 * what a change of permissions and a query under row-level security cost.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import postgres from '../src/destinations/postgres.ts'
import type { Document } from '../src/model/document.ts'
import { createPool } from '../src/util/pool.ts'
import { key, tokenFor } from '../test/destinations/row-level-security.ts'
import { documentOf, elementsOf, permissionsFor, storedOf, texts } from '../test/destinations/samples.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'

/** What has to be reached: rows a second over those of one statement a row. */
const limit = 2
/** A change of permissions may take so much of the time of an upload. */
const accessLimit = 0.5

const context = { signal: new AbortController().signal }
const concurrency = 8

const rule = join(import.meta.dirname, '..', 'docs', 'sql', 'row-level-security.sql')

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

/** `--documents N`, `--elements N` of each. */
export default async function benchmarkPostgres(args: string[]): Promise<Record<string, unknown>> {
  const { documents: count, elements } = options(args, { documents: 2000, elements: 10 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  const url = await server.newDatabase()
  const destination = postgres({ url })
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    await destination.open(context)
    const documents = Array.from({ length: count }, (_, index) => documentOf(index, audienceOf(index)))
    const upload = (document: Document) =>
      destination.upload(document, elementsOf(document, texts(elements)), context)
    const first = await time(() => each(documents, upload))
    const again = await time(() => each(documents, upload))
    const access = await time(() =>
      each(documents, (document) =>
        destination.updateAccess!(storedOf(document, ''), document.permissions, context),
      ),
    )
    const missing = await time(() =>
      destination.missing!(
        documents.map((each) => storedOf(each, '')),
        context,
      ),
    )
    const plain = await rowByRow(client, documents.slice(0, Math.ceil(count / 10)), elements)
    const secured = await underSecurity(client)
    const rows = count * elements
    const ratio = rows / first / plain
    console.log(`${count} documents of ${elements} elements, ${concurrency} at a time`)
    for (const [name, seconds] of Object.entries({ 'first upload': first, replaced: again }))
      console.log(`${name.padEnd(24)}${(rows / seconds).toFixed(0)} rows/s`)
    console.log(`${'a statement a row'.padEnd(24)}${plain.toFixed(0)} rows/s`)
    console.log(`${'permissions changed'.padEnd(24)}${(count / access).toFixed(0)} documents/s`)
    console.log(`${'what is missing'.padEnd(24)}${(missing * 1000).toFixed(1)} ms for all`)
    console.log(`${'all rows, as somebody'.padEnd(24)}${secured.ratio.toFixed(2)} x of without policies`)
    const share = access / first
    return {
      ...{ documents: count, elements, ratio, limit, access_share: share, access_limit: accessLimit },
      ...{ secured_ratio: secured.ratio, seen: secured.seen, passed: ratio >= limit && share <= accessLimit },
    }
  } finally {
    await destination.close()
    await client.end()
    await server.stop()
  }
}

/** Every tenth document is for `few`, the others for everybody. */
const audienceOf = (index: number): Partial<Document> => ({
  permissions: permissionsFor({ groups: [index % 10 === 0 ? 'few' : 'staff'] }),
})

/** @returns rows a second */
async function rowByRow(client: Client, documents: readonly Document[], elements: number): Promise<number> {
  await client.query('create table plain (like elements including all)')
  const seconds = await time(async () => {
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
  })
  return (documents.length * elements) / seconds
}

/** All texts read by somebody of the many, over the same number of rows read by the owner. */
async function underSecurity(client: Client): Promise<{ readonly ratio: number; readonly seen: number }> {
  await client.query(await readFile(rule, 'utf8'))
  await client.query('select outflow_access.set_key($1)', [key])
  await client.query('analyze elements; analyze elements_documents')
  const query = 'select sum(length(text)), count(*)::integer as seen from elements'
  const best = async () => {
    let seconds = Infinity
    for (let round = 0; round < 20; round++)
      seconds = Math.min(seconds, await time(() => client.query(query)))
    return seconds
  }
  const open = await best()
  await client.query('begin; set local role wiki_reader')
  await client.query("select set_config('outflow.token', $1, true)", [
    tokenFor({ sub: 'amy', groups: ['staff'] }),
  ])
  const secured = await best()
  const { rows } = await client.query<{ seen: number }>(query)
  await client.query('rollback')
  return { ratio: secured / open, seen: rows[0]!.seen }
}
