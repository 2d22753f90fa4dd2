/**
 * One document through all steps: download, partition, the element steps, upload.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Content, Loss, Trace } from '../model/content.ts'
import type { Destination, Listed, Source, Stored } from '../model/contracts.ts'
import { inStage } from '../model/diagnostics.ts'
import { type Document, documentRef } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { OutflowError, reportError } from '../model/errors.ts'
import type { RunEvent, Stage } from '../model/events.ts'
import { dataSource, describeElements } from './describe.ts'
import type { Plan } from './plan.ts'

export interface Machinery {
  readonly source: Source
  readonly plan: Plan
  readonly destination: Destination
}

export type ListedDocument = Extract<Listed, { type: 'document' }>

/** A document between two element steps: what a retry needs to go on from there. */
export interface Halfway {
  /** How many of the element steps are done. */
  readonly step: number
  readonly elements: readonly Element[]
  /** Size of what the source sent. */
  readonly bytes: number
  readonly traces: readonly Trace[]
  readonly losses: readonly Loss[]
}

/** What came of a document. */
export interface Processed {
  readonly event: RunEvent
  /** Every other document would fail the same way. */
  readonly fatal?: OutflowError
  /** It is in the destination now. */
  readonly delivered?: { readonly receipt: string; readonly traces: readonly Trace[] }
  /** It failed behind the partitioner, this far. */
  readonly halfway?: Halfway
}

export interface ProcessOptions extends CallContext {
  /** What the destination holds of it. */
  readonly before?: Stored | undefined
  /** Where an earlier try left it. */
  readonly halfway?: Halfway | undefined
}

/**
 * Takes a listed document to the destination. Never throws: whatever goes wrong costs only this document, except what `stopsRun`
 * names, which is handed back for the run to act on.
 */
export async function processDocument(
  machinery: Machinery,
  listed: ListedDocument,
  { before, halfway, ...context }: ProcessOptions,
): Promise<Processed> {
  const { plan, destination } = machinery
  const { document } = listed
  let stage: Stage = 'download'
  let reached = halfway
  const progress: Progress = {
    entering: (next) => {
      stage = next
    },
    reached: (next) => {
      reached = next
    },
  }
  try {
    if (!reached) {
      const unread = await read(machinery, listed, context, progress)
      if (unread) return unread
    }
    const finished = await throughSteps(plan, document, reached!, context, progress)
    stage = 'upload'
    const receipt = await inStage(stage, document, () =>
      destination.upload(document, finished.elements, context, before),
    )
    return { event: done(document, finished), delivered: { receipt, traces: finished.traces } }
  } catch (thrown) {
    return { ...failure(document, stage, thrown), ...(reached && { halfway: reached }) }
  }
}

/** The first half alone: up to where a document is elements, for somebody else to go on from. Never throws. */
export async function partitionDocument(
  machinery: Machinery,
  listed: ListedDocument,
  context: CallContext,
): Promise<Halfway | Processed> {
  let stage: Stage = 'download'
  let reached: Halfway | undefined
  const progress: Progress = {
    entering: (next) => {
      stage = next
    },
    reached: (next) => {
      reached = next
    },
  }
  try {
    return (await read(machinery, listed, context, progress)) ?? reached!
  } catch (thrown) {
    return failure(listed.document, stage, thrown)
  }
}

/** Fetches and partitions; the progress is told. Gives back why there is none. */
async function read(
  { source, plan }: Machinery,
  { document, content }: ListedDocument,
  context: CallContext,
  progress: Progress,
): Promise<Processed | undefined> {
  const fetched = () => (content ? content(context) : source.download(document, context))
  const body = await inStage('download', document, fetched)
  try {
    const first = await partitioned(plan, document, body, context, progress)
    return first ? undefined : { event: unsupported(document, `No partitioner for ${body.mediaType}.`) }
  } finally {
    await body.dispose?.()
  }
}

/** Content through partitioner and element steps: elements and what was lost. `undefined` when no partitioner accepts it. */
export async function throughAllSteps(
  plan: Plan,
  document: Document,
  body: Content,
  context: CallContext,
): Promise<Pick<Halfway, 'elements' | 'losses'> | undefined> {
  const unheard: Progress = { entering: () => undefined, reached: () => undefined }
  const first = await partitioned(plan, document, body, context, unheard)
  return first && throughSteps(plan, document, first, context, unheard)
}

/** Told on the way, so that a failure can be placed and gone on from. */
interface Progress {
  /** A stage begins. */
  entering(stage: Stage): void
  reached(halfway: Halfway): void
}

async function partitioned(
  plan: Plan,
  document: Document,
  body: Content,
  context: CallContext,
  progress: Progress,
): Promise<Halfway | undefined> {
  progress.entering('partition')
  const partitioner = plan.partitioners.find((each) => each.accepts(body.mediaType))
  if (!partitioner) return undefined
  const { bytes, traces = [] } = body
  const losses = [...(body.losses ?? [])]
  const lose = (loss: Loss) => void losses.push(loss)
  const elements = await inStage('partition', document, () =>
    partitioner.partition(body, document, { ...context, lose }),
  )
  const halfway: Halfway = { step: 0, elements, bytes, traces, losses }
  progress.reached(halfway)
  return halfway
}

/** The element steps that are left, on elements with the document's facts of now, which may be newer than the elements. */
async function throughSteps(
  plan: Plan,
  document: Document,
  from: Halfway,
  context: CallContext,
  progress: Progress,
): Promise<Halfway> {
  describeElements(from.elements, document, dataSource(document, from.bytes, new Date()))
  let halfway = from
  for (const [index, step] of plan.elementSteps.entries()) {
    if (index < from.step) continue
    progress.entering(step.role)
    const { elements: before } = halfway
    const elements = await inStage(step.role, document, () => step.apply(before, document, context))
    halfway = { ...halfway, step: index + 1, elements }
    progress.reached(halfway)
  }
  return halfway
}

function done(document: Document, { elements, losses }: Halfway): RunEvent {
  return {
    type: 'document.done',
    document: documentRef(document),
    elements: elements.length,
    permissions: document.permissions.status,
    losses,
  }
}

function unsupported(document: Document, reason: string): RunEvent {
  return { type: 'document.unsupported', document: documentRef(document), reason }
}

/** What it costs: this document alone, unless every other one would fail the same way. */
export function failure(
  document: Document,
  stage: Stage,
  thrown: unknown,
): Pick<Processed, 'event' | 'fatal'> {
  const error = reportError(thrown)
  const ref = documentRef(document)
  if (stage === 'download' && error.kind === 'permission')
    return { event: { type: 'document.not_permitted', document: ref, error } }
  if (error.code === 'file.unsupported') return { event: unsupported(document, error.message) }
  const event: RunEvent = { type: 'document.failed', document: ref, stage, error }
  return thrown instanceof OutflowError && stopsRun(thrown) ? { event, fatal: thrown } : { event }
}

/** Errors after which every other document would fail the same way. */
export function stopsRun({ kind }: OutflowError): boolean {
  return kind === 'config' || kind === 'credentials' || kind === 'throttled'
}
