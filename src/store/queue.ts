/**
 * The queues of work: pg-boss over the same database that holds everything else, so that what is written down and what is put on its way
 * come to be together or not at all. Nothing above knows which library does it.
 *
 * Work is done at least once. Whoever has lost its claim on a task (its process stood still, and another took over) finds out when it
 * completes it: then nothing of what it wrote in that transaction counts.
 *
 * @module
 */

import { setImmediate } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import { type Db, fromKysely, fromPglite, type JobWithMetadata, PgBoss, type WorkOptions } from 'pg-boss'
import { attempt, type Database, type QueueAccess } from './database.ts'
import type { Records } from './records.ts'

/** What each queue carries. */
export interface Tasks {
  /** A job begins, or goes on after its worker died. */
  readonly run: { readonly job: string }
  /** Some documents of a job. */
  readonly parcel: { readonly job: string; readonly number: number }
  /** A connection check. */
  readonly check: { readonly check: string }
  /** The time of a workflow's schedule has come. */
  readonly schedule: { readonly workflow: string }
  /** News of a job, to one channel. */
  readonly notify: { readonly channel: string; readonly notification: string }
}

type QueueName = keyof Tasks

interface QueueRules {
  /** Tries after the first. */
  readonly retries: number
  /** Seconds before the second try; doubled from then on, up to `mostDelay`. 0: at once. */
  readonly delay: number
  readonly mostDelay?: number
  /** Where a task goes that has used up its tries. */
  readonly dead?: string
}

/** Seconds without a sign of life after which a worker counts as dead; pg-boss takes no fewer. */
const heartbeat = 10
/** What the library notes of a task whose worker gave none. */
const death = 'job heartbeat timeout'
/** Seconds between signs of life; a cancelled task is told of it with the next one. */
const heartbeatEvery = 1
/** Milliseconds for which a claim that was seen to hold is taken to hold: well within the time in which nobody else gets it. */
const trusted = 5000
/** Seconds that a task may take at most. The longest that pg-boss takes is a day; a job goes on after that by another try. */
const longest = 23 * 3600

const workOptions = {
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 2,
  heartbeatRefreshSeconds: heartbeatEvery,
  includeMetadata: true,
} as const satisfies WorkOptions

/** A worker that is killed costs a try: a job outlives many of them. */
const rules: Readonly<Record<QueueName, QueueRules>> = {
  run: { retries: 200, delay: 0, dead: 'run-dead' },
  parcel: { retries: 4, delay: 1, mostDelay: 30, dead: 'parcel-dead' },
  check: { retries: 2, delay: 0, dead: 'check-dead' },
  schedule: { retries: 3, delay: 5, mostDelay: 60 },
  notify: { retries: 16, delay: 5, mostDelay: 6 * 3600 },
}

interface DeadTasks {
  readonly 'run-dead': Tasks['run']
  readonly 'parcel-dead': Tasks['parcel']
  readonly 'check-dead': Tasks['check']
}
type AllTasks = Tasks & DeadTasks

/** A task in hand. */
export interface Task<Name extends keyof AllTasks> {
  readonly id: string
  readonly data: AllTasks[Name]
  /** Aborted when the task was cancelled, or its claim lost. */
  readonly signal: AbortSignal
  /** How many had it before, where the last of them died of it, or beside it. */
  readonly deaths: number
  /** Whether it has used up its tries with this one. */
  readonly isLastTry: boolean
  /**
   * Says, as part of a transaction, that it is done. `false`: the claim is lost, and the transaction has to be given up.
   */
  complete(records: Records): Promise<boolean>
  /** Whether the claim holds, and goes on to hold until the end of this transaction. */
  holds(records: Records): Promise<boolean>
  /**
   * The same for what no transaction can undo. Asks only where it is not known from just now: whoever stood still for long enough to lose a
   * task has to find out before it goes on.
   */
  isHeld(): Promise<boolean>
}

interface SendOptions {
  /** The higher, the sooner. Default 0. */
  readonly priority?: number
  /** Not before so many seconds from now. */
  readonly after?: number
  /** As part of this transaction. */
  readonly within?: Records
}

export interface QueueDepth {
  readonly queued: number
  readonly active: number
  /** How long the oldest has waited. */
  readonly oldestSeconds: number
}

export interface Queue {
  send<Name extends QueueName>(name: Name, data: Tasks[Name], options?: SendOptions): Promise<void>
  sendAll<Name extends QueueName>(
    name: Name,
    tasks: readonly { readonly data: Tasks[Name]; readonly priority?: number }[],
    options?: Pick<SendOptions, 'within'>,
  ): Promise<void>
  /** Works on a queue until `stop`: up to `concurrency` tasks at a time. A handler that throws has its task tried again. */
  work<Name extends keyof AllTasks>(
    name: Name,
    concurrency: number,
    handler: (task: Task<Name>) => Promise<void>,
  ): Promise<void>
  /** Takes back what waits, by what it carries. What is in hand, or has used up its tries, stays. */
  cancel<Name extends QueueName>(
    name: Name,
    data: Partial<Tasks[Name]>,
    options?: Pick<SendOptions, 'within'>,
  ): Promise<void>
  /** What tasks carry that wait or are in hand, also of those that have used up their tries. */
  pending<Name extends QueueName>(
    name: Name,
    data: Partial<Tasks[Name]>,
    options?: Pick<SendOptions, 'within'>,
  ): Promise<readonly Tasks[Name][]>
  /** Of tasks that wait: those that somebody had who died, and how many did. */
  orphaned<Name extends QueueName>(
    name: Name,
    data: Partial<Tasks[Name]>,
    options?: Pick<SendOptions, 'within'>,
  ): Promise<readonly { readonly data: Tasks[Name]; readonly deaths: number }[]>
  /** Whatever is in hand is put back: for the only process that works here, before it begins. */
  releaseAll(): Promise<void>
  /** Sends `{workflow}` to the queue `schedule` at these times: a cron expression of five fields, in UTC. */
  schedule(workflow: string, cron: string): Promise<void>
  unschedule(workflow: string): Promise<void>
  depths(): Promise<Readonly<Record<QueueName, QueueDepth>>>
  /** Takes no new tasks, and waits for those in hand, up to so many seconds. Idempotent. */
  stop(seconds: number): Promise<void>
}

export interface QueueOptions {
  /** What goes wrong in the background, for the log. */
  readonly onTrouble?: (thrown: unknown) => void
  /** Whether this process looks after the queues and sends what is scheduled. Default true. */
  readonly supervise?: boolean
}

/** The PostgreSQL schema of the queues; beside our own, since pg-boss makes and changes it by itself. */
export const queueSchema = 'outflow_queue'

/** What of it is asked in SQL of our own: in a transaction of ours, or of more tasks than the library hands over at once. */
const jobTable = sql.table(`${queueSchema}.job`)

/** @throws {OutflowError} what the database makes of it */
export async function openQueue(database: Database, options: QueueOptions = {}): Promise<Queue> {
  return attempt(database, () => open(database, options))
}

async function open(
  database: Database,
  { onTrouble = () => {}, supervise = true }: QueueOptions,
): Promise<Queue> {
  const boss = new PgBoss({
    schema: queueSchema,
    createSchema: !(await hasSchema(database)),
    ...connectionOf(database.queueAccess),
    useListenNotify: true,
    schedule: supervise,
    supervise,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 2,
    cronMonitorIntervalSeconds: 5,
    cronWorkerIntervalSeconds: 1,
    warningQueueSize: 10_000_000,
    registerInstance: false,
  })
  boss.on('error', onTrouble)
  await boss.start()
  for (const name of Object.keys(rules) as QueueName[]) await createQueue(boss, name)
  let stopped: Promise<void> | undefined

  return {
    async send(name, data, { priority, after, within } = {}) {
      await attempt(database, () =>
        boss.send(name, data, {
          ...(priority !== undefined && { priority }),
          ...(after !== undefined && { startAfter: after }),
          ...inside(within),
        }),
      )
    },
    async sendAll(name, tasks, { within } = {}) {
      const jobs = tasks.map(({ data, priority = 0 }) => ({ data, priority }))
      await attempt(database, () => boss.insert(name, jobs, inside(within)))
    },
    async work<Name extends keyof AllTasks>(
      name: Name,
      concurrency: number,
      handler: (task: Task<Name>) => Promise<void>,
    ) {
      for (let place = 0; place < concurrency; place++) {
        const worker = await boss.work<AllTasks[Name], void, typeof workOptions>(
          name,
          workOptions,
          async ([job]) => {
            try {
              if (job) await handler(taskOf(database, boss, name, job))
            } catch (thrown) {
              // The library tries the task again, and tells nobody why.
              onTrouble(thrown)
              throw thrown
            }
            // Where there was one task there may be another: without this, the library waits for its next look.
            boss.notifyWorker(worker)
          },
        )
      }
    },
    async cancel(name, data, { within } = {}) {
      await attempt(database, () =>
        sql`
          delete from ${jobTable}
          where name = ${name} and state < 'active' and data @> ${JSON.stringify(data)}::jsonb`.execute(
          within?.tables ?? database.tables,
        ),
      )
    },
    async pending<Name extends QueueName>(
      name: Name,
      data: Partial<Tasks[Name]>,
      { within }: Pick<SendOptions, 'within'> = {},
    ) {
      const names = [name, rules[name].dead ?? name]
      const { rows } = await attempt(database, () =>
        sql<{ data: Tasks[Name] }>`
          select data from ${jobTable}
          where name = any(${names}::text[]) and state < 'completed' and data @> ${JSON.stringify(data)}::jsonb`.execute(
          within?.tables ?? database.tables,
        ),
      )
      return rows.map((row) => row.data)
    },
    async orphaned<Name extends QueueName>(
      name: Name,
      data: Partial<Tasks[Name]>,
      { within }: Pick<SendOptions, 'within'> = {},
    ) {
      const { rows } = await attempt(database, () =>
        sql<{ data: Tasks[Name]; deaths: number }>`
          select data, retry_count + 1 as deaths from ${jobTable}
          where name = ${name} and state < 'active' and started_on is not null
            and output->'value'->>'message' = ${death} and data @> ${JSON.stringify(data)}::jsonb`.execute(
          within?.tables ?? database.tables,
        ),
      )
      return rows
    },
    async releaseAll() {
      // The library waits for the heartbeat of a dead worker to run out. Here it is known to be dead.
      await attempt(database, () =>
        sql`
          update ${jobTable}
          set state = 'retry', start_after = now(), output = ${JSON.stringify({ value: { message: death } })}::jsonb
          where state = 'active'`.execute(database.tables),
      )
    },
    schedule: (workflow, cron) =>
      attempt(database, () =>
        boss.schedule('schedule', cron, { workflow }, { key: workflow, tz: 'UTC', missed: 'once' }),
      ),
    unschedule: (workflow) => attempt(database, () => boss.unschedule('schedule', workflow)),
    depths: () => attempt(database, () => depths(database)),
    stop(seconds) {
      stopped ??= boss.stop({ graceful: true, timeout: seconds * 1000 })
      return stopped
    },
  }
}

/** Whoever may not make a schema may not make it "if not exists" either: an administrator may have made it for them. */
async function hasSchema({ tables }: Database): Promise<boolean> {
  const { rows } = await sql`select from pg_namespace where nspname = ${queueSchema}`.execute(tables)
  return rows.length > 0
}

function connectionOf(access: QueueAccess) {
  if ('embedded' in access) return { db: fromPglite(breathing(access.embedded)), backend: 'pglite' as const }
  return { connectionString: access.url, application_name: 'outflow queue', max: 4 }
}

/** See `embedded.ts`: a query of PGlite is one row of microtasks. */
function breathing(embedded: PGlite): Parameters<typeof fromPglite>[0] {
  const breath = async <Answer>(answer: Answer): Promise<Answer> => {
    await setImmediate()
    return answer
  }
  return {
    query: async <Row>(text: string, values?: unknown[]) => breath(await embedded.query<Row>(text, values)),
    exec: async (text) => breath(await embedded.exec(text)),
    listen: (channel, hear) => embedded.listen(channel, hear),
  }
}

async function createQueue(boss: PgBoss, name: QueueName): Promise<void> {
  const { retries, delay, mostDelay, dead } = rules[name]
  const common = {
    expireInSeconds: longest,
    retentionSeconds: 30 * 24 * 3600,
    deleteAfterSeconds: 3600,
    heartbeatSeconds: heartbeat,
    notify: true,
  }
  if (dead !== undefined) await upsertQueue(boss, dead, { ...common, retryLimit: 100, retryDelay: 5 })
  await upsertQueue(boss, name, {
    ...common,
    retryLimit: retries,
    retryDelay: delay,
    ...(mostDelay !== undefined && { retryBackoff: true, retryDelayMax: mostDelay }),
    ...(dead !== undefined && { deadLetter: dead }),
  })
}

async function upsertQueue(boss: PgBoss, name: string, options: object): Promise<void> {
  if (await boss.getQueue(name)) await boss.updateQueue(name, options)
  else await boss.createQueue(name, options)
}

const inside = (within: Records | undefined): { db?: Db } => (within ? { db: fromKysely(within.tables) } : {})

function taskOf<Name extends keyof AllTasks>(
  database: Database,
  boss: PgBoss,
  name: Name,
  job: Pick<
    JobWithMetadata<AllTasks[Name]>,
    'id' | 'data' | 'signal' | 'retryCount' | 'retryLimit' | 'output'
  >,
): Task<Name> {
  const { id, data, signal, retryCount, retryLimit, output } = job
  const held = sql`
    from ${jobTable} where name = ${name} and id = ${id} and state = 'active' and retry_count = ${retryCount}`
  let known = performance.now()
  return {
    id,
    data,
    signal,
    deaths: isDeath(output) ? retryCount : 0,
    isLastTry: retryCount >= retryLimit,
    async complete(records) {
      const answer = await boss.complete(name, [{ id, retryCount }], null, inside(records))
      // The library's own type is empty here.
      return (answer as { readonly affected: number }).affected === 1
    },
    async holds({ tables }) {
      const { rows } = await attempt(database, () => sql`select ${held} for share`.execute(tables))
      return rows.length > 0
    },
    async isHeld() {
      if (performance.now() - known < trusted) return true
      const now = performance.now()
      const { rows } = await attempt(database, () => sql`select ${held}`.execute(database.tables))
      if (rows.length > 0) known = now
      return rows.length > 0
    },
  }
}

function isDeath(output: unknown): boolean {
  const { value } = (output ?? {}) as { readonly value?: { readonly message?: unknown } }
  return value?.message === death
}

/** Counted anew: what pg-boss knows of its queues is seconds old, and it does not tell how long the oldest task has waited. */
async function depths(database: Database): Promise<Readonly<Record<QueueName, QueueDepth>>> {
  const { rows } = await sql<{ name: QueueName; queued: string; active: string; oldest: string | null }>`
    select name,
      count(*) filter (where state < 'active') as queued,
      count(*) filter (where state = 'active') as active,
      extract(epoch from now() - min(greatest(created_on, start_after)) filter (where state < 'active' and start_after <= now())) as oldest
    from ${jobTable}
    where state < 'completed'
    group by name`.execute(database.tables)
  const found = new Map(rows.map((row) => [row.name, row]))
  const entries = Object.keys(rules).map((name) => {
    const { queued = 0, active = 0, oldest = 0 } = found.get(name as QueueName) ?? {}
    return [name, { queued: Number(queued), active: Number(active), oldestSeconds: Number(oldest ?? 0) }]
  })
  return Object.fromEntries(entries) as Record<QueueName, QueueDepth>
}
