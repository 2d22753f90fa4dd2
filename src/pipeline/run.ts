/**
 * Runs a workflow: index, then each document through its steps, with bounded concurrency, telling everything as events.
 *
 * @module
 */

import type { Destination, Listed, Source, Step } from '../model/contracts.ts'
import { documentRef } from '../model/document.ts'
import { asOutflowError, type OutflowError, reportError } from '../model/errors.ts'
import type { JobFinished, Outcome, RunEvent } from '../model/events.ts'
import { createChannel } from '../util/channel.ts'
import { createPool } from '../util/pool.ts'
import { plan } from './plan.ts'
import { type Machinery, processDocument } from './process.ts'
import { createTally, type Tally } from './tally.ts'

export interface Workflow {
  readonly source: Source
  readonly steps: readonly Step[]
  readonly destination: Destination
}

export interface RunOptions {
  /** Stops the run: no new documents, those under way are finished. */
  readonly signal?: AbortSignal
  /** Documents under way at the same time. Default 8. */
  readonly concurrency?: number
}

/** How long documents under way may take after a stop, in milliseconds. */
const graceAfterStop = 10_000

/**
 * Runs a workflow once and yields its events; the last one is always `job.finished`. Opens nothing before the first event is asked
 * for, and closes source and destination whatever happens, also when the consumer stops early.
 *
 * @throws {OutflowError} kind `config`, before anything is opened, when the steps cannot work together
 */
export async function* run(workflow: Workflow, options: RunOptions = {}): AsyncGenerator<RunEvent, void> {
  const machinery = { ...workflow, plan: plan(workflow.steps) }
  const channel = createChannel<RunEvent>()
  const abandoned = new AbortController()
  const soft = AbortSignal.any([abandoned.signal, ...(options.signal ? [options.signal] : [])])
  const finished = conduct(machinery, {
    soft,
    concurrency: options.concurrency ?? 8,
    emit: channel.push,
  }).finally(channel.end)
  try {
    yield* channel
  } finally {
    abandoned.abort()
    await finished
  }
}

interface Conditions {
  readonly soft: AbortSignal
  readonly concurrency: number
  readonly emit: (event: RunEvent) => void
}

async function conduct(machinery: Machinery, conditions: Conditions): Promise<void> {
  const { source, destination } = machinery
  const started = performance.now()
  const tally = createTally()
  const emit = (event: RunEvent) => {
    tally.count(event)
    conditions.emit(event)
  }
  emit({
    type: 'job.started',
    source: source.name,
    destination: destination.name,
    at: new Date().toISOString(),
  })
  let error: OutflowError | undefined
  try {
    await destination.open({ signal: conditions.soft })
    error = await flow(machinery, { ...conditions, emit })
  } catch (thrown) {
    error = asOutflowError(thrown)
  }
  const stopped = conditions.soft.aborted
  const seconds = (performance.now() - started) / 1000
  const summary = summarise({ source, tally, seconds, ...(error && !stopped && { error }), stopped })
  const closingError = await close(machinery, summary, tally)
  emit(closingError ? { ...summary, outcome: 'failed', error: reportError(closingError) } : summary)
}

/** The stream itself. Returns the error that stopped it, if one did. */
async function flow(
  machinery: Machinery,
  { soft, concurrency, emit }: Conditions,
): Promise<OutflowError | undefined> {
  const pool = createPool(concurrency)
  const broken = new AbortController()
  const listing = AbortSignal.any([soft, broken.signal])
  const hard = hardSignal(soft)
  let fatal: OutflowError | undefined
  const process = async (listed: Extract<Listed, { type: 'document' }>) => {
    const { event, fatal: reason } = await processDocument(machinery, listed, { signal: hard })
    emit(event)
    if (reason) {
      fatal ??= reason
      broken.abort()
    }
  }
  try {
    for await (const listed of machinery.source.index({ signal: listing, emit })) {
      if (listed.type === 'truncated') {
        const { type: _, ...truncation } = listed
        emit({ type: 'space.truncated', ...truncation })
        continue
      }
      emit({ type: 'document.found', document: documentRef(listed.document) })
      if (listed.type === 'document') await pool.add(() => process(listed))
      else emit(asEvent(listed))
      if (listing.aborted) break
    }
  } catch (thrown) {
    fatal ??= asOutflowError(thrown)
  }
  await pool.drain()
  return fatal
}

/** Aborts a while after the run was asked to stop, so that documents under way can finish. */
function hardSignal(soft: AbortSignal): AbortSignal {
  const hard = new AbortController()
  const stop = () => setTimeout(() => hard.abort(soft.reason), graceAfterStop).unref()
  if (soft.aborted) stop()
  else soft.addEventListener('abort', stop, { once: true })
  return hard.signal
}

function asEvent(listed: Exclude<Listed, { type: 'document' | 'truncated' }>): RunEvent {
  switch (listed.type) {
    case 'skipped':
      return { type: 'document.skipped', document: listed.document, rule: listed.rule }
    case 'not_permitted':
      return { type: 'document.not_permitted', document: listed.document, error: listed.error }
    case 'unsupported':
      return { type: 'document.unsupported', document: listed.document, reason: listed.reason }
    case 'failed':
      return { type: 'document.failed', document: listed.document, stage: 'index', error: listed.error }
  }
}

function summarise(facts: {
  readonly source: Source
  readonly tally: Tally
  readonly seconds: number
  readonly stopped: boolean
  readonly error?: OutflowError
}): JobFinished {
  const { source, tally, stopped, error } = facts
  const usage = source.usage()
  const coverage = tally.coverage()
  const incomplete = coverage.failed > 0 || coverage.not_permitted > 0
  const outcome: Outcome = stopped
    ? 'stopped'
    : error
      ? 'failed'
      : incomplete
        ? 'finished_with_failures'
        : 'finished'
  return {
    type: 'job.finished',
    outcome,
    coverage,
    requests: usage.requests,
    retries: usage.retries,
    waited_seconds: rounded(usage.waitedSeconds),
    seconds: rounded(facts.seconds),
    truncated: tally.truncated(),
    permissions: tally.permissions(),
    ...(error && { error: reportError(error) }),
  }
}

/** Destination first, so that the report is on disk before anything else can go wrong. */
async function close(
  { source, destination }: Machinery,
  summary: JobFinished,
  tally: Tally,
): Promise<unknown> {
  const attempts = [
    () => destination.finish(summary, tally.notDone()),
    () => destination.close(),
    () => source.close(),
  ]
  let first: unknown
  for (const attempt of attempts) {
    try {
      await attempt()
    } catch (thrown) {
      // A destination that could not be opened fails again here; the reason is in the summary already.
      if (!summary.error) first ??= thrown
    }
  }
  return first
}

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000
