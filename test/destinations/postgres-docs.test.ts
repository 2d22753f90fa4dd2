import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client, QueryResult } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import postgres from '../../src/destinations/postgres.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { startPgvector } from './pgvector-server.ts'
import { asReader, connect, type Settings } from './postgres-subject.ts'
import { foundBy, key, type Person, type SecuredDatabase, securedDatabase } from './row-level-security.ts'
import { documentOf, elementsOf, permissionsFor, texts } from './samples.ts'

const context = { signal: new AbortController().signal }

const page = await readFile(
  join(import.meta.dirname, '..', '..', 'docs', 'destinations', 'postgres.md'),
  'utf8',
)

/** Blocks by the words behind their fence: `sql`, `sql own`. */
const blocks = (words: string) =>
  [...page.matchAll(/^```([a-z -]+)\n([\s\S]*?)^```/gm)].flatMap(([, kind, text]) =>
    kind === words ? [text!] : [],
  )

const server = await startPostgres()
afterAll(() => server?.stop())

interface Program {
  tokenFor(person: Person, key: string): string
  askAs(client: Client, token: string, query: string): Promise<QueryResult<Record<string, unknown>>>
}

async function deliver(url: string, settings: Omit<Settings, 'url'> = {}): Promise<void> {
  const destination = postgres({ url, ...settings })
  await destination.open(context)
  const audiences = [{ users: ['712020:4f1c'] }, { groups: ['AUTHENTICATED_USERS'] }, { groups: ['board'] }]
  for (const [number, read] of audiences.entries()) {
    const document = documentOf(number, {
      permissions: permissionsFor(read, number === 2 ? 'partial' : 'complete'),
    })
    const elements = elementsOf(document, [...texts(2), 'Parental leave is long.'])
    await destination.upload(
      document,
      elements.map((each) => ({ ...each, embeddings: [0.1, number, 0.3] })),
      context,
    )
  }
  await destination.close()
}

describe('the page on PostgreSQL', () => {
  it('shows a workflow whose settings are right', () => {
    const [block] = blocks('yaml')
    const { destination } = parse(block!) as { destination: { type: string; url: string } }
    const { type, ...settings } = destination
    expect(type).toBe('postgres')
    const [, url] = /# (postgres:\S+)/.exec(block!)!
    expect(postgres({ ...settings, url: url! }).identity).toBe(
      'postgres://db.acme.com:5432/wiki/public.elements',
    )
  })

  it('shows how to ask for neighbours', async () => {
    const pgvector = await startPgvector()
    await deliver(pgvector.url, { connections: 1 })
    await pgvector.left()
    const [block] = blocks('sql with-embeddings')
    const results = await pgvector.db.exec(block!)
    expect(results.at(-1)!.rows).toHaveLength(5)
    await pgvector.close()
  })
})

describe.skipIf(!server)(`the page on PostgreSQL, tried on a real server ${server ? '' : noPostgres}`, () => {
  let database: SecuredDatabase
  let program: Program
  beforeAll(async () => {
    database = await securedDatabase(await server!.newDatabase())
    await deliver(database.url)
    const [block] = blocks('js')
    program = (await import(`data:text/javascript,${encodeURIComponent(block!)}`)) as Program
  })
  afterAll(() => database?.close())

  it('shows queries that find something', async () => {
    const queries = blocks('sql')
      .flatMap((block) => block.split(/;\n/))
      .filter((query) => query.trim() !== '')
    expect(queries.length).toBeGreaterThan(5)
    const rows: number[] = []
    for (const query of queries) rows.push((await database.admin.query(query)).rowCount ?? 0)
    // Those by reader, as one text, tables (none), without complete permissions, the index, by words.
    expect(rows).toEqual([6, 1, 0, 1, 0, 3])
  })

  const titlesFor = async (person: Person) => {
    const client = await connect(asReader(database.url))
    const { rows } = await program.askAs(
      client,
      program.tokenFor(person, key),
      'select title from elements_documents order by id',
    )
    await client.end()
    return rows.map(({ title }) => title)
  }

  it('shows a program that asks as somebody', async () => {
    expect(await titlesFor({ sub: '712020:4f1c', groups: ['board'] })).toEqual(['Page 0', 'Page 1', 'Page 2'])
    expect(await titlesFor({ sub: 'other' })).toEqual(['Page 1'])
    expect(await titlesFor({})).toEqual([])
  })

  it('shows a way to keep readers in each row, which finds the same and stays up to date', async () => {
    const [block] = blocks('sql rows')
    await database.admin.query(block!)
    const destination = postgres({ url: database.url })
    await destination.open(context)
    const token = (person: Person) => program.tokenFor(person, key)
    const found = async (person: Person) =>
      [...(await foundBy(database.reader, token(person))).elements].sort()
    expect(await found({ sub: '712020:4f1c' })).toEqual([0, 1].map((number) => documentOf(number).id))
    const board = { id: documentOf(2).id, version: '1', receipt: '' }
    await destination.updateAccess!(board, permissionsFor({ users: ['ben'] }), context)
    await destination.close()
    expect(await found({ sub: 'ben' })).toEqual([1, 2].map((number) => documentOf(number).id))
    expect(await found({ groups: ['board'] })).toEqual([])
  })

  it('shows a table of one’s own', async () => {
    const url = await server!.newDatabase()
    const client = await connect(url)
    const [block] = blocks('sql own')
    await client.query(block!)
    await deliver(url)
    expect(
      (await client.query('select from elements where id is not null and embeddings is not null')).rowCount,
    ).toBe(9)
    await client.end()
  })
})
