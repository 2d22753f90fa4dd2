import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { Destination } from '../../src/model/contracts.ts'
import { OutflowError } from '../../src/model/errors.ts'
import { unknownPermissions } from '../../src/model/permissions.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import {
  asking,
  foundBy,
  key,
  type Person,
  recipe,
  type SecuredDatabase,
  securedDatabase,
  tokenFor,
} from './row-level-security.ts'
import { documentOf, elementsOf, permissionsFor, storedOf } from './samples.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const context = { signal: new AbortController().signal }

const open = documentOf(1, { permissions: permissionsFor({ groups: ['ANONYMOUS_USERS'] }) })
const staff = documentOf(2, { permissions: permissionsFor({ groups: ['staff'] }) })
const payroll = documentOf(3, { permissions: permissionsFor({ users: ['amy'] }) })

const amy: Person = { sub: 'amy', groups: ['staff'] }
const ben: Person = { sub: 'ben', groups: ['staff'] }

describe.skipIf(!server)(`row-level security ${server ? '' : noPostgres}`, () => {
  let database: SecuredDatabase
  let destination: Destination
  beforeAll(async () => {
    database = await securedDatabase(await server!.newDatabase())
    destination = postgres({ url: database.url })
    await destination.open(context)
    for (const document of [open, staff, payroll])
      await destination.upload(document, elementsOf(document, [`Secret of ${document.id}`, 'More']), context)
  })
  afterAll(async () => {
    await destination?.close()
    await database?.close()
  })

  /** Ids found, after it is sure that both tables tell the same. */
  async function found(token: string | undefined): Promise<readonly string[]> {
    const { elements, documents } = await foundBy(database.reader, token)
    expect(elements).toEqual(documents)
    return [...elements].sort()
  }
  /** What a statement of the application's gives, with a good token of Ben's. */
  const asBen = (sql: string, values: readonly unknown[] = []) =>
    asking(database.reader, tokenFor(ben), (client) => client.query(sql, [...values]))

  it('shows each person their own, and a visitor what is public', async () => {
    expect(await found(tokenFor(amy))).toEqual([open.id, staff.id, payroll.id])
    expect(await found(tokenFor(ben))).toEqual([open.id, staff.id])
    expect(await found(tokenFor({}))).toEqual([open.id])
  })

  it('shows nothing without a token, and after the transaction that had one', async () => {
    expect(await found(undefined)).toEqual([])
    await found(tokenFor(amy))
    const { rows } = await database.reader.query('select * from elements')
    expect(rows).toEqual([])
  })

  const tampered = (change: (claims: string) => string) => {
    const [header, claims, signature] = tokenFor(ben).split('.')
    return [header, change(claims!), signature].join('.')
  }
  const amysClaims = tokenFor(amy).split('.')[1]!
  const withoutEnd = () => {
    const signed = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"amy"}').toString('base64url')}`
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
  }
  it.each([
    ['signed with another key', () => tokenFor(amy, { secret: 'another key that is long enough 1234' })],
    ['with the claims of somebody else', () => tampered(() => amysClaims)],
    ['without a signature', () => `${tokenFor(amy).split('.').slice(0, 2).join('.')}.`],
    [
      'that says it needs none',
      () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${amysClaims}.`,
    ],
    ['that has ended', () => tokenFor(amy, { seconds: -1 })],
    ['that never ends', withoutEnd],
    ['that is none', () => 'amy'],
    ['of dots', () => '...'],
    ['of other characters', () => 'ä.%.\u{1f600}'],
  ])('refuses a token %s', async (_, token) => {
    await expect(found(token())).rejects.toThrow()
  })

  it('cannot be talked into another person by SQL in a row filter', async () => {
    const forged = tampered(() => amysClaims)
    const { reader } = database
    const forging = asking(reader, tokenFor(ben), () =>
      reader.query("select * from elements where set_config('outflow.token', $1, true) <> ''", [forged]),
    )
    // What was asked first counts for the whole query: no row of Amy's either way.
    const { rows } = await forging.catch(() => ({ rows: [] }))
    expect(rows.filter(({ record_id }) => record_id === payroll.id)).toEqual([])
    await expect(
      asBen(
        "with forged as materialized (select set_config('outflow.token', $1, true)) select e.* from forged, elements e",
        [forged],
      ),
    ).rejects.toThrow(/not signed/)
    for (const claim of [
      "set local outflow.person = 'amy'",
      "set local outflow.sub = 'amy'",
      'set local role none',
    ])
      expect(
        await asking(reader, tokenFor(ben), async (client) => {
          await client.query(claim)
          return (await client.query('select from elements where record_id = $1', [payroll.id])).rowCount
        }),
      ).toBe(0)
  })

  it('lets no function see rows that are not for the reader, however cheap it claims to be', async () => {
    const notices: string[] = []
    const listen = ({ message }: { message?: string | undefined }) => notices.push(message ?? '')
    database.reader.on('notice', listen)
    await asking(database.reader, tokenFor(ben), async (client) => {
      await client.query(
        "create function pg_temp.peek(text) returns boolean language plpgsql cost 0.0001 as $$ begin raise notice '%', $1; return true; end $$",
      )
      await client.query('select * from elements where pg_temp.peek(text)')
      await client.query('select * from elements_documents where pg_temp.peek(title)')
    })
    database.reader.off('notice', listen)
    expect(notices.join()).toContain(staff.id)
    expect(notices.join()).not.toContain(payroll.id)
    expect(notices.join()).not.toContain(payroll.title)
  })

  it.each([
    'select * from outflow_access.key',
    "select outflow_access.set_key('a key of mine, as long as they come 123')",
    'alter table elements disable row level security',
    'drop policy readers on elements',
    "update elements_documents set readers = '{group:ANONYMOUS_USERS}'",
    "insert into elements_documents (id) values ('x')",
    'delete from elements',
    'truncate elements',
    'set local role postgres',
    'alter role wiki_reader bypassrls',
    'create or replace function outflow_access.readers() returns text[] language sql as $$ select null::text[] $$',
  ])('is not for the application to change: %s', async (sql) => {
    await expect(asBen(sql)).rejects.toThrow(
      /permission denied|must be owner|must be superuser|only roles with|row-level/i,
    )
  })

  it('tells nothing by statistics', async () => {
    await database.admin.query('analyze elements; analyze elements_documents')
    const { rows } = await asBen(
      "select * from pg_stats where tablename in ('elements', 'elements_documents')",
    )
    expect(rows).toEqual([])
  })

  it('stays closed when it is taken apart: one policy gone, or one more role that may select', async () => {
    const { admin } = database
    await admin.query('begin')
    await admin.query('drop policy readers on elements_documents')
    await admin.query('create policy careless on elements_documents using (true)')
    await admin.query('set local role wiki_reader')
    expect((await admin.query('select from elements')).rowCount).toBe(0)
    await admin.query('rollback')
    await admin.query('begin')
    await admin.query(
      'create role outflow_careless; grant select on elements, elements_documents to outflow_careless',
    )
    await admin.query('set local role outflow_careless')
    expect((await admin.query('select from elements')).rowCount).toBe(0)
    expect((await admin.query('select from elements_documents')).rowCount).toBe(0)
    await admin.query('rollback')
  })

  it('follows a change of permissions at once, and closes what is unknown', async () => {
    const stored = storedOf(staff, '2 rows')
    await destination.updateAccess!(stored, permissionsFor({ users: ['amy'] }), context)
    expect(await found(tokenFor(ben))).toEqual([open.id])
    await destination.updateAccess!(stored, unknownPermissions('The space could not be read.'), context)
    expect(await found(tokenFor(amy))).toEqual([open.id, payroll.id])
    const careless = { ...permissionsFor({ groups: ['ANONYMOUS_USERS'] }), status: 'unknown' } as const
    await destination.updateAccess!(stored, careless, context)
    expect(await found(tokenFor(amy))).toEqual([open.id, payroll.id])
    await destination.updateAccess!(stored, staff.permissions, context)
    expect(await found(tokenFor(ben))).toEqual([open.id, staff.id])
  })

  it('takes users for users and groups for groups, whatever they are called', async () => {
    const odd = documentOf(4, {
      permissions: permissionsFor({ users: ['staff'], groups: ['user:amy', 'a,b"{}'] }),
    })
    await destination.upload(odd, elementsOf(odd, ['Odd']), context)
    expect(await found(tokenFor(amy))).not.toContain(odd.id)
    expect(await found(tokenFor({ sub: 'group:user:amy' }))).not.toContain(odd.id)
    for (const person of [{ sub: 'staff' }, { groups: ['user:amy'] }, { groups: ['a,b"{}'] }])
      expect(await found(tokenFor(person))).toContain(odd.id)
    await destination.remove!(storedOf(odd, '1 rows'), context)
  })

  it('may be set up again; a new key ends the tokens of the old one', async () => {
    await database.admin.query(await readFile(recipe, 'utf8'))
    expect(await found(tokenFor(ben))).toEqual([open.id, staff.id])
    for (const secret of ['k'.repeat(32), 'ключ '.repeat(40)]) {
      await database.admin.query('select outflow_access.set_key($1)', [secret])
      await expect(found(tokenFor(ben))).rejects.toThrow(/not signed/)
      expect(await found(tokenFor(ben, { secret }))).toEqual([open.id, staff.id])
    }
    await expect(database.admin.query("select outflow_access.set_key('short')")).rejects.toThrow(/shorter/)
    await database.admin.query('select outflow_access.set_key($1)', [key])
  })

  it('does not stand in the way of the owner; whoever else writes is told before anything is read', async () => {
    const again = postgres({ url: database.url })
    await again.open(context)
    await again.close()
    await database.admin.query(
      "create role writer login password 'writer'; grant select, insert, update, delete on elements, elements_documents to writer",
    )
    const address = new URL(database.url)
    address.username = 'writer'
    address.password = 'writer'
    const other = postgres({ url: address.href })
    const refused = await other.open(context).catch((thrown: unknown) => thrown)
    await other.close()
    expect(refused).toBeInstanceOf(OutflowError)
    expect(refused).toMatchObject({ kind: 'config', code: 'postgres.no_right' })
    expect((refused as OutflowError).message).toContain('row-level security')
  })
})
