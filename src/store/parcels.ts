/**
 * Parcels: some documents of a job on their way from the worker that listed them to the one that processes them. What is in them is kept only
 * until it is done.
 *
 * Whose turn it is, its tag decides: the tags of a workspace go up by one for each parcel, whichever of its jobs it is of, and never start below
 * where the queue stands. So each workspace gets the same share of the workers, and each job the same share of its workspace's, however many
 * parcels wait (start-time fair queueing).
 *
 * @module
 */

import { sql } from 'kysely'
import { type Database, explained } from './database.ts'
import { schemaName } from './schema.ts'
import { restoredJson, storableJson } from './storable-text.ts'

interface NewParcel {
  readonly job: string
  readonly attempt: number
  readonly tag: number
  readonly documents: number
  readonly content: Uint8Array
}

export interface TakenParcel {
  readonly number: number
  readonly attempt: number
  readonly tag: number
  readonly content: Uint8Array
}

export type OpenParcel = Pick<TakenParcel, 'number' | 'tag'>

export interface HeardParcel<Outcome> {
  readonly number: number
  /** `null`: it was taken back. */
  readonly outcome: Outcome | null
}

export interface ParcelRecords {
  /** Where the queue stands: no new tag is below it. */
  front(): Promise<number>
  insert(parcels: readonly NewParcel[]): Promise<readonly number[]>
  /** To be processed. `undefined`: it was taken back, its job is to stop, or has begun anew. */
  take(number: number): Promise<TakenParcel | undefined>
  /** @returns whether nobody was faster */
  finish(number: number, outcome: unknown): Promise<boolean>
  /** Takes back what is not done: all of it, or these. */
  withdraw(job: string, numbers?: readonly number[]): Promise<void>
  /** Takes those back whose workers died, so many of each; what is in them stays known. */
  lose(parcels: readonly LostParcel[]): Promise<void>
  /** What was in those. */
  lost(job: string): Promise<readonly { readonly deaths: number; readonly content: Uint8Array }[]>
  /** Outcomes that the job has not heard, oldest first. */
  unheard<Outcome>(job: string, which: UnheardParcels): Promise<readonly HeardParcel<Outcome>[]>
  markHeard(numbers: readonly number[]): Promise<void>
  /** Those that are not done. */
  open(job: string): Promise<readonly OpenParcel[]>
  countOpen(job: string): Promise<{ readonly parcels: number; readonly documents: number }>
  deleteOf(job: string): Promise<void>
}

interface LostParcel {
  readonly number: number
  readonly deaths: number
}

interface UnheardParcels {
  /** Of the job, when they were made. Default: any. */
  readonly attempt?: number
  readonly except?: readonly number[]
  readonly limit: number
}

const anyOf = (numbers: readonly number[]) => sql<string>`any(${numbers.map(String)}::bigint[])`

export function createParcels(database: Database): ParcelRecords {
  const tables = database.tables.withSchema(schemaName)
  const withdrawn = 'null'
  return explained<ParcelRecords>(database, {
    async front() {
      const { rows } = await sql<{ front: number }>`
        select coalesce(
          (select min(tag) from outflow.parcels where outcome is null),
          (select max(tag) from outflow.parcels),
          0) as front`.execute(tables)
      return Number(rows[0]!.front)
    },
    async insert(parcels) {
      const rows = await tables.insertInto('parcels').values(parcels).returning('number').execute()
      const size = parcels.reduce((sum, { content }) => sum + content.length, 0)
      await database.changed('parcels', parcels.length, size)
      return rows.map(({ number }) => Number(number))
    },
    async take(number) {
      const { rows } = await sql<{ attempt: number; tag: number; content: Uint8Array }>`
        select parcel.attempt, parcel.tag, parcel.content
        from outflow.parcels as parcel
        join outflow.jobs as job on job.id = parcel.job and job.attempt = parcel.attempt
        where parcel.number = ${number} and parcel.outcome is null
          and job.state = 'running' and not job.cancel_requested`.execute(tables)
      const [row] = rows
      return row && { ...row, number, content: new Uint8Array(row.content) }
    },
    async finish(number, outcome) {
      const json = outcome === null ? withdrawn : storableJson(outcome)
      const { numUpdatedRows } = await tables
        .updateTable('parcels')
        .set({ outcome: json, content: null })
        .where('number', '=', String(number))
        .where('outcome', 'is', null)
        .executeTakeFirst()
      await database.changed('parcels', 1, json.length)
      return numUpdatedRows === 1n
    },
    async withdraw(job, numbers) {
      let query = tables
        .updateTable('parcels')
        .set({ outcome: withdrawn, content: null })
        .where('job', '=', job)
        .where('outcome', 'is', null)
      if (numbers) query = query.where('number', '=', anyOf(numbers))
      await query.execute()
    },
    async lose(parcels) {
      for (const { number, deaths } of parcels)
        await tables
          .updateTable('parcels')
          .set({ outcome: withdrawn, deaths })
          .where('number', '=', String(number))
          .where('outcome', 'is', null)
          .execute()
    },
    async lost(job) {
      const rows = await tables
        .selectFrom('parcels')
        .select(['deaths', 'content'])
        .where('job', '=', job)
        .where('deaths', '>', 0)
        .execute()
      return rows.map(({ deaths, content }) => ({ deaths, content: new Uint8Array(content ?? []) }))
    },
    async unheard<Outcome>(job: string, { attempt, except = [], limit }: UnheardParcels) {
      let query = tables
        .selectFrom('parcels')
        .select(['number', sql<string>`outcome::text`.as('json')])
        .where('job', '=', job)
        .where('outcome', 'is not', null)
        .where('heard', '=', false)
      if (attempt !== undefined) query = query.where('attempt', '=', attempt)
      if (except.length > 0) query = query.where(sql<boolean>`not number = ${anyOf(except)}`)
      const rows = await query.orderBy('number').limit(limit).execute()
      return rows.map(({ number, json }) => ({
        number: Number(number),
        outcome: restoredJson<Outcome | null>(json),
      }))
    },
    async markHeard(numbers) {
      if (numbers.length === 0) return
      await tables.updateTable('parcels').set({ heard: true }).where('number', '=', anyOf(numbers)).execute()
    },
    async open(job) {
      const rows = await tables
        .selectFrom('parcels')
        .select(['number', 'tag'])
        .where('job', '=', job)
        .where('outcome', 'is', null)
        .orderBy('number')
        .execute()
      return rows.map(({ number, tag }) => ({ number: Number(number), tag }))
    },
    async countOpen(job) {
      const row = await tables
        .selectFrom('parcels')
        .select(({ fn }) => [
          fn.countAll<string>().as('parcels'),
          fn.coalesce(fn.sum<string>('documents'), sql<string>`0`).as('documents'),
        ])
        .where('job', '=', job)
        .where('outcome', 'is', null)
        .executeTakeFirstOrThrow()
      return { parcels: Number(row.parcels), documents: Number(row.documents) }
    },
    async deleteOf(job) {
      await tables.deleteFrom('parcels').where('job', '=', job).execute()
    },
  })
}
