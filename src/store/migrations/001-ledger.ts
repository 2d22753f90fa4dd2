/**
 * The ledger: what is known of every document that was ever seen.
 *
 * @module
 */

import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { schemaName } from '../schema.ts'

export const ledgerTables: Migration = {
  async up(database) {
    const { schema } = database.withSchema(schemaName)
    // Sorted by code point, so that paging by id goes the same way on every server.
    const key = sql`text collate "C"`
    await schema
      .createTable('documents')
      .addColumn('workflow', key, (column) => column.notNull())
      .addColumn('id', key, (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('space', 'text', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('object_id', 'text', (column) => column.notNull())
      .addColumn('space_id', 'text', (column) => column.notNull())
      .addColumn('parent_ids', 'jsonb', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('stage', 'text')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('error', 'jsonb')
      .addColumn('reason', 'text')
      .addColumn('delivered', 'jsonb')
      .addColumn('changed_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('documents_key', ['workflow', 'id'])
      .execute()
    // Hashes: a title or an address may be longer than an entry of a tree may be.
    for (const column of ['object_id', 'url', 'title'])
      await schema.createIndex(`documents_${column}`).on('documents').using('hash').column(column).execute()
    await schema
      .createTable('leftovers')
      .addColumn('workflow', key, (column) => column.notNull())
      .addColumn('document_id', key, (column) => column.notNull())
      .addColumn('stage', 'text', (column) => column.notNull())
      .addColumn('content_digest', 'text', (column) => column.notNull())
      .addColumn('recipe', 'text', (column) => column.notNull())
      .addColumn('elements', 'bytea', (column) => column.notNull())
      .addPrimaryKeyConstraint('leftovers_key', ['workflow', 'document_id'])
      .execute()
    await schema
      .createTable('jobs')
      .addColumn('workflow', key, (column) => column.notNull())
      .addColumn('id', key, (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
      .addColumn('started_at', 'timestamptz', (column) => column.notNull())
      .addColumn('recipe', 'text', (column) => column.notNull())
      .addColumn('finished', 'text')
      .addPrimaryKeyConstraint('jobs_key', ['workflow', 'id'])
      .execute()
  },
}
