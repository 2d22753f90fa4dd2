/**
 * One document through the steps, with nothing stored.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Source, Step } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { plan } from './plan.ts'
import { elementsOf } from './process.ts'

/** @throws {OutflowError} what the download or a step threw; kind `content` when no partitioner takes the document */
export async function previewDocument(
  source: Source,
  steps: readonly Step[],
  document: Document,
  context: CallContext,
): Promise<readonly Element[]> {
  const body = await source.download(document, context)
  const elements = await elementsOf(plan(steps), document, body, context)
  if (elements) return elements
  throw new OutflowError({
    kind: 'content',
    code: 'partition.unsupported',
    message: `No partitioner takes ${body.mediaType}, the type of "${document.title}".`,
  })
}
