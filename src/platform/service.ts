/**
 * Opens the platform over a store: every use case, and the engine behind them. The doors get it from here; whoever opens it closes it.
 *
 * @module
 */

import type { PluginContext } from '../kit/define.ts'
import { createSharing } from '../kit/http-sharing.ts'
import type { RunEvent } from '../model/events.ts'
import type { Store } from '../store/index.ts'
import type { JobRow } from '../store/jobs.ts'
import type { Queue, Tasks } from '../store/queue.ts'
import { createConnectors } from './connectors.ts'
import { createDocuments } from './documents.ts'
import { createEngine, type Engine, type EngineOptions } from './engine/engine.ts'
import { createOpenings } from './engine/openings.ts'
import { createExplorer } from './explorer.ts'
import { createJobs } from './jobs.ts'
import { createKeys } from './keys.ts'
import { validateNodes } from './nodes.ts'
import { createNotifications } from './notifications.ts'
import { openDestinationOf } from './open-connector.ts'
import { createFilePartition } from './partition.ts'
import type { Jobs, Platform } from './platform.ts'
import { startRetention } from './retention.ts'
import { openSecrets } from './secrets.ts'
import type { Environment } from './settings.ts'
import { createTemplates } from './templates.ts'
import { keepUploads } from './upload-files.ts'
import { urlGuardOf } from './url-guard.ts'
import { createWorkflows, restoreSchedules } from './workflows.ts'

export interface ServiceOptions {
  readonly store: Store
  readonly environment: Environment
  /** Of an embedded database; `undefined`: a database server, with any number of processes. */
  readonly stateDir: string | undefined
  /** Folder that `local` destinations write below. Without it there are none. */
  readonly outputRoot?: string
  /** Whether this process looks after the queues, and sends what is scheduled. */
  readonly supervise: boolean
  /** Days that jobs that ended are kept, with the files that came with them. Default 30. */
  readonly keepDays?: number
  /** Documents of one parcel under way at the same time. Default 8. */
  readonly documents?: number
  /** Seconds between two pieces of news (`job.progress`) on how far a job is. Default 30. */
  readonly progressEvery?: number
  /** Listens to every event of the jobs that this process conducts. */
  readonly hear?: (job: JobRow, event: RunEvent) => void
  /** What goes wrong in the background. */
  readonly onTrouble?: (where: string, thrown: unknown) => void
}

export interface Service {
  readonly store: Store
  readonly queue: Queue
  readonly engine: Engine
  readonly platform: Platform
  /** Brings the queue's schedules in line with the workflows, as after an import. */
  restoreSchedules(): Promise<void>
  /** Tells one channel one piece of news. */
  readonly deliver: (task: Tasks['notify'], signal: AbortSignal) => Promise<void>
  /** Aborted when it is to end: what is in hand is finished or given back. */
  readonly draining: AbortSignal
  /** Takes no more tasks, waits for those in hand for some seconds at most, closes everything but the store. Idempotent. */
  close(): Promise<void>
}

/** Seconds that tasks in hand have, once the service is to end. */
const drainSeconds = 20

/** @throws {OutflowError} codes `state.…`, `secrets.…`, `url_guard.…` */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { store, environment, stateDir, supervise, outputRoot, documents = 8, keepDays = 30 } = options
  const { hear, onTrouble, progressEvery = 30 } = options
  const secrets = await openSecrets({ store, environment, stateDir })
  const guard = urlGuardOf(environment)
  const queue = await store.openQueue({
    supervise,
    ...(onTrouble && { onTrouble: (thrown) => onTrouble('queue', thrown) }),
  })
  const draining = new AbortController()
  const context: PluginContext = { sharing: createSharing(store.throttleOf), lookup: guard.lookup }
  const { records } = store
  const templates = createTemplates()
  const connectors = createConnectors({ ...{ store, queue, secrets, guard, outputRoot, context } })
  const stopJobOf = async (workflow: string) => {
    const active = await records.jobs.active(workflow)
    if (active) await records.jobs.requestCancel(active.id)
  }
  const workflows = createWorkflows({ store, queue, onDelete: stopJobOf })
  const notifications = createNotifications({
    ...{ store, queue, secrets, workflows, guard },
  })
  const news: EngineOptions['news'] = (inside, job, event) =>
    notifications.jobNews(inside, { ...job, workflowId: job.workflow }, event)
  const jobs: Jobs = createJobs({
    ...{ store, queue, workflows, templates, validateNodes, keepUploads },
    news,
  })
  const engine = createEngine({
    ...{ store, queue, documents, progressEvery },
    openings: createOpenings({ store, connectors, context }),
    news,
    hear: hear ?? (() => {}),
    draining: draining.signal,
  })
  const platform: Platform = {
    ...{ connectors, workflows, templates, jobs, notifications },
    keys: createKeys({ store }),
    documents: createDocuments({
      store,
      openDestination: async (workspace, id) =>
        openDestinationOf(await connectors.settingsOf(workspace, id), context),
    }),
    explorer: createExplorer({ connectors, context }),
    partition: createFilePartition(),
    ready: () => store.ready(),
  }
  const stopRetention = supervise
    ? startRetention({
        store,
        days: keepDays,
        forgetNews: notifications.forgetOld,
        onTrouble: (thrown) => onTrouble?.('retention', thrown),
      })
    : undefined
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    draining.abort()
    await stopRetention?.()
    await queue.stop(drainSeconds)
    await engine.close()
  }

  return {
    ...{ store, queue, engine, platform },
    restoreSchedules: () => restoreSchedules({ store, queue }),
    deliver: notifications.deliver,
    draining: draining.signal,
    close() {
      closed ??= close()
      return closed
    },
  }
}
