/**
 * One document through the steps, with nothing stored.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Loss } from '../model/content.ts'
import type { Source, Step } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { plan } from './plan.ts'
import { throughAllSteps } from './process.ts'

export interface Preview {
  readonly elements: readonly Element[]
  /** What of the document is not in them. */
  readonly losses: readonly Loss[]
}

/** @throws {OutflowError} what the download or a step threw; kind `content` when no partitioner takes the document */
export async function previewDocument(
  source: Source,
  steps: readonly Step[],
  document: Document,
  context: CallContext,
): Promise<Preview> {
  const body = await source.download(document, context)
  try {
    const preview = await throughAllSteps(plan(steps), document, body, context)
    if (preview) return preview
  } finally {
    await body.dispose?.()
  }
  throw new OutflowError({
    kind: 'content',
    code: 'partition.unsupported',
    message: `No partitioner takes ${body.mediaType}, the type of "${document.title}".`,
  })
}
