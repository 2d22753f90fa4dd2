/**
 * One page, from its address to its elements and permissions; nothing is stored.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Source, Step } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import { OutflowError } from '../model/errors.ts'
import { type Preview, previewDocument } from '../pipeline/preview.ts'

export interface Inspection extends Preview {
  readonly document: Document
}

/** @throws {OutflowError} whatever hindered it; kind `config` when the source cannot find documents by address */
export async function inspect(
  source: Source,
  steps: readonly Step[],
  address: string,
  context: CallContext,
): Promise<Inspection> {
  if (!source.locate)
    throw new OutflowError({
      kind: 'config',
      code: 'inspect.not_offered',
      message: `The source "${source.name}" cannot find a document by its address.`,
      fix: 'Run the workflow and look at the files instead.',
    })
  const document = await source.locate(address, context)
  return { document, ...(await previewDocument(source, steps, document, context)) }
}
