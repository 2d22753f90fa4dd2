/**
 * What is counted and timed, in the form that Prometheus reads. Few series, and no label that grows with the documents.
 *
 * @module
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import {
  type RequestMessage,
  requestChannel,
  type StageMessage,
  stageChannel,
  type WaitMessage,
  waitChannel,
} from '../model/diagnostics.ts'
import type { RunEvent } from '../model/events.ts'
import type { WorkflowAge } from '../store/ages.ts'
import type { QueueDepth } from '../store/queue.ts'
import { currentActivity } from './activity.ts'

/** Asked whenever the metrics are. */
export interface MetricsSources {
  readonly depths?: () => Promise<Readonly<Record<string, QueueDepth>>>
  readonly ages?: () => Promise<readonly WorkflowAge[]>
  /** Told why one of the others gave no answer; its gauges are left out then. */
  readonly onTrouble?: (thrown: unknown) => void
}

export interface Metrics {
  /** Listens to every event of a job, once in the whole installation. */
  hear(context: { readonly source: string }, event: RunEvent): void
  render(): Promise<{ readonly contentType: string; readonly body: string }>
  /** Listens no more. Idempotent. */
  close(): void
}

/** Milliseconds that a question to the database may take while Prometheus waits. */
const patience = 5000

const secondsOfStage = [0.005, 0.02, 0.1, 0.5, 2, 10, 60]
const secondsOfJob = [1, 10, 60, 300, 1800, 7200, 28_800, 86_400]

/** Source of requests outside of any activity. */
const nobody = 'none'

/** Counts what happens in this process from now on; each has a registry of its own. */
export function createMetrics(sources: MetricsSources = {}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const instruments = createInstruments(registry)
  const stopListening = listen(instruments)
  return {
    hear: ({ source }, event) => countEvent(instruments, source, event),
    async render() {
      await fillGauges(instruments, sources)
      return { contentType: registry.contentType, body: await registry.metrics() }
    },
    close: stopListening,
  }
}

type Instruments = ReturnType<typeof createInstruments>

function createInstruments(registry: Registry) {
  const registers = [registry]
  const named = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name: `outflow_${name}`,
    help,
    labelNames,
    registers,
  })
  return {
    documents: new Counter(
      named(
        'documents_total',
        'Documents by the stage that decided about them, and how.',
        'source',
        'stage',
        'outcome',
      ),
    ),
    stageSeconds: new Histogram({
      ...named('stage_seconds', 'Time that one document took in a stage.', 'stage'),
      buckets: secondsOfStage,
    }),
    requests: new Counter(
      named(
        'source_requests_total',
        'Requests to sources by the class of the status; "none" where no answer came.',
        'source',
        'status_class',
      ),
    ),
    throttled: new Counter(
      named(
        'source_throttled_seconds_total',
        'Time in which requests waited because the source wanted it.',
        'source',
      ),
    ),
    jobSeconds: new Histogram({
      ...named('job_seconds', 'Time that jobs took, from their first event to their last.', 'outcome'),
      buckets: secondsOfJob,
    }),
    queueDepth: new Gauge(named('queue_depth', 'Tasks that wait for a worker.', 'queue')),
    queueOldest: new Gauge(named('queue_oldest_seconds', 'How long the oldest task has waited.', 'queue')),
    dataAge: new Gauge(
      named('data_age_seconds', 'Time since the last job began that read all of the source.', 'workflow'),
    ),
    accessAge: new Gauge(
      named('acl_age_seconds', 'Time since the last job began that compared all permissions.', 'workflow'),
    ),
  }
}

/** @returns what ends it */
function listen({ stageSeconds, requests, throttled }: Instruments): () => void {
  const begun = new WeakMap<object, number>()
  const source = () => currentActivity().source ?? nobody

  const onStageStart = (message: unknown) => void begun.set(message as StageMessage, performance.now())
  const onStageEnd = (message: unknown) => {
    const { stage } = message as StageMessage
    const since = begun.get(message as StageMessage)
    if (since !== undefined) stageSeconds.observe({ stage }, (performance.now() - since) / 1000)
  }
  const onRequestEnd = (message: unknown) => {
    const { status } = message as RequestMessage
    requests.inc({ source: source(), status_class: statusClass(status) })
  }
  const onWait = (message: unknown) => throttled.inc({ source: source() }, (message as WaitMessage).seconds)

  const subscriptions = [
    [stageChannel.start, onStageStart],
    [stageChannel.asyncEnd, onStageEnd],
    [requestChannel.asyncEnd, onRequestEnd],
    [waitChannel, onWait],
  ] as const
  for (const [channel, listener] of subscriptions) channel.subscribe(listener)
  return () => {
    for (const [channel, listener] of subscriptions) channel.unsubscribe(listener)
  }
}

const statusClass = (status: number | undefined) =>
  status === undefined ? 'none' : `${Math.floor(status / 100)}xx`

function countEvent({ documents, jobSeconds }: Instruments, source: string, event: RunEvent): void {
  if (event.type === 'job.finished') jobSeconds.observe({ outcome: event.outcome }, event.seconds)
  const stage = deciding(event)
  if (stage === undefined) return
  documents.inc({ source, stage, outcome: event.type.slice('document.'.length) })
}

/** The stage that decided about a document. */
function deciding(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'document.failed':
      return event.stage
    case 'document.done':
    case 'document.access_changed':
      return 'upload'
    case 'document.unsupported':
      return 'partition'
    case 'document.not_permitted':
      return 'download'
    case 'document.unchanged':
    case 'document.skipped':
    case 'document.removed':
    case 'document.held':
      return 'index'
    default:
      return undefined
  }
}

/** A gauge whose answer does not come is left out: an old number would look like a new one. */
async function fillGauges(instruments: Instruments, sources: MetricsSources): Promise<void> {
  const { queueDepth, queueOldest, dataAge, accessAge } = instruments
  const { depths, ages, onTrouble } = sources
  const [queues = {}, workflows = []] = await Promise.all([
    answerOf(depths, onTrouble),
    answerOf(ages, onTrouble),
  ])
  for (const gauge of [queueDepth, queueOldest, dataAge, accessAge]) gauge.reset()
  for (const [queue, { queued, oldestSeconds }] of Object.entries(queues)) {
    queueDepth.set({ queue }, queued)
    queueOldest.set({ queue }, oldestSeconds)
  }
  for (const { workflow, dataSeconds, accessSeconds } of workflows) {
    dataAge.set({ workflow }, dataSeconds)
    accessAge.set({ workflow }, accessSeconds)
  }
}

async function answerOf<Answer>(
  ask: (() => Promise<Answer>) | undefined,
  onTrouble: ((thrown: unknown) => void) | undefined,
): Promise<Answer | undefined> {
  if (!ask) return undefined
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer for metrics within ${patience} ms.`)), patience)
  })
  try {
    return await Promise.race([ask(), late])
  } catch (thrown) {
    onTrouble?.(thrown)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
