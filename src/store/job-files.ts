/**
 * Files of jobs: what somebody uploaded, and what came of it. Kept for a while, then deleted.
 *
 * @module
 */

import { type SqlBool, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName } from './schema.ts'
import { restored, storable } from './storable-text.ts'

type JobFileRole = 'input' | 'output'

/** What is known of a file without reading it. */
export interface JobFileInfo {
  readonly job: string
  readonly role: JobFileRole
  readonly fileId: string
  /** Of an output, the node that it left; empty for an input. */
  readonly nodeId: string
  readonly filename: string
  readonly mediaType: string
  readonly size: number
  readonly createdAt: Date
}

interface NewJobFile extends Omit<JobFileInfo, 'size' | 'createdAt'> {
  readonly content: Uint8Array
}

export interface JobFiles {
  /** Replaces what is there by the same id. */
  put(file: NewJobFile): Promise<void>
  /** In the order of their ids. */
  list(job: string, role: JobFileRole): Promise<readonly JobFileInfo[]>
  /** @param nodeId of an output */
  content(job: string, role: JobFileRole, fileId: string, nodeId?: string): Promise<Uint8Array | undefined>
  /** Deletes what was made before; never of a job that is still to be done. @returns how many */
  deleteBefore(date: Date): Promise<number>
}

export function createJobFiles(database: Database): JobFiles {
  const tables = database.tables.withSchema(schemaName)

  async function put(file: NewJobFile): Promise<void> {
    const values = {
      filename: storable(file.filename),
      media_type: storable(file.mediaType),
      size: String(file.content.length),
      content: file.content,
    }
    await tables
      .insertInto('job_files')
      .values({
        job: file.job,
        role: file.role,
        file_id: storable(file.fileId),
        node_id: storable(file.nodeId),
        ...values,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['job', 'role', 'file_id', 'node_id'])
          .doUpdateSet({ ...values, created_at: sql`now()` }),
      )
      .execute()
    await database.changed('job_files', 1, file.content.length)
  }

  async function list(job: string, role: JobFileRole): Promise<readonly JobFileInfo[]> {
    const rows = await tables
      .selectFrom('job_files')
      .select(['file_id', 'node_id', 'filename', 'media_type', 'size', 'created_at'])
      .where('job', '=', job)
      .where('role', '=', role)
      .orderBy('file_id')
      .orderBy('node_id')
      .execute()
    return rows.map((row) => ({
      job,
      role,
      fileId: restored(row.file_id),
      nodeId: restored(row.node_id),
      filename: restored(row.filename),
      mediaType: restored(row.media_type),
      size: Number(row.size),
      createdAt: row.created_at,
    }))
  }

  async function content(job: string, role: JobFileRole, fileId: string, nodeId: string) {
    const row = await tables
      .selectFrom('job_files')
      .select('content')
      .where('job', '=', storable(job))
      .where('role', '=', role)
      .where('file_id', '=', storable(fileId))
      .where('node_id', '=', storable(nodeId))
      .executeTakeFirst()
    return row && new Uint8Array(row.content)
  }

  async function deleteBefore(date: Date): Promise<number> {
    const { numDeletedRows } = await tables
      .deleteFrom('job_files')
      .where('created_at', '<', date)
      .where(
        sql<SqlBool>`not exists (select from ${sql.table(`${schemaName}.jobs`)} as owner
          where owner.id = job_files.job and owner.state in ('queued', 'running'))`,
      )
      .executeTakeFirst()
    const deleted = Number(numDeletedRows)
    if (deleted > 0) await database.changed('job_files', deleted, 0)
    return deleted
  }

  return {
    put: (file) => attempt(database, () => put(file)),
    list: (job, role) => attempt(database, () => list(job, role)),
    content: (job, role, fileId, nodeId = '') => attempt(database, () => content(job, role, fileId, nodeId)),
    deleteBefore: (date) => attempt(database, () => deleteBefore(date)),
  }
}
