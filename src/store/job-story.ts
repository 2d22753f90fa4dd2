/**
 * The story of a job: its events in order, and the last word on each document.
 *
 * @module
 */

import { sql } from 'kysely'
import type { RunEvent } from '../model/events.ts'
import { type Database, explained } from './database.ts'
import { schemaName } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

interface StoryEvent {
  readonly number: number
  readonly at: Date
  readonly event: RunEvent
}

/** An event that is about what became of one document. */
export type DocumentEvent = Extract<RunEvent, { readonly document: unknown }>

export interface StoryDocument {
  readonly job: string
  readonly state: string
  readonly event: DocumentEvent
  readonly changedAt: Date
}

interface DocumentFilter {
  readonly state?: string
  readonly stage?: string
  /** Id of a document. */
  readonly after?: string
  readonly limit: number
}

export interface JobStory {
  /** @param before number of the event before the first of these */
  append(job: string, before: number, events: readonly RunEvent[]): Promise<void>
  /** Replaces the last word on these documents. */
  note(job: string, events: readonly DocumentEvent[]): Promise<void>
  events(job: string, after: number, limit: number): Promise<readonly StoryEvent[]>
  documents(job: string, filter: DocumentFilter): Promise<readonly StoryDocument[]>
  /** What became of a document in any of these jobs' workspace, the latest first. */
  historyOf(workspace: string, document: string, limit: number): Promise<readonly StoryDocument[]>
  /** How many documents failed, by stage. */
  failuresByStage(job: string): Promise<Readonly<Record<string, number>>>
}

/** `document.not_permitted` → `not_permitted` */
const stateOf = ({ type }: DocumentEvent) => type.slice('document.'.length)

export function createJobStory(database: Database): JobStory {
  const tables = database.tables.withSchema(schemaName)
  return explained<JobStory>(database, {
    async append(job, before, events) {
      if (events.length === 0) return
      const json = storableJson(events)
      await sql`
        insert into outflow.job_events (job, number, event)
        select ${job}, ${before}::bigint + place, event
        from jsonb_array_elements(${json}::jsonb) with ordinality as given(event, place)`.execute(tables)
      await database.changed('job_events', events.length, json.length)
    },
    async note(job, events) {
      if (events.length === 0) return
      // Sorted, so that two writers never wait for one another; and of two words on a document, the last.
      const last = new Map(events.map((event) => [event.document.id, event]))
      const rows = [...last.values()]
        .sort((a, b) => (a.document.id < b.document.id ? -1 : 1))
        .map((event) => ({
          document: event.document.id,
          state: stateOf(event),
          stage: 'stage' in event ? event.stage : null,
          event,
        }))
      const json = storableJson(rows)
      await sql`
        insert into outflow.job_documents (job, document, state, stage, event)
        select ${job}, document, state, stage, event
        from jsonb_to_recordset(${json}::jsonb) as given(document text, state text, stage text, event jsonb)
        on conflict (job, document) do update
        set state = excluded.state, stage = excluded.stage, event = excluded.event, changed_at = now()`.execute(
        tables,
      )
      await database.changed('job_documents', rows.length, json.length)
    },
    async events(job, after, limit) {
      const rows = await tables
        .selectFrom('job_events')
        .select(['number', 'at', sql<string>`event::text`.as('json')])
        .where('job', '=', job)
        .where('number', '>', String(after))
        .orderBy('number')
        .limit(limit)
        .execute()
      return rows.map(({ number, at, json }) => ({
        number: Number(number),
        at,
        event: restoredJson<RunEvent>(json),
      }))
    },
    async documents(job, { state, stage, after, limit }) {
      let query = tables.selectFrom('job_documents').select(columns).where('job', '=', job)
      if (state !== undefined) query = query.where('state', '=', state)
      if (stage !== undefined) query = query.where('stage', '=', stage)
      if (after !== undefined) query = query.where('document', '>', storable(after))
      return (await query.orderBy('document').limit(limit).execute()).map(documentOf)
    },
    async historyOf(workspace, document, limit) {
      const rows = await tables
        .selectFrom('job_documents')
        .innerJoin('jobs', 'jobs.id', 'job_documents.job')
        .select(columns)
        .where('jobs.workspace', '=', workspace)
        .where('document', '=', storable(document))
        .orderBy('jobs.number', 'desc')
        .limit(limit)
        .execute()
      return rows.map(documentOf)
    },
    async failuresByStage(job) {
      const rows = await tables
        .selectFrom('job_documents')
        .select(['stage', ({ fn }) => fn.countAll<string>().as('count')])
        .where('job', '=', job)
        .where('state', '=', 'failed')
        .groupBy('stage')
        .execute()
      return Object.fromEntries(rows.map(({ stage, count }) => [stage ?? 'index', Number(count)]))
    },
  })
}

const columns = [
  'job_documents.job',
  'job_documents.state',
  'job_documents.changed_at',
  sql<string>`job_documents.event::text`.as('json'),
] as const

interface DocumentColumns {
  readonly job: string
  readonly state: string
  readonly changed_at: Date
  readonly json: string
}

const documentOf = ({ job, state, changed_at, json }: DocumentColumns): StoryDocument => ({
  job,
  state: restored(state),
  event: restoredJson<DocumentEvent>(json),
  changedAt: changed_at,
})
