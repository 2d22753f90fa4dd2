/**
 * The use cases that every door calls: what may be asked of Outflow as a service, in its own words. Doors translate; whatever is a rule is
 * here. Everything belongs to a workspace, and what belongs to another one is not there.
 *
 * @module
 */

import type { ProbeResult } from '../model/checks.ts'
import type { DocumentRef } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import type { ErrorReport } from '../model/errors.ts'
import type { Coverage, JobFinished, RunEvent, Stage } from '../model/events.ts'
import type { LedgerEntry } from '../model/ledger.ts'
import type { DocumentPermissions } from '../model/permissions.ts'

/** What a key lets its holder do; each includes those before it. */
export const scopes = ['read', 'run', 'manage'] as const
export type Scope = (typeof scopes)[number]

/** Who calls, as a key says it. */
export interface Caller {
  readonly workspace: string
  readonly keyId: string
  readonly scopes: readonly Scope[]
}

export interface Key {
  readonly id: string
  readonly workspace: string
  readonly name: string
  /** Its first letters. */
  readonly hint: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  readonly lastUsedAt?: Date
  readonly expiresAt?: Date
  readonly revokedAt?: Date
}

export interface NewKey {
  readonly name: string
  /** Default: the workspace `default`, made when it is missing. */
  readonly workspace?: string
  /** Default: all of them. */
  readonly scopes?: readonly Scope[]
  readonly expiresAt?: Date
}

export interface Keys {
  /** The only time that the key itself is told. @throws {OutflowError} `config` */
  create(key: NewKey): Promise<{ readonly key: Key; readonly secret: string }>
  list(workspace?: string): Promise<readonly Key[]>
  /** @throws {OutflowError} `missing` */
  revoke(id: string): Promise<Key>
  /**
   * Who holds this key; notes that it was used.
   *
   * @throws {OutflowError} `credentials`, codes `key.missing`, `key.malformed`, `key.unknown`, `key.expired`, `key.revoked`
   */
  identify(secret: string | undefined): Promise<Caller>
}

export type ConnectorRole = 'source' | 'destination'
export type Config = Readonly<Record<string, unknown>>

export interface NewConnector {
  readonly name: string
  /** As the API calls it: `confluence`, `postgres`, `local`. */
  readonly type: string
  readonly config: Config
  /** A name for the workspace's own use, in place of the id. */
  readonly key?: string
}

export interface Connector {
  readonly id: string
  readonly key?: string
  readonly role: ConnectorRole
  readonly name: string
  readonly type: string
  /** With defaults filled in, every secret replaced by ten asterisks, what is not set left out. */
  readonly config: Config
  readonly createdAt: Date
  readonly updatedAt?: Date
}

export interface ConnectionCheck {
  readonly id: string
  readonly status: 'SCHEDULED' | 'SUCCESS' | 'FAILURE'
  readonly createdAt: Date
  /** Why it failed: what the first failed probe said, and what to do. */
  readonly reason?: string
  readonly reportedAt?: Date
  readonly probes?: readonly (ProbeResult & {
    readonly name: string
    readonly title: string
    readonly required: boolean
  })[]
}

/** @throws {OutflowError} from all that takes an id: `missing`, code `connector.not_found` */
export interface Connectors {
  list(workspace: string, role: ConnectorRole, filter?: { type?: string }): Promise<readonly Connector[]>
  /**
   * @throws {OutflowError} `config`: codes `connector.type_unknown`, `settings.invalid`, `url.refused`, `connector.folder_refused`,
   *   `connector.key_taken`; all but the first with `fields`
   */
  create(workspace: string, role: ConnectorRole, connector: NewConnector): Promise<Connector>
  get(workspace: string, role: ConnectorRole, id: string): Promise<Connector>
  /**
   * All settings, not some; a secret that is sent back as its mask stays as it is.
   *
   * @throws {OutflowError} as `create`; `config`, code `connector.secret_needed`, when a kept secret would be sent somewhere else
   */
  update(workspace: string, role: ConnectorRole, id: string, config: Config): Promise<Connector>
  /** @throws {OutflowError} `config`, code `connector.in_use`, while a workflow uses it */
  delete(workspace: string, role: ConnectorRole, id: string): Promise<void>
  /** Puts a check on its way; a worker does it. */
  check(workspace: string, role: ConnectorRole, id: string): Promise<ConnectionCheck>
  /** The latest. @throws {OutflowError} `missing` when there was none */
  lastCheck(workspace: string, role: ConnectorRole, id: string): Promise<ConnectionCheck>
  /** For a worker: does what `check` has put on its way. Never throws for what the connector itself does. */
  performCheck(checkId: string, signal: AbortSignal): Promise<void>
  /** For a check that nobody could finish: it has failed. */
  giveUpCheck(checkId: string): Promise<void>
  /** Checks that wait and have no task any more, as after an import, are put on their way. */
  reviveChecks(): Promise<void>
  /** Opens the plugin behind a connector, secrets and all; for jobs. */
  settingsOf(workspace: string, id: string): Promise<OpenableConnector>
}

/** What a plugin is opened with; never leaves the process. */
export interface OpenableConnector {
  readonly connector: Connector
  /** Of `registry.ts`. */
  readonly plugin: string
  readonly settings: Config
}

/** One step as the API knows it. */
export interface WorkflowNode {
  readonly id: string
  readonly name: string
  /** `partition`, `prompter`, `chunk`, `embed`, `structured_data_extractor` */
  readonly type: string
  readonly subtype: string
  readonly settings: Config | null
}

export type NewNode = Omit<WorkflowNode, 'id' | 'settings'> & {
  readonly id?: string | null
  readonly settings?: Config | null
}

export const workflowTypes = ['basic', 'advanced', 'platinum', 'custom'] as const
export type WorkflowType = (typeof workflowTypes)[number]
type WorkflowState = 'active' | 'inactive'

export interface NewWorkflow {
  readonly name: string
  readonly workflowType: WorkflowType
  /** Ids or keys. Several are our extension. */
  readonly sources?: readonly string[]
  readonly destinations?: readonly string[]
  readonly nodes?: readonly NewNode[]
  readonly templateId?: string
  /** One of the words of `scheduleWords`, or (our extension) a cron expression of five fields, in UTC. */
  readonly schedule?: string | null
  readonly reprocessAll?: boolean
  readonly key?: string
}

export type WorkflowChange = { readonly [Name in keyof NewWorkflow]?: NewWorkflow[Name] | undefined } & {
  readonly state?: WorkflowState
}

/** A workflow as it was set up. `pipeline/` calls the same thing, opened, a `Workflow`. */
export interface WorkflowRecord {
  readonly id: string
  readonly key?: string
  readonly name: string
  readonly workflowType: WorkflowType
  readonly state: WorkflowState
  readonly sources: readonly string[]
  readonly destinations: readonly string[]
  readonly nodes: readonly WorkflowNode[]
  /** Cron expression in UTC. */
  readonly schedule?: string
  readonly reprocessAll: boolean
  readonly createdAt: Date
  readonly updatedAt?: Date
}

export interface WorkflowFilter {
  readonly createdBefore?: Date
  readonly createdSince?: Date
  readonly sourceId?: string
  readonly destinationId?: string
  readonly nodeId?: string
  /** Part of the name, whatever its case. */
  readonly name?: string
  readonly state?: WorkflowState
  readonly onlyDeleted?: boolean
  readonly sortBy?: 'id' | 'name' | 'created_at' | 'updated_at' | 'status'
  readonly sortDirection?: 'asc' | 'desc'
  readonly page?: number
  readonly pageSize?: number
}

/** @throws {OutflowError} from all that takes an id: `missing`, code `workflow.not_found` */
export interface Workflows {
  list(workspace: string, filter?: WorkflowFilter): Promise<readonly WorkflowRecord[]>
  /** @throws {OutflowError} `config`: codes `workflow.invalid` (with `fields`), `workflow.step_not_built`, `workflow.key_taken` */
  create(workspace: string, workflow: NewWorkflow): Promise<WorkflowRecord>
  get(workspace: string, id: string): Promise<WorkflowRecord>
  update(workspace: string, id: string, change: WorkflowChange): Promise<WorkflowRecord>
  /** Stops its job, if one is active, and ends its schedule. */
  delete(workspace: string, id: string): Promise<void>
}

export interface Template {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly version: string
  readonly lastUpdated: string
  readonly nodes: readonly WorkflowNode[]
}

export interface Templates {
  list(): readonly Template[]
  /** @throws {OutflowError} `missing`, code `template.not_found` */
  get(id: string): Template
}

/** `waiting` and `held` of docs are in events; a job that is held has finished. */
export type JobState =
  | 'queued'
  | 'running'
  | 'finished'
  | 'finished_with_failures'
  | 'held'
  | 'stopped'
  | 'failed'

export const activeStates: readonly JobState[] = ['queued', 'running']

export type JobType = 'ephemeral' | 'persistent' | 'scheduled' | 'template'

export interface JobOptions {
  readonly reprocessAll?: boolean
  readonly acceptRemovals?: boolean
  /** Only what failed in earlier jobs of the workflow. */
  readonly onlyFailed?: boolean
}

export interface Upload {
  readonly filename: string
  readonly mediaType: string
  readonly content: Uint8Array
}

export interface Job {
  readonly id: string
  readonly workspace: string
  readonly workflowId: string
  readonly workflowName: string
  readonly jobType: JobType
  readonly state: JobState
  readonly nodes: readonly WorkflowNode[]
  readonly options: JobOptions
  /** So far, while it runs. */
  readonly coverage?: Coverage
  readonly summary?: JobFinished
  readonly error?: ErrorReport
  readonly createdAt: Date
  readonly startedAt?: Date
  readonly endedAt?: Date
  /** Names of uploaded files; empty for any other job. */
  readonly inputFileIds: readonly string[]
}

export interface NodeStats {
  readonly node: WorkflowNode
  readonly ready: number
  readonly inProgress: number
  readonly success: number
  readonly failure: number
}

export type JobDocumentState =
  | 'done'
  | 'access_changed'
  | 'skipped'
  | 'not_permitted'
  | 'unsupported'
  | 'failed'
  | 'removed'
  | 'held'

/** What became of one document in one job. */
export interface JobDocument {
  readonly document: DocumentRef
  readonly state: JobDocumentState
  readonly stage?: Stage
  readonly error?: ErrorReport
  readonly reason?: string
  readonly changedAt: Date
}

/** An event with its place in the job's story; numbers have no gaps. */
export interface JobEvent {
  readonly number: number
  readonly at: Date
  readonly event: RunEvent
}

interface Page {
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: string
}

/** @throws {OutflowError} from all that takes an id: `missing`, code `job.not_found` */
export interface Jobs {
  list(
    workspace: string,
    filter?: { workflowId?: string; states?: readonly JobState[] },
  ): Promise<readonly Job[]>
  get(workspace: string, id: string): Promise<Job>
  /**
   * A job of a stored workflow; the one that is active, if one is.
   *
   * @param uploads for a workflow without a source
   */
  run(
    workspace: string,
    workflowId: string,
    options?: JobOptions & { readonly jobType?: JobType; readonly uploads?: readonly Upload[] },
  ): Promise<Job>
  /**
   * A job with steps of its own and uploaded files.
   *
   * @throws {OutflowError} `config`: codes `workflow.invalid`, `upload.too_many`, `upload.too_large`; `throttled`, code `job.too_soon`
   */
  runOnDemand(
    workspace: string,
    what: { readonly templateId: string } | { readonly nodes: readonly NewNode[] },
    uploads: readonly Upload[],
  ): Promise<Job>
  /** Asks it to stop; what is under way is finished. Of a job that has ended, nothing. */
  cancel(workspace: string, id: string): Promise<Job>
  /** A new job of the same workflow, for what failed. */
  retry(workspace: string, id: string): Promise<Job>
  nodeStats(workspace: string, id: string): Promise<readonly NodeStats[]>
  failedFiles(workspace: string, id: string): Promise<readonly { document: string; error: string }[]>
  documents(
    workspace: string,
    id: string,
    filter?: Page & { readonly state?: JobDocumentState; readonly stage?: Stage },
  ): Promise<{ readonly documents: readonly JobDocument[]; readonly next?: string }>
  /** What has happened after event `after`; waits for more until the job has ended. Begins at the first without it. */
  events(workspace: string, id: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent>
  /** Elements that an uploaded file came to. @throws {OutflowError} `missing`, code `job.output_not_found` */
  output(workspace: string, id: string, fileId: string, nodeId?: string): Promise<Uint8Array>
}

/** A document as the platform knows it, of one workflow. */
export interface DocumentRecord {
  readonly workflowId: string
  readonly entry: LedgerEntry
  readonly changedAt: Date
}

export interface Documents {
  /** By id; one of each workflow that has seen it. @throws {OutflowError} `missing`, code `document.not_found` */
  get(workspace: string, id: string): Promise<readonly DocumentRecord[]>
  /** As the destination holds them. */
  elements(workspace: string, id: string, workflowId?: string): Promise<readonly Element[]>
  permissions(workspace: string, id: string, workflowId?: string): Promise<DocumentPermissions>
  /** What became of it in jobs, the latest first. */
  history(workspace: string, id: string): Promise<readonly (JobDocument & { readonly jobId: string })[]>
}

interface Identity {
  readonly id: string
  readonly kind: 'user' | 'group'
  readonly name?: string
  readonly email?: string
}

interface Place {
  readonly id: string
  readonly kind: 'space' | 'page'
  readonly title: string
  readonly url: string
  /** Whether there is anything below. */
  readonly hasChildren: boolean
}

/** Asks a source directly; nothing is stored. */
export interface Explorer {
  /** What is below a place: spaces first, then pages. */
  browse(workspace: string, sourceId: string, parent?: string): Promise<readonly Place[]>
  /** Names behind ids of `permissions_data`. Ids that name nobody come without a name. */
  identities(workspace: string, sourceId: string, ids: readonly string[]): Promise<readonly Identity[]>
  /** One page through any steps. */
  preview(
    workspace: string,
    request: { readonly sourceId: string; readonly address: string; readonly nodes?: readonly NewNode[] },
    signal: AbortSignal,
  ): Promise<{ readonly document: DocumentRef; readonly elements: readonly Element[] }>
}

/** One file to elements, at once; nothing is stored. */
export interface FilePartition {
  readonly file: Upload
  readonly encoding?: string
  /** Of the step `auto`, by their names there. */
  readonly settings?: Config
  /** Chunks instead of elements. */
  readonly chunking?: { readonly strategy: string; readonly settings: Config }
}

/** What a channel can hear of, named after what has become of the job. */
export const notificationEvents = [
  'job.scheduled',
  'job.in_progress',
  'job.progress',
  'job.completed',
  'job.stopped',
  'job.failed',
] as const
export type NotificationEvent = (typeof notificationEvents)[number]

/** Whose news a channel gets: a workflow's, or of all workflows of a workspace. */
export interface ChannelScope {
  readonly workspace: string
  readonly workflowId?: string
}

/** Where news of jobs goes: a webhook. */
export interface Channel {
  readonly id: string
  readonly workflowId?: string
  readonly url: string
  readonly events: readonly NotificationEvent[]
  readonly enabled: boolean
  readonly description?: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface NewChannel {
  /** `webhook`; `email` is not built. */
  readonly channelType: string
  readonly url: string
  readonly events: readonly NotificationEvent[]
  readonly description?: string
  /** Default true. */
  readonly enabled?: boolean
  /** `whsec_` and base64 of 24 to 75 bytes, or any other text of as many bytes. Default: generated. */
  readonly secret?: string
}

/** What is left out stays as it is. */
export interface ChannelChange {
  readonly url?: string
  readonly events?: readonly NotificationEvent[]
  /** `null` takes it away. */
  readonly description?: string | null
  readonly enabled?: boolean
  /** In place of the one before, which is void at once. Empty: generated. */
  readonly secret?: string
}

/** A channel, and its secret if it was generated: the only time that it is told. */
export interface ToldChannel {
  readonly channel: Channel
  readonly secret?: string
}

/** One piece of news. */
export interface Notification {
  readonly id: string
  readonly workflowId: string
  readonly event: NotificationEvent
  /** As channels deliver it. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly isRead: boolean
  readonly createdAt: Date
}

/** @throws {OutflowError} `missing`, codes `channel.not_found`, `notification.not_found`, `workflow.not_found` */
export interface Notifications {
  channels(scope: ChannelScope, filter?: { readonly enabled?: boolean }): Promise<readonly Channel[]>
  /** @throws {OutflowError} `config`: codes `channel.invalid` (with `fields`), `channel.type_not_built`, `channel.too_many` */
  createChannel(scope: ChannelScope, channel: NewChannel): Promise<ToldChannel>
  channel(scope: ChannelScope, id: string): Promise<Channel>
  /** @throws {OutflowError} `config`, code `channel.invalid` */
  updateChannel(scope: ChannelScope, id: string, change: ChannelChange): Promise<ToldChannel>
  deleteChannel(scope: ChannelScope, id: string): Promise<void>
  /** Signs with a new secret, and with the one before for another day. */
  rotateSecret(scope: ChannelScope, id: string, secret?: string): Promise<ToldChannel>
  /** For channels of type `email`. @throws {OutflowError} `config`, code `channel.type_not_built`: always */
  verifyChannel(scope: ChannelScope, id: string): Promise<void>
  /** The latest first. @throws {OutflowError} `config`, code `notification.cursor_unknown` */
  list(
    workspace: string,
    filter?: Page & {
      readonly workflowId?: string
      readonly events?: readonly NotificationEvent[]
      /** Made after. */
      readonly since?: Date
      readonly unreadOnly?: boolean
    },
  ): Promise<{ readonly notifications: readonly Notification[]; readonly next?: string }>
  get(workspace: string, id: string): Promise<Notification>
  unreadCount(workspace: string, workflowId?: string): Promise<number>
  /** All of them, or those that are named. How many were unread until now. */
  markRead(
    workspace: string,
    which?: { readonly ids?: readonly string[]; readonly before?: Date; readonly workflowId?: string },
  ): Promise<number>
  /** For a worker: one piece of news to one channel. @throws {OutflowError} when it is to be tried again */
  deliver(
    news: { readonly channel: string; readonly notification: string },
    signal: AbortSignal,
  ): Promise<void>
  /** For a worker, now and then: deletes what is older than 90 days. How many there were. */
  forgetOld(): Promise<number>
}

/** Everything. */
export interface Platform {
  readonly keys: Keys
  readonly connectors: Connectors
  readonly workflows: Workflows
  readonly templates: Templates
  readonly jobs: Jobs
  readonly documents: Documents
  readonly explorer: Explorer
  readonly notifications: Notifications
  /** @throws {OutflowError} `content`, code `file.unsupported`: nothing reads this type */
  partition(request: FilePartition, signal: AbortSignal): Promise<readonly Element[]>
  /** Proves that the database answers. @throws {OutflowError} */
  ready(): Promise<void>
}
