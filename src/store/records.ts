/**
 * What is written down about the platform: one repository a noun, all of them over one database, or over one transaction of it.
 *
 * @module
 */

import type { Kysely } from 'kysely'
import type { Ledger } from '../model/ledger.ts'
import { type ChannelRecords, createChannels } from './channels.ts'
import type { Database } from './database.ts'
import { createJobFiles, type JobFiles } from './job-files.ts'
import { createJobStory, type JobStory } from './job-story.ts'
import { createJobs, type JobRecords } from './jobs.ts'
import { createLedger } from './ledger.ts'
import { createNotifications, type NotificationRecords } from './notifications.ts'
import { createParcels, type ParcelRecords } from './parcels.ts'
import type { Tables } from './schema.ts'
import { createWorkflows, type WorkflowRows } from './workflows.ts'

export interface Records {
  readonly ledger: Omit<Ledger, 'close'>
  readonly workflows: WorkflowRows
  readonly jobFiles: JobFiles
  readonly jobs: JobRecords
  readonly story: JobStory
  readonly parcels: ParcelRecords
  readonly channels: ChannelRecords
  readonly notifications: NotificationRecords
  /** For the queue, which puts tasks on their way in the same transaction. */
  readonly tables: Kysely<Tables>
}

export function createRecords(database: Database): Records {
  return {
    ledger: createLedger(database),
    workflows: createWorkflows(database),
    jobFiles: createJobFiles(database),
    jobs: createJobs(database),
    story: createJobStory(database),
    parcels: createParcels(database),
    channels: createChannels(database),
    notifications: createNotifications(database),
    tables: database.tables,
  }
}
