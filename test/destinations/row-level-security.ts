/**
 * The recipe docs/sql/row-level-security.sql on a database, and queries as somebody.
 *
 * @module
 */

import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import postgres from '../../src/destinations/postgres.ts'
import { asReader, connect } from './postgres-subject.ts'

export const recipe = join(import.meta.dirname, '..', '..', 'docs', 'sql', 'row-level-security.sql')

/** As an application's own secret: any text. */
export const key = 'a key of a test, long enough: 0123456789'

/** Whom a query is asked as, by the ids that Confluence has for them. */
export interface Person {
  /** Left out: a visitor who is not signed in. */
  readonly sub?: string
  readonly groups?: readonly string[]
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JSON Web Token, made as any library would. @param seconds until it ends */
export function tokenFor(person: Person, { secret = key, seconds = 60 } = {}): string {
  const exp = Math.floor(Date.now() / 1000) + seconds
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...person, exp })}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

export interface SecuredDatabase {
  readonly url: string
  /** As the superuser, whom no policy stops. */
  readonly admin: Client
  /** As a role that may only read: the application. */
  readonly reader: Client
  close(): Promise<void>
}

/** Makes the tables by the destination itself, then runs the recipe as an administrator would. */
export async function securedDatabase(url: string): Promise<SecuredDatabase> {
  const destination = postgres({ url })
  await destination.open({ signal: new AbortController().signal })
  await destination.close()
  const admin = await connect(url)
  await admin.query(await readFile(recipe, 'utf8'))
  await admin.query('select outflow_access.set_key($1)', [key])
  await admin.query("alter role wiki_reader login password 'reader'")
  const reader = await connect(asReader(url))
  return {
    url,
    admin,
    reader,
    async close() {
      await reader.end()
      await admin.end()
    },
  }
}

/** Runs statements within a transaction with a token, as an application does. */
export async function asking<Result>(
  client: Client,
  token: string | undefined,
  ask: (client: Client) => Promise<Result>,
): Promise<Result> {
  await client.query('begin')
  try {
    if (token !== undefined) await client.query("select set_config('outflow.token', $1, true)", [token])
    return await ask(client)
  } finally {
    await client.query('rollback')
  }
}

/** What one person finds: ids of documents, by the rows of either table. */
export async function foundBy(
  client: Client,
  token: string | undefined,
): Promise<Record<'elements' | 'documents', Set<string>>> {
  return asking(client, token, async () => {
    const elements = await client.query<{ id: string }>('select distinct record_id as id from elements')
    const documents = await client.query<{ id: string }>('select id from elements_documents')
    return { elements: idsOf(elements.rows), documents: idsOf(documents.rows) }
  })
}

const idsOf = (rows: readonly { readonly id: string }[]) => new Set(rows.map(({ id }) => id))
