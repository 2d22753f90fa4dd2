/**
 * The PostgreSQL destination on a database of its own, for tests, and what is in it as SQL tells.
 *
 * @module
 */

import { Client } from 'pg'
import postgres from '../../src/destinations/postgres.ts'
import type { Element } from '../../src/model/element.ts'
import type { DocumentPermissions } from '../../src/model/permissions.ts'
import type { Subject } from './contract.ts'

export type Settings = Parameters<typeof postgres>[0]

/** A connection beside the destination's. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

export async function withClient<Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(url)
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** The same database, signed in to as the application. */
export function asReader(url: string): string {
  const address = new URL(url)
  address.username = 'wiki_reader'
  address.password = 'reader'
  return address.href
}

/** @param url of an empty database */
export async function postgresSubject(url: string, settings: Omit<Settings, 'url'> = {}): Promise<Subject> {
  const client = await connect(url)
  return {
    destination: postgres({ url, ...settings }),
    async held({ id }) {
      const documents = await client.query<{ permissions: DocumentPermissions; [column: string]: unknown }>(
        'select * from elements_documents where id = $1',
        [id],
      )
      const elements = await client.query<Pick<Element, 'element_id' | 'type' | 'text'>>(
        "select *, replace(element_id::text, '-', '') as element_id from elements where record_id = $1 order by element_index",
        [id],
      )
      const [document] = documents.rows
      if (document === undefined && elements.rows.length === 0) return undefined
      const { permissions, readers: _, ...rest } = document!
      return { elements: elements.rows, permissions, rest }
    },
    async takeOut({ id }) {
      await client.query('delete from elements where record_id = $1', [id])
    },
    dispose: () => client.end(),
  }
}
