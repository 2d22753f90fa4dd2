/**
 * Elements as rows of a PostgreSQL table, and who may read them as rows of another, for row-level security to look at.
 *
 * @module
 */

import { defineDestination, type PluginContext } from '../kit/define.ts'
import type { CallContext } from '../model/call.ts'
import type { Destination } from '../model/contracts.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { addressOf, placeOf } from './postgres/address.ts'
import { createDatabase, type Query } from './postgres/database.ts'
import { proveWritable } from './postgres/proof.ts'
import { type PostgresSettings, settings } from './postgres/settings.ts'
import {
  missingDocuments,
  readDocument,
  removeDocument,
  replaceAccess,
  replaceDocument,
} from './postgres/statements.ts'
import { addEmbeddings, type Layout, prepareTables, tablesOf } from './postgres/tables.ts'

/** Replaces each document in one transaction: a query sees all of the old rows, or all of the new ones. */
export default defineDestination({
  name: 'postgres',
  title: 'PostgreSQL',
  settings,
  flags: false,
  create: createPostgres,
})

/** Somebody waits for the run to begin, and a wrong address does not mend itself. */
const triesToOpen = 3

function createPostgres(given: PostgresSettings, { lookup }: PluginContext): Destination {
  const address = addressOf(given)
  const database = createDatabase(address, { size: given.connections, lookup })
  const tables = tablesOf(given)
  const identity = `${placeOf(address)}/${given.schema}.${given.table_name}`
  let prepared: Promise<Layout> | undefined
  let grown: Promise<Layout> | undefined

  function open(context: CallContext): Promise<Layout> {
    const prepare = async (query: Query) => {
      const layout = await prepareTables(query, tables)
      await proveWritable(query, tables, layout)
      return layout
    }
    prepared = database.transaction(prepare, context, triesToOpen)
    return prepared
  }

  /** The layout, with a column for embeddings when the elements have some and the table is ours to change. */
  async function layoutFor(elements: readonly Element[], context: CallContext): Promise<Layout> {
    const layout = await (grown ?? prepared ?? open(context))
    const length = elements.find(({ embeddings }) => embeddings !== undefined)?.embeddings?.length
    if (length === undefined || !layout.ours || layout.columns.has('embeddings')) return layout
    grown ??= grow(length, context)
    return grown
  }

  async function grow(length: number, context: CallContext): Promise<Layout> {
    try {
      return await database.transaction((query) => addEmbeddings(query, tables.elements, length), context)
    } catch (thrown) {
      grown = undefined
      throw thrown
    }
  }

  return {
    role: 'destination',
    name: 'postgres',
    identity,
    async open(context) {
      await open(context)
    },
    async upload(document, elements, context) {
      const layout = await layoutFor(elements, context)
      await database.transaction(
        (query) => replaceDocument(query, tables, layout, given.batch_size, document, elements),
        context,
      )
      return `${elements.length} rows`
    },
    async updateAccess(stored, permissions, context) {
      const layout = await layoutFor([], context)
      const there = await database.transaction(
        (query) => replaceAccess(query, tables, layout, stored, permissions),
        context,
      )
      if (!there) throw gone(stored.id, identity)
    },
    async read(stored, context) {
      const layout = await layoutFor([], context)
      return database.transaction((query) => readDocument(query, tables, layout, stored), context)
    },
    remove: (stored, context) =>
      database.transaction((query) => removeDocument(query, tables, stored), context),
    missing: (stored, context) =>
      database.transaction((query) => missingDocuments(query, tables, stored), context),
    finish: async () => undefined,
    close: database.close,
  }
}

function gone(id: string, identity: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'postgres.no_such_document',
    message: `${identity} holds no document ${id}.`,
    fix: 'Somebody took it out; the next run delivers it again.',
  })
}
