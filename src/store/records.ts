/**
 * What is written down about the platform: one repository a noun, all of them over one database, or over one transaction of it.
 *
 * @module
 */

import type { Kysely } from 'kysely'
import type { Ledger } from '../model/ledger.ts'
import { type AgeRecords, createAges } from './ages.ts'
import { type ChannelRecords, createChannels } from './channels.ts'
import { type CheckRecords, createConnectionChecks } from './connection-checks.ts'
import { type ConnectorRecords, createConnectors } from './connectors.ts'
import type { Database } from './database.ts'
import { createJobFiles, type JobFiles } from './job-files.ts'
import { createJobStory, type JobStory } from './job-story.ts'
import { createJobs, type JobRecords } from './jobs.ts'
import { createKeys, type KeyRecords } from './keys.ts'
import { createLedger } from './ledger.ts'
import { createNotifications, type NotificationRecords } from './notifications.ts'
import { createParcels, type ParcelRecords } from './parcels.ts'
import type { Tables } from './schema.ts'
import { createSeals, type SealRecords } from './seals.ts'
import { createWorkflows, type WorkflowRows } from './workflows.ts'
import { createWorkspaces, type WorkspaceRecords } from './workspaces.ts'

export interface Records {
  readonly ledger: Omit<Ledger, 'close'>
  readonly workspaces: WorkspaceRecords
  readonly keys: KeyRecords
  readonly connectors: ConnectorRecords
  readonly connectionChecks: CheckRecords
  readonly seals: SealRecords
  readonly workflows: WorkflowRows
  readonly jobFiles: JobFiles
  readonly jobs: JobRecords
  readonly story: JobStory
  readonly parcels: ParcelRecords
  readonly channels: ChannelRecords
  readonly notifications: NotificationRecords
  readonly ages: AgeRecords
  /** For the queue, which puts tasks on their way in the same transaction. */
  readonly tables: Kysely<Tables>
}

export function createRecords(database: Database): Records {
  return {
    ledger: createLedger(database),
    workspaces: createWorkspaces(database),
    keys: createKeys(database),
    connectors: createConnectors(database),
    connectionChecks: createConnectionChecks(database),
    seals: createSeals(database),
    workflows: createWorkflows(database),
    jobFiles: createJobFiles(database),
    jobs: createJobs(database),
    story: createJobStory(database),
    parcels: createParcels(database),
    channels: createChannels(database),
    notifications: createNotifications(database),
    ages: createAges(database),
    tables: database.tables,
  }
}
