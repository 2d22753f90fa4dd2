import type { Client } from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { Destination } from '../../src/model/contracts.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { connect, type Settings } from './postgres-subject.ts'
import { documentOf, elementsOf, permissionsFor, storedOf, texts } from './samples.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const context = { signal: new AbortController().signal }

describe.skipIf(!server)(`tables of the PostgreSQL destination ${server ? '' : noPostgres}`, () => {
  let url: string
  let client: Client
  const opened: Destination[] = []
  beforeEach(async () => {
    url = await server!.newDatabase()
    client = await connect(url)
  })
  afterEach(async () => {
    for (const destination of opened.splice(0)) await destination.close()
    await client.end()
  })

  async function open(settings: Omit<Settings, 'url'> = {}): Promise<Destination> {
    const destination = postgres({ url, ...settings })
    opened.push(destination)
    await destination.open(context)
    return destination
  }
  async function deliver(destination: Destination, number: number, count = 2) {
    const document = documentOf(number)
    const elements = elementsOf(document, texts(count))
    return {
      document,
      elements,
      stored: storedOf(document, await destination.upload(document, elements, context)),
    }
  }
  const rowsOf = async (sql: string, values: readonly unknown[] = []) =>
    (await client.query<Record<string, unknown>>(sql, [...values])).rows

  it('are made, with what is known of a page in columns of their own', async () => {
    const { document, elements } = await deliver(await open(), 1)
    expect(
      await rowsOf(
        "select *, id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-5' as named from elements order by element_index",
      ),
    ).toMatchObject(
      elements.map(({ element_id, type, text }, element_index) => ({
        ...{ element_id, type, text, element_index, named: true, parent_id: null, page_number: null },
        record_id: document.id,
        category_depth: 0,
        languages: ['eng'],
        filename: '1.html',
        filetype: 'text/html',
        url: document.url,
        version: '1',
        date_created: document.createdAt,
        date_modified: document.modifiedAt,
        date_processed: new Date('2025-06-01T00:00:00Z'),
        metadata: {
          ancestors: document.ancestors,
          labels: document.labels,
          author: document.author,
          data_source: { url: document.url, record_locator: document.recordLocator, filesize_bytes: 1234 },
        },
      })),
    )
    expect(await rowsOf('select * from elements_documents')).toEqual([
      {
        ...{ id: document.id, version: '1', kind: 'page', space: 'HR', title: 'Page 1', url: document.url },
        elements: 2,
        readers: ['user:amy', 'group:hr', 'group:staff'],
        permissions: document.permissions,
      },
    ])
  })

  it('hold permissions once: not in the metadata, where a change would not reach them', async () => {
    await deliver(await open(), 1)
    const [{ metadata } = {}] = await rowsOf('select metadata from elements limit 1')
    expect(JSON.stringify(metadata)).not.toContain('permissions')
  })

  it('find readers by an index', async () => {
    await open()
    await client.query('set enable_seqscan = off')
    const plan = await rowsOf("explain select id from elements_documents where readers && '{user:amy}'")
    expect(JSON.stringify(plan)).toContain('readers_idx')
  })

  it('are made once by many who come at the same time', async () => {
    await Promise.all(Array.from({ length: 6 }, () => open({ connections: 1 })))
    expect(await rowsOf('select from elements')).toEqual([])
  })

  it('leave nothing of the try behind that proves them', async () => {
    await open()
    expect(await rowsOf('select from elements_documents')).toEqual([])
  })

  it('may have any name in any schema', async () => {
    const names = { schema: 'Wiki "2" ü', table_name: "T'a\\b; drop table x --" }
    const destination = await open(names)
    const { stored } = await deliver(destination, 1)
    await destination.updateAccess!(stored, permissionsFor({ users: ['ben'] }), context)
    expect(await destination.missing!([stored], context)).toEqual([])
    const quoted = `"Wiki ""2"" ü"."T'a\\b; drop table x --"`
    expect(await rowsOf(`select from ${quoted}`)).toHaveLength(2)
    await destination.remove!(stored, context)
    expect(await rowsOf(`select from ${quoted}`)).toHaveLength(0)
  })

  it('may be those that Unstructured documents, as they stand', async () => {
    await client.query(`create table elements (
      id uuid primary key, record_id varchar, element_id varchar, text text, embeddings decimal[], parent_id varchar,
      page_number integer, is_continuation boolean, orig_elements text, partitioner_type varchar)`)
    const destination = await open()
    const document = documentOf(1)
    const [title, ...others] = elementsOf(document, texts(2))
    const elements = [
      { ...title!, embeddings: [0.25, 1], metadata: { ...title!.metadata, page_number: 7 } },
      ...others.map((each) => ({
        ...each,
        metadata: { ...each.metadata, parent_id: title!.element_id, is_continuation: true },
      })),
    ]
    const stored = storedOf(document, await destination.upload(document, elements, context))
    expect(await destination.missing!([stored], context)).toEqual([])
    expect(await rowsOf('select * from elements order by text')).toMatchObject([
      {
        record_id: document.id,
        text: 'Paragraph 0',
        embeddings: [0.25, 1],
        page_number: 7,
        is_continuation: null,
      },
      { parent_id: title!.element_id, is_continuation: true, partitioner_type: null, embeddings: null },
    ])
    expect(await rowsOf('select readers from elements_documents')).toHaveLength(1)
  })

  it('may have their columns in any type that can hold what they are called by', async () => {
    await client.query(`create table elements (
      id text, record_id varchar(200), element_id uuid, text text, languages text, link_urls varchar[], category_depth smallint,
      version integer, date_created double precision, date_modified date, date_processed varchar, record_locator text,
      points jsonb, system text, layout_width numeric, labels text[], data_source jsonb)`)
    const destination = await open()
    const document = documentOf(1)
    const [element] = elementsOf(document, ['Text'])
    const coordinates = { points: [[1, 2]], system: 'PixelSpace', layout_width: 800.5 }
    const metadata = { ...element!.metadata, link_urls: ['https://a.test', 'b,"c"'], coordinates }
    await destination.upload(document, [{ ...element!, metadata }], context)
    expect(await rowsOf('select *, date_modified::text as date_modified from elements')).toMatchObject([
      {
        languages: '["eng"]',
        link_urls: ['https://a.test', 'b,"c"'],
        category_depth: 0,
        version: 1,
        date_created: 1709208000,
        date_modified: '2025-03-01',
        date_processed: '1748736000',
        record_locator: '{"space_id":"1","document_id":"1"}',
        points: [[1, 2]],
        system: 'PixelSpace',
        layout_width: '800.5',
        labels: ['policy'],
      },
    ])
  })

  it('may have columns of the user, which keep their defaults', async () => {
    await client.query(`create table elements (
      id bigint generated always as identity, record_id text, element_id text, text text,
      added timestamptz not null default now(), tags text[] not null default '{}',
      words tsvector generated always as (to_tsvector('english', text)) stored)`)
    await deliver(await open(), 1)
    expect(
      await rowsOf("select id, tags from elements where words @@ to_tsquery('paragraph') order by id"),
    ).toHaveLength(2)
  })

  it('leave an id that counts to the table', async () => {
    await client.query('create table elements (id bigserial, record_id text, element_id text, text text)')
    await deliver(await open(), 1)
    expect(await rowsOf('select distinct id from elements')).toHaveLength(2)
  })

  it('may tell permissions in every row: they are kept, and changed, there as well', async () => {
    await client.query(`create table elements (record_id text, element_id text, text text, readers text[], permissions jsonb,
      permissions_data text, permissions_status text, permissions_reason text, permissions_rules jsonb, mine text default 'mine')`)
    const destination = await open()
    const { stored, document } = await deliver(destination, 1)
    const { stored: other } = await deliver(destination, 2)
    const seen =
      'select distinct readers, permissions_data, permissions_status, permissions_reason, permissions, permissions_rules, mine from elements where record_id = $1'
    const expected = ({ permissions }: typeof document) => [
      {
        readers: permissions.data[0].read.users
          .map((id) => `user:${id}`)
          .concat(permissions.data[0].read.groups.map((id) => `group:${id}`)),
        permissions_data: JSON.stringify(permissions.data),
        permissions_status: permissions.status,
        permissions_reason: permissions.reason ?? null,
        permissions_rules: permissions.rules,
        permissions,
        mine: 'mine',
      },
    ]
    expect(await rowsOf(seen, [stored.id])).toEqual(expected(document))
    for (const permissions of [
      permissionsFor({ users: ['ben'] }, 'partial'),
      permissionsFor({ groups: ['hr'] }),
    ]) {
      await destination.updateAccess!(stored, permissions, context)
      expect(await rowsOf(seen, [stored.id])).toEqual(expected({ ...document, permissions }))
    }
    expect(await rowsOf(seen, [other.id])).toEqual(expected(document))
  })

  it('without a column that is needed are refused, with the statement that adds it', async () => {
    await client.query('create table elements (id uuid, "Text" text)')
    const refused = await open().catch((thrown: { message: string; fix: string }) => thrown)
    expect(refused).toMatchObject({
      kind: 'config',
      code: 'postgres.columns_missing',
      message: 'The table "public"."elements" has no column record_id, element_id, text.',
    })
    await client.query((refused as { fix: string }).fix.split(';')[0]!)
    await deliver(await open(), 1)
  })

  it('are refused when the table of documents is something else', async () => {
    await client.query('create table elements_documents (id text)')
    await expect(open()).rejects.toMatchObject({
      code: 'postgres.columns_missing',
      message: expect.stringContaining('"public"."elements_documents" has no column version'),
    })
  })

  it.each([
    ['demands a value that nobody knows', 'customer text not null'],
    ['is of a type that does not fit', 'element_index uuid'],
    ['is too narrow for anything', 'type varchar(3)'],
    ['has a check that nothing passes', 'version text check (version is null)'],
  ])('are refused when a column %s', async (_, column) => {
    await client.query(`create table elements (record_id text, element_id text, text text, ${column})`)
    await expect(open()).rejects.toMatchObject({ kind: 'config', code: 'postgres.table_refuses' })
  })

  it('are refused when a rule swallows deletes: old rows would stay', async () => {
    await client.query(`create table elements (record_id text, element_id text, text text);
      create rule keep as on delete to elements do instead nothing`)
    await expect(open()).rejects.toMatchObject({ kind: 'config', code: 'postgres.rows_hidden' })
  })

  it('keep rows of others, and of other documents', async () => {
    await client.query(`create table elements (record_id text, element_id text, text text);
      insert into elements values ('theirs', '1', 'Theirs')`)
    const destination = await open()
    const { stored } = await deliver(destination, 1)
    await destination.remove!(stored, context)
    expect(await rowsOf('select text from elements')).toEqual([{ text: 'Theirs' }])
  })

  it('that are too narrow for one document cost that document alone, and its text is told to nobody', async () => {
    await client.query(
      'create table elements (record_id text, element_id text, text varchar(30), category_depth integer)',
    )
    const destination = await open()
    const document = documentOf(1)
    await deliver(destination, 1)
    const long = elementsOf(document, ['short', 'a secret that is far too long for this column'])
    const [odd] = elementsOf(document, ['odd'])
    const refused = [long, [{ ...odd!, metadata: { ...odd!.metadata, category_depth: 'a secret' as never } }]]
    for (const elements of refused) {
      const error = await destination.upload(document, elements, context).catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ kind: 'content', code: 'postgres.not_stored' })
      expect((error as Error).message).not.toContain('secret')
    }
    expect(await rowsOf('select text from elements order by text')).toEqual([
      { text: 'Paragraph 0' },
      { text: 'Paragraph 1' },
    ])
    await deliver(destination, 2)
  })

  it('know a document as missing that lost a row, has one too many, or is of another version', async () => {
    const destination = await open()
    const stored = [1, 2, 3, 4].map(async (number) => (await deliver(destination, number)).stored)
    const [lost, more, older, whole] = await Promise.all(stored)
    await client.query('delete from elements where record_id = $1 and element_index = 1', [lost!.id])
    await client.query(
      'insert into elements select gen_random_uuid(), record_id, element_id, 9, type, text, null, null, null, null, null, null, null, null, null, null, null, metadata from elements where record_id = $1 limit 1',
      [more!.id],
    )
    const missing = await destination.missing!([lost!, more!, { ...older!, version: '2' }, whole!], context)
    expect([...missing].sort()).toEqual([lost!.id, more!.id, older!.id].sort())
  })

  it('get many elements in batches of the size that was asked for', async () => {
    await client.query(`create table batches (rows integer);
      create table elements (record_id text, element_id text, text text, element_index integer);
      create function note() returns trigger language plpgsql as
        $$ begin insert into batches select count(*) from added where record_id <> 'outflow:probe'; return null; end $$;
      create trigger note after insert on elements referencing new table as added for each statement execute function note()`)
    await deliver(await open({ batch_size: 40 }), 1, 100)
    expect(await rowsOf('select rows from batches where rows > 0')).toEqual([
      { rows: 40 },
      { rows: 40 },
      { rows: 20 },
    ])
  })
})
