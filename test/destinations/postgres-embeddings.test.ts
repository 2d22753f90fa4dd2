import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { Destination } from '../../src/model/contracts.ts'
import type { Element } from '../../src/model/element.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { type PgvectorServer, startPgvector } from './pgvector-server.ts'
import { withClient } from './postgres-subject.ts'
import { documentOf, elementsOf } from './samples.ts'

const context = { signal: new AbortController().signal }

/** What is open, to be closed in the other order whatever happened. */
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const vectors = [
  [1, 0, 0],
  [0, 1, 0],
  [0.5, 0.5, 0.25],
]

const embedded = (number: number, embeddings: readonly (readonly number[])[] = vectors): readonly Element[] =>
  elementsOf(
    documentOf(number),
    embeddings.map((_, index) => `Text ${index}`),
  ).map((element, index) => ({ ...element, embeddings: embeddings[index]! }))

async function open(settings: Parameters<typeof postgres>[0]): Promise<Destination> {
  const destination = postgres(settings)
  opened.push(() => destination.close())
  await destination.open(context)
  return destination
}

describe('embeddings', () => {
  let server: PgvectorServer
  beforeAll(async () => {
    server = await startPgvector()
  })
  beforeEach(() => void opened.push(() => server.left()))
  afterAll(() => server.close())

  it('become a column of pgvector as long as they are, when they first come; nearest neighbours are found', async () => {
    const { url, db } = server
    const destination = await open({ url, connections: 1 })
    await destination.upload(documentOf(1), elementsOf(documentOf(1), ['No embeddings yet']), context)
    await Promise.all(
      [2, 3].map((number) => destination.upload(documentOf(number), embedded(number), context)),
    )
    const { rows } = await db.query<{ text: string; type: string }>(
      `select text, format_type(atttypid, atttypmod) as type
       from elements, pg_attribute where attrelid = 'elements'::regclass and attname = 'embeddings' and record_id = $1
       order by embeddings <=> '[0, 0.9, 0.1]' limit 2`,
      [documentOf(2).id],
    )
    expect(rows).toEqual([
      { text: 'Text 1', type: 'vector(3)' },
      { text: 'Text 2', type: 'vector(3)' },
    ])
    await db.query('create index on elements using hnsw (embeddings vector_cosine_ops)')
    await destination.upload({ ...documentOf(2), version: '2' }, embedded(2), context)
  })

  it('of another model are refused, with what to do', async () => {
    const { url, db } = server
    const settings = { url, connections: 1, schema: 'models' }
    const destination = await open(settings)
    await destination.upload(documentOf(1), embedded(1), context)
    const longer = embedded(1, [[1, 2, 3, 4]])
    await expect(destination.upload(documentOf(1), longer, context)).rejects.toMatchObject({
      kind: 'config',
      code: 'postgres.dimensions',
      message: expect.stringContaining('expected 3 dimensions, not 4'),
    })
    await destination.close()
    await server.left()
    await db.query('alter table models.elements drop column embeddings')
    const again = await open(settings)
    await again.upload(documentOf(1), longer, context)
    expect((await db.query('select embeddings from models.elements')).rows).toEqual([
      { embeddings: '[1,2,3,4]' },
    ])
  })

  it('go into a column of vectors that the user made, in any of its types', async () => {
    const { url, db } = server
    await db.exec(`create extension if not exists vector;
      create schema mine;
      create table mine.elements (record_id text, element_id text, text text, embeddings halfvec(3))`)
    const destination = await open({ url, connections: 1, schema: 'mine' })
    await destination.upload(documentOf(1), embedded(1), context)
    expect((await db.query('select embeddings::text as e from mine.elements order by text')).rows).toEqual(
      vectors.map((each) => ({ e: JSON.stringify(each) })),
    )
  })

  it('become plain numbers where there is no pgvector', async () => {
    const plain = await startPgvector({ withVector: false })
    opened.push(() => plain.close())
    const { url, db } = plain
    const destination = await open({ url, connections: 1 })
    await destination.upload(documentOf(1), embedded(1), context)
    const { rows } = await db.query(
      'select pg_typeof(embeddings)::text as type, embeddings from elements order by text',
    )
    expect(rows).toEqual(vectors.map((embeddings) => ({ type: 'real[]', embeddings })))
  })
})

const server = await startPostgres()

describe.skipIf(!server)(`embeddings on a real server ${server ? '' : noPostgres}`, () => {
  it('become plain numbers without pgvector, with many documents at the same time', async () => {
    opened.push(() => server!.stop())
    const url = await server!.newDatabase()
    const destination = await open({ url })
    const numbers = Array.from({ length: 12 }, (_, index) => index)
    await Promise.all(
      numbers.map((number) => destination.upload(documentOf(number), embedded(number), context)),
    )
    const { rows } = await withClient(url, (client) =>
      client.query('select count(*)::integer as count from elements where array_length(embeddings, 1) = 3'),
    )
    expect(rows).toEqual([{ count: 36 }])
  })
})
