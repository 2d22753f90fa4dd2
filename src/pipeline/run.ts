/**
 * Runs a workflow: index, then each document through its steps, with bounded concurrency, telling everything as events.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { Source } from '../model/contracts.ts'
import { asOutflowError, type OutflowError, reportError } from '../model/errors.ts'
import type { JobFinished, Outcome, RunEvent } from '../model/events.ts'
import { createChannel } from '../util/channel.ts'
import { type Books, type Memory, openBooks } from './books.ts'
import { type Conditions, flow } from './flow.ts'
import type { OpenHands } from './hands.ts'
import { plan, type Workflow } from './plan.ts'
import type { Machinery } from './process.ts'
import { recipeOf } from './recipe.ts'
import type { RemovalPolicy } from './removals.ts'
import { createTally, type Tally } from './tally.ts'

export interface RunOptions {
  /** Stops the run: no new documents, those under way are finished. */
  readonly signal?: AbortSignal
  /** Documents under way at the same time. Default 8. */
  readonly concurrency?: number
  /** Where it remembers what was delivered. Without it everything is processed, and nothing is ever removed. */
  readonly memory?: Memory
  /** Process everything again, whatever is remembered. Default false. */
  readonly reprocessAll?: boolean
  /** Do only what failed in earlier runs, from the stage where it failed. Needs `memory`. Default false. */
  readonly onlyFailed?: boolean
  readonly removals?: RemovalPolicy
  /** Others do what documents need; this process lists them. Needs `memory`. */
  readonly hands?: OpenHands
  /** This run goes on where another process left it: the last event that it told of each document that it had done. */
  readonly earlier?: ReadonlyMap<string, RunEvent>
}

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
  const finished = conduct(machinery, workflow, { ...options, soft, emit: channel.push }).finally(channel.end)
  try {
    yield* channel
  } finally {
    abandoned.abort()
    await finished
  }
}

type ConductOptions = Omit<RunOptions, 'signal'> & Pick<Conditions, 'soft' | 'emit'>

async function conduct(machinery: Machinery, workflow: Workflow, options: ConductOptions): Promise<void> {
  const { source, destination } = machinery
  const { soft, concurrency = 8, removals = {}, onlyFailed = false, hands, earlier } = options
  const started = performance.now()
  const tally = createTally()
  const emit = (event: RunEvent) => {
    tally.count(event)
    options.emit(event)
  }
  const startedAt = new Date()
  emit({
    type: 'job.started',
    source: source.name,
    destination: destination.name,
    at: startedAt.toISOString(),
  })
  let error: OutflowError | undefined
  let books: Books | undefined
  try {
    await destination.open({ signal: soft })
    books = await openMemory(workflow, options, startedAt)
    const told = tellNews(books, emit)
    error = await flow(machinery, {
      ...{ soft, concurrency, emit, books, removals, onlyFailed, hands, earlier },
    })
    await told
  } catch (thrown) {
    error = asOutflowError(thrown)
  }
  const stopped = soft.aborted
  const seconds = (performance.now() - started) / 1000
  const summary = summarise({ source, tally, seconds, ...(error && !stopped && { error }), stopped })
  const closingError = await close(machinery, books, summary, tally)
  emit(closingError ? { ...summary, outcome: 'failed', error: reportError(closingError) } : summary)
}

async function openMemory(
  workflow: Workflow,
  { memory, reprocessAll = false, earlier, soft }: ConductOptions,
  startedAt: Date,
): Promise<Books | undefined> {
  if (!memory) return undefined
  const { destination } = workflow
  const job = { id: randomUUID(), startedAt }
  const recipe = recipeOf(workflow)
  return openBooks({ memory, recipe, destination, reprocessAll, earlier, job }, { signal: soft })
}

/** As soon as it is known. What keeps it from being known stops the run elsewhere. */
async function tellNews(books: Books | undefined, emit: (event: RunEvent) => void): Promise<void> {
  if (!books) return
  await books.loaded.catch(() => undefined)
  for (const event of newsOf(books)) emit(event)
}

/** What a person should know of the time since the last run. */
function newsOf(books: Books): readonly RunEvent[] {
  const news: RunEvent[] = []
  const recipe = books.recipeNews()
  if (recipe && recipe.documents > 0)
    news.push({
      type: 'warning',
      code: 'recipe.changed',
      message: `Documents would come out otherwise than before: ${recipe.changes.join('; ')}. ${recipe.documents} are processed again.`,
    })
  const lost = books.lost()
  if (lost > 0)
    news.push({
      type: 'warning',
      code: 'destination.lost',
      message: `${lost} documents that were delivered are not in the destination any more. They are processed again.`,
    })
  return news
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
  const { removed, held } = tally.removals()
  const incomplete = coverage.failed > 0 || coverage.not_permitted > 0
  const outcome: Outcome = stopped
    ? 'stopped'
    : error
      ? 'failed'
      : incomplete
        ? 'finished_with_failures'
        : held > 0
          ? 'held'
          : 'finished'
  return {
    type: 'job.finished',
    outcome,
    coverage,
    removed,
    held,
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
  { source, plan: { partitioners }, destination }: Machinery,
  books: Books | undefined,
  summary: JobFinished,
  tally: Tally,
): Promise<unknown> {
  const attempts = [
    () => destination.finish(summary, tally.notDone()),
    async () => books?.finish(summary),
    ...partitioners.map((partitioner) => async () => partitioner.close?.()),
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
