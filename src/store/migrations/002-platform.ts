/**
 * The platform: who may call it, what was set up, what was run, and what workers have in hand.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { schemaName } from '../schema.ts'

/** One row of a workspace each; ids are UUIDs, as text, so that a wrong one finds nothing instead of failing. */
export const platformTables: Migration = {
  async up(database) {
    await renameRuns(database)
    await createSetup(database)
    await createJobs(database)
    await createNews(database)
  },
}

/** What one run was told by the ledger is a run; a job is what somebody asked the platform for, and may begin again after a crash. */
async function renameRuns(database: Kysely<unknown>): Promise<void> {
  await sql`alter table ${sql.table(`${schemaName}.jobs`)} rename to runs`.execute(database)
  await sql`alter table ${sql.table(`${schemaName}.runs`)} rename constraint jobs_key to runs_key`.execute(
    database,
  )
  await createIndex(database, 'index documents_id on documents using hash (id)')
}

const text = (name: string) => [name, 'text', 'not null']
const maybe = (name: string, type = 'text') => [name, type, '']
const json = (name: string) => [name, 'jsonb', 'not null']
const time = (name: string) => [name, 'timestamptz', 'not null default now()']
const flag = (name: string) => [name, 'boolean', 'not null default false']
const count = (name: string) => [name, 'bigint', 'not null default 0']
const id = ['id', 'text collate "C"', 'primary key']
const number = ['number', 'bigint', 'generated always as identity']

async function createTable(
  database: Kysely<unknown>,
  name: string,
  columns: readonly (readonly string[])[],
  constraints: readonly string[] = [],
): Promise<void> {
  const parts = [...columns.map((column) => column.join(' ')), ...constraints]
  await sql`create table ${sql.table(`${schemaName}.${name}`)} (${sql.raw(parts.join(', '))})`.execute(
    database,
  )
}

async function createIndex(database: Kysely<unknown>, definition: string): Promise<void> {
  await sql.raw(`create ${definition.replace(' on ', ` on ${schemaName}.`)}`).execute(database)
}

/** Who may call, and what they have set up. */
async function createSetup(database: Kysely<unknown>): Promise<void> {
  await createTable(database, 'workspaces', [id, text('name'), time('created_at')])
  await createTable(database, 'keys', [
    id,
    text('workspace'),
    text('name'),
    text('hash'),
    text('hint'),
    json('scopes'),
    time('created_at'),
    maybe('last_used_at', 'timestamptz'),
    maybe('expires_at', 'timestamptz'),
    maybe('revoked_at', 'timestamptz'),
  ])
  await createIndex(database, 'unique index keys_hash on keys (hash)')
  await createTable(database, 'secret_keys', [
    ['key_id', 'text', 'primary key'],
    ['sealed', 'bytea', 'not null'],
    time('created_at'),
  ])
  await createTable(database, 'connectors', [
    id,
    number,
    text('workspace'),
    text('role'),
    maybe('key'),
    text('name'),
    text('type'),
    json('config'),
    maybe('secrets', 'bytea'),
    time('created_at'),
    maybe('updated_at', 'timestamptz'),
  ])
  await createIndex(database, 'index connectors_workspace on connectors (workspace, role)')
  await createIndex(
    database,
    'unique index connectors_key on connectors (workspace, role, key) where key is not null',
  )
  await createTable(database, 'connection_checks', [
    id,
    number,
    text('connector'),
    text('status'),
    maybe('reason'),
    maybe('probes', 'jsonb'),
    time('created_at'),
    maybe('reported_at', 'timestamptz'),
  ])
  await createIndex(database, 'index connection_checks_connector on connection_checks (connector)')
  await createTable(database, 'workflows', [
    id,
    number,
    text('workspace'),
    maybe('key'),
    text('name'),
    text('workflow_type'),
    text('state'),
    json('sources'),
    json('destinations'),
    json('nodes'),
    maybe('schedule'),
    flag('reprocess_all'),
    flag('ephemeral'),
    maybe('template'),
    time('created_at'),
    maybe('updated_at', 'timestamptz'),
    maybe('deleted_at', 'timestamptz'),
  ])
  await createIndex(database, 'index workflows_workspace on workflows (workspace)')
  await createIndex(
    database,
    'unique index workflows_key on workflows (workspace, key) where key is not null',
  )
}

/** What was run, what came of it, and what workers have in hand. */
async function createJobs(database: Kysely<unknown>): Promise<void> {
  await createTable(database, 'jobs', [
    id,
    number,
    text('workspace'),
    text('workflow'),
    text('workflow_name'),
    text('job_type'),
    text('state'),
    json('plan'),
    json('options'),
    ['attempt', 'integer', 'not null default 0'],
    flag('cancel_requested'),
    maybe('coverage', 'jsonb'),
    maybe('summary', 'jsonb'),
    maybe('error', 'jsonb'),
    count('last_event'),
    time('created_at'),
    maybe('started_at', 'timestamptz'),
    maybe('ended_at', 'timestamptz'),
  ])
  await createIndex(database, 'index jobs_workspace on jobs (workspace, number)')
  await createIndex(database, 'index jobs_workflow on jobs (workflow, number)')
  // One active run of a workflow: whoever asks for a second gets the first.
  await createIndex(
    database,
    `unique index jobs_active on jobs (workflow) where state in ('queued', 'running')`,
  )
  await createTable(
    database,
    'job_events',
    [text('job'), ['number', 'bigint', 'not null'], json('event'), time('at')],
    ['primary key (job, number)'],
  )
  await createTable(
    database,
    'job_documents',
    [
      text('job'),
      ['document', 'text collate "C"', 'not null'],
      text('state'),
      maybe('stage'),
      json('event'),
      time('changed_at'),
    ],
    ['primary key (job, document)'],
  )
  await createIndex(database, 'index job_documents_state on job_documents (job, state)')
  await createIndex(database, 'index job_documents_document on job_documents using hash (document)')
  await createTable(
    database,
    'job_files',
    [
      text('job'),
      text('role'),
      text('file_id'),
      text('node_id'),
      text('filename'),
      text('media_type'),
      count('size'),
      ['content', 'bytea', 'not null'],
      time('created_at'),
    ],
    ['primary key (job, role, file_id, node_id)'],
  )
  await createTable(
    database,
    'parcels',
    [
      number,
      text('job'),
      ['attempt', 'integer', 'not null'],
      ['tag', 'double precision', 'not null'],
      ['documents', 'integer', 'not null'],
      maybe('content', 'bytea'),
      maybe('outcome', 'jsonb'),
      ['deaths', 'integer', 'not null default 0'],
      flag('heard'),
      time('created_at'),
    ],
    ['primary key (number)'],
  )
  await createIndex(database, 'index parcels_tag on parcels (tag)')
  await createIndex(database, 'index parcels_open on parcels (job, tag) where outcome is null')
  await createIndex(database, 'index parcels_lost on parcels (job) where deaths > 0')
  await createIndex(
    database,
    'index parcels_unheard on parcels (job) where outcome is not null and not heard',
  )
  await createTable(database, 'throttles', [
    ['key', 'text', 'primary key'],
    json('state'),
    ['until', 'timestamptz', 'not null default now()'],
  ])
}

/** Who is told of what becomes of jobs, and what they were told. */
async function createNews(database: Kysely<unknown>): Promise<void> {
  await createTable(database, 'channels', [
    id,
    number,
    text('workspace'),
    maybe('workflow'),
    text('channel_type'),
    text('url'),
    json('event_types'),
    maybe('description'),
    ['enabled', 'boolean', 'not null default true'],
    ['secret', 'bytea', 'not null'],
    time('created_at'),
    time('updated_at'),
  ])
  await createIndex(database, 'index channels_workspace on channels (workspace)')
  await createTable(database, 'notifications', [
    id,
    number,
    text('workspace'),
    text('workflow'),
    text('event_type'),
    json('payload'),
    flag('is_read'),
    time('created_at'),
  ])
  await createIndex(database, 'index notifications_workspace on notifications (workspace, number)')
  await createIndex(database, 'index notifications_unread on notifications (workspace) where not is_read')
  await createIndex(database, 'index notifications_age on notifications (created_at)')
}
