/**
 * One document through all steps: download, partition, the element steps, upload.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Content } from '../model/content.ts'
import type { Destination, Listed, Source } from '../model/contracts.ts'
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

type ListedDocument = Extract<Listed, { type: 'document' }>

/**
 * Takes a listed document to the destination. Never throws: whatever goes wrong costs only this document, except what `stopsRun`
 * names, which is handed back in the event for the run to act on.
 */
export async function processDocument(
  { source, plan, destination }: Machinery,
  { document, content }: ListedDocument,
  context: CallContext,
): Promise<{ readonly event: RunEvent; readonly fatal?: OutflowError }> {
  let stage: Stage = 'download'
  try {
    const body = await (content ? content(context) : source.download(document, context))
    const elements = await elementsOf(plan, document, body, context, (next) => {
      stage = next
    })
    if (!elements) return { event: unsupported(document, body) }
    stage = 'upload'
    await destination.upload(document, elements, context)
    return { event: done(document, body, elements.length) }
  } catch (thrown) {
    return failure(document, stage, thrown)
  }
}

/**
 * Content through partitioner and element steps. `undefined` when no partitioner accepts it.
 *
 * @param entering told each stage before it begins, so that a failure can be placed
 */
export async function elementsOf(
  plan: Plan,
  document: Document,
  body: Content,
  context: CallContext,
  entering: (stage: Stage) => void = () => {},
): Promise<readonly Element[] | undefined> {
  entering('partition')
  const partitioner = plan.partitioners.find((each) => each.accepts(body.mediaType))
  if (!partitioner) return undefined
  let elements = await partitioner.partition(body, document, context)
  describeElements(elements, document, dataSource(document, body.bytes, new Date()))
  for (const step of plan.elementSteps) {
    entering(step.role)
    elements = await step.apply(elements, document, context)
  }
  return elements
}

function done(document: Document, content: Content, elements: number): RunEvent {
  return {
    type: 'document.done',
    document: documentRef(document),
    elements,
    permissions: document.permissions.status,
    losses: content.losses ?? [],
  }
}

function unsupported(document: Document, content: Content): RunEvent {
  return {
    type: 'document.unsupported',
    document: documentRef(document),
    reason: `No partitioner for ${content.mediaType}.`,
  }
}

function failure(
  document: Document,
  stage: Stage,
  thrown: unknown,
): { event: RunEvent; fatal?: OutflowError } {
  const error = reportError(thrown)
  const ref = documentRef(document)
  if (stage === 'download' && error.kind === 'permission')
    return { event: { type: 'document.not_permitted', document: ref, error } }
  const event: RunEvent = { type: 'document.failed', document: ref, stage, error }
  return thrown instanceof OutflowError && stopsRun(thrown) ? { event, fatal: thrown } : { event }
}

/** Errors after which every other document would fail the same way. */
function stopsRun({ kind }: OutflowError): boolean {
  return kind === 'config' || kind === 'credentials' || kind === 'throttled'
}
