/**
 * The stream of a run: what the source lists goes through the steps, gets new permissions, or is left as it is.
 *
 * @module
 */

import type { IndexContext, Listed } from '../model/contracts.ts'
import { type Document, type DocumentRef, documentRef } from '../model/document.ts'
import { asOutflowError, OutflowError } from '../model/errors.ts'
import type { RunEvent } from '../model/events.ts'
import { type DocumentPermissions, unknownPermissions } from '../model/permissions.ts'
import { inBatches } from '../util/batches.ts'
import { createPool } from '../util/pool.ts'
import type { Books } from './books.ts'
import { accessDigest } from './digest.ts'
import { failure, type ListedDocument, type Machinery, processDocument, stopsRun } from './process.ts'
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
}

/** Documents that are claimed together, and how long the first of them waits for others, in milliseconds. */
const batchSize = 100
const batchPatience = 50

/** How long documents under way may take after a stop, in milliseconds. */
const graceAfterStop = 10_000

type ListedAlone = Exclude<Listed, { type: 'truncated' }>

/** Returns the error that stopped it, if one did. */
export async function flow(machinery: Machinery, conditions: Conditions): Promise<OutflowError | undefined> {
  const { soft, concurrency, emit, books, removals, onlyFailed } = conditions
  const pool = createPool(concurrency)
  const broken = new AbortController()
  const context: IndexContext = {
    signal: AbortSignal.any([soft, broken.signal]),
    emit,
    ...(books?.anyDelivered && { recall: books.recall }),
  }
  const deliver = createDelivery(machinery, { emit, books, signal: hardSignal(soft) })
  const outOfScope: Gone[] = []
  let fatal: OutflowError | undefined

  function stopFor(reason: OutflowError): void {
    fatal ??= reason
    broken.abort()
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
        return attempt(() => deliver.unchanged(listed))
      return pool.add(() => attempt(() => deliver.changed(listed)))
    }
    emit(asEvent(listed))
    if (listed.type === 'skipped' && listed.outOfScope && books?.stored(listed.document.id))
      outOfScope.push(goneByRule(books, listed))
    else await books?.noteListed(listed)
    if (listed.type === 'failed' && listed.permissions)
      await deliver.followAccess(listed.document, listed.permissions)
  }

  try {
    const listing = onlyFailed ? failedBefore(machinery, books!, context) : machinery.source.index(context)
    for await (const batch of inBatches(listing, { most: batchSize, patience: batchPatience })) {
      await attempt(() => takeAll(batch))
      if (context.signal.aborted) break
    }
    await pool.drain()
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

interface Delivery {
  /** All that can be done to a document whose content or permissions changed. Gives back what stops the run. */
  changed(listed: ListedDocument): Promise<OutflowError | undefined>
  unchanged(listed: ListedDocument): Promise<undefined>
  /** Of a document that failed, what an earlier run delivered gets the permissions of now. */
  followAccess(document: DocumentRef, now: DocumentPermissions): Promise<void>
}

function createDelivery(
  machinery: Machinery,
  { emit, books, signal }: { emit: Conditions['emit']; books: Books | undefined; signal: AbortSignal },
): Delivery {
  const { destination } = machinery
  const context = { signal }

  async function process(listed: ListedDocument): Promise<OutflowError | undefined> {
    const { document } = listed
    const before = books?.stored(document.id)
    const halfway = await books?.halfway(document)
    const processed = await processDocument(machinery, listed, { ...context, before, halfway })
    await books?.noteProcessed(document, processed)
    emit(processed.event)
    if (!processed.delivered && !processed.fatal) await followAccess(document, document.permissions)
    return processed.fatal
  }

  /** What an earlier run delivered stays, and must not be open to more people than the document is now. */
  async function followAccess(document: DocumentRef, now: DocumentPermissions): Promise<void> {
    const { id } = document
    const delivered = books?.delivered(id)
    if (!books || !delivered) return
    // What it showed of other pages may be for fewer people now, and there is nothing newer to put in its place.
    const permissions = delivered.traces.length > 0 ? closedMeanwhile(document) : now
    if (delivered.accessDigest === accessDigest(permissions)) return
    try {
      await books.claimAccess([books.entry(id)!])
      await destination.updateAccess?.(books.stored(id)!, permissions, context)
      await books.noteAccessOf(id, permissions)
    } catch (thrown) {
      // The document has failed anyway, and the next run comes back to it.
      if (!(thrown instanceof OutflowError) || stopsRun(thrown)) throw thrown
    }
  }

  async function accessNotChanged(document: Document, thrown: unknown): Promise<OutflowError | undefined> {
    const failed = failure(document, 'upload', thrown)
    await books?.noteProcessed(document, failed)
    emit(failed.event)
    return failed.fatal
  }

  return {
    followAccess,
    async changed(listed) {
      const { document, stale = false } = listed
      if (!books || !destination.updateAccess || books.needOf(document, stale) !== 'access')
        return process(listed)
      try {
        await destination.updateAccess(books.stored(document.id)!, document.permissions, context)
      } catch (thrown) {
        const isMissing = thrown instanceof OutflowError && thrown.kind === 'missing'
        return isMissing ? process(listed) : accessNotChanged(document, thrown)
      }
      await books.noteAccess(document)
      const { status } = document.permissions
      emit({ type: 'document.access_changed', document: documentRef(document), permissions: status })
      return undefined
    },
    async unchanged({ document }) {
      await books!.noteUnchanged(document)
      const { status } = document.permissions
      emit({ type: 'document.unchanged', document: documentRef(document), permissions: status })
      return undefined
    },
  }
}

const closedMeanwhile = ({ title }: DocumentRef) =>
  unknownPermissions(
    `"${title}" could not be made anew, and what it shows of other pages may be for fewer people.`,
  )

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
