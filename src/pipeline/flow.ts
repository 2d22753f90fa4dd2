/**
 * The stream of a run: what the source lists goes through the steps, gets new permissions, or is left as it is.
 *
 * @module
 */

import type { IndexContext, Listed } from '../model/contracts.ts'
import { documentRef } from '../model/document.ts'
import { asOutflowError, OutflowError } from '../model/errors.ts'
import type { RunEvent } from '../model/events.ts'
import { inBatches } from '../util/batches.ts'
import { createPool } from '../util/pool.ts'
import type { Books } from './books.ts'
import { createDelivery } from './delivery.ts'
import type { Hands, OpenHands, Outcome } from './hands.ts'
import type { ListedDocument, Machinery } from './process.ts'
import { type Gone, type RemovalPolicy, settleUnseen } from './removals.ts'

export interface Conditions {
  /** Aborted: nothing more is listed, and what is under way is finished. */
  readonly soft: AbortSignal
  readonly concurrency: number
  readonly emit: (event: RunEvent) => void
  /** Absent: nothing is remembered, everything is processed. */
  readonly books?: Books | undefined
  readonly removals: RemovalPolicy
  /** Only what failed before, asked for by itself. */
  readonly onlyFailed: boolean
  /** Others do what documents need. Needs `books`. */
  readonly hands?: OpenHands | undefined
  /** What was done in an earlier try of this run, by document: it is told again where nothing is left to be done. */
  readonly earlier?: ReadonlyMap<string, RunEvent> | undefined
}

/** Documents that are claimed together, and how long the first of them waits for others, in milliseconds. */
const batchSize = 100
const batchPatience = 50

/** How long documents under way may take after a stop, in milliseconds. */
const graceAfterStop = 10_000

type ListedAlone = Exclude<Listed, { type: 'truncated' }>

/** Returns the error that stopped it, if one did. */
export async function flow(machinery: Machinery, conditions: Conditions): Promise<OutflowError | undefined> {
  const { soft, concurrency, emit, books, removals, onlyFailed, earlier } = conditions
  const pool = createPool(concurrency)
  const broken = new AbortController()
  const context: IndexContext = {
    signal: AbortSignal.any([soft, broken.signal]),
    emit,
    ...(books?.anyDelivered && { recall: books.recall }),
  }
  const signal = hardSignal(soft)
  const deliver = createDelivery(machinery, { emit, notes: books, signal })
  const hands = conditions.hands?.(hear, { signal: context.signal })
  const outOfScope: Gone[] = []
  let fatal: OutflowError | undefined

  function stopFor(reason: OutflowError): void {
    fatal ??= reason
    broken.abort()
  }

  function hear({ events, entries, fatal: reason }: Outcome): void {
    books?.learn(entries)
    for (const event of events) emit(event)
    if (reason) stopFor(new OutflowError(reason))
  }

  /** Never throws. */
  async function attempt(task: () => Promise<OutflowError | undefined>): Promise<void> {
    try {
      const reason = await task()
      if (reason) stopFor(reason)
    } catch (thrown) {
      stopFor(asOutflowError(thrown))
    }
  }

  async function takeAll(batch: readonly Listed[]): Promise<undefined> {
    await books?.loaded
    await books?.claim(batch.filter((listed) => listed.type === 'document'))
    for (const listed of batch) {
      if (listed.type === 'truncated') {
        const { type: _, ...truncation } = listed
        emit({ type: 'space.truncated', ...truncation })
      } else await take(listed)
      if (context.signal.aborted) break
    }
    return undefined
  }

  async function take(listed: ListedAlone): Promise<void> {
    emit({ type: 'document.found', document: documentRef(listed.document) })
    books?.see(listed.document.id)
    if (listed.type === 'document') {
      if (books?.needOf(listed.document, listed.stale === true) === 'nothing')
        return attempt(() => leaveAsIs(listed))
      return pool.add(() => attempt(() => (hands ? handOver(hands, listed) : deliver.changed(listed))))
    }
    emit(asEvent(listed))
    if (listed.type === 'skipped' && listed.outOfScope && books?.stored(listed.document.id))
      outOfScope.push(goneByRule(books, listed))
    else await books?.noteListed(listed)
    if (listed.type === 'failed' && listed.permissions)
      await deliver.followAccess(listed.document, listed.permissions)
  }

  async function leaveAsIs(listed: ListedDocument): Promise<undefined> {
    const told = earlier?.get(listed.document.id)
    if (!told) return deliver.unchanged(listed)
    emit(told)
    return undefined
  }

  function handOver(to: Hands, listed: ListedDocument): Promise<OutflowError | undefined> {
    const { id } = listed.document
    const [before, claim] = [books?.unclaimed(id), books?.entry(id)]
    return deliver.begin(listed, (document, come) =>
      to.give({
        document,
        stale: listed.stale === true,
        ...(before && { before }),
        ...(claim && { claim }),
        ...come,
      }),
    )
  }

  try {
    const listing = onlyFailed ? failedBefore(machinery, books!, context) : machinery.source.index(context)
    for await (const batch of inBatches(listing, { most: batchSize, patience: batchPatience })) {
      await attempt(() => takeAll(batch))
      if (context.signal.aborted) break
    }
    await pool.drain()
    await hands?.drain()
    await books?.loaded
    if (books && !onlyFailed && !context.signal.aborted)
      await settleUnseen(
        { machinery, books, policy: removals, context, concurrency, take: (listed) => takeAll([listed]) },
        outOfScope,
      )
  } catch (thrown) {
    fatal ??= asOutflowError(thrown)
  }
  await pool.drain()
  await attempt(async () => {
    await hands?.drain()
    return undefined
  })
  await attempt(async () => {
    await books?.flush()
    return undefined
  })
  return fatal
}

/** What failed in earlier runs, as the source shows it now. What is not to be had is left as it is, for a whole run to settle. */
async function* failedBefore(
  { source }: Machinery,
  books: Books,
  context: IndexContext,
): AsyncGenerator<Listed> {
  await books.loaded
  const failed = books.failed()
  if (failed.length === 0 || !source.revisit) return
  const known = new Map(failed.map((each) => [each.document.id, each]))
  for await (const answer of source.revisit(failed, context)) {
    if ('found' in answer) yield answer.found
    else
      yield {
        type: 'failed',
        ...known.get(answer.id)!,
        error: notToBeHad('unproved' in answer ? answer.unproved : answer.message),
      }
  }
}

const notToBeHad = (message: string) => ({
  kind: 'missing' as const,
  code: 'retry.not_there',
  message,
  fix: 'Run the workflow again: a whole run finds out what became of it.',
})

function goneByRule(books: Books, { document, rule }: Extract<Listed, { type: 'skipped' }>): Gone {
  return {
    entry: books.entry(document.id)!,
    reason: 'out_of_scope',
    message: `"${document.title}" is left out by the filter ${rule}.`,
  }
}

/** Aborts a while after the run was asked to stop, so that documents under way can finish. */
function hardSignal(soft: AbortSignal): AbortSignal {
  const hard = new AbortController()
  const stop = () => setTimeout(() => hard.abort(soft.reason), graceAfterStop).unref()
  if (soft.aborted) stop()
  else soft.addEventListener('abort', stop, { once: true })
  return hard.signal
}

function asEvent(listed: Exclude<ListedAlone, { type: 'document' }>): RunEvent {
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
