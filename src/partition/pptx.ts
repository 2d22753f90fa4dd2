/**
 * Reads presentations (.pptx, .pptm, .ppsx, .potx; transitional and strict OOXML). What is read of them is told in docs/files.md.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { createOutput } from './office/output.ts'
import { lastModified } from './office/properties.ts'
import { openZip } from './office/zip.ts'
import { openPresentation } from './pptx/package.ts'
import { createWriter } from './pptx/writer.ts'

const what = 'PowerPoint presentation'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much` */
export const readPptx: ReadFile = async ({ bytes }, options, context) => {
  const archive = await openZip(bytes, what)
  const withComments = options.includeComments && options.mode === 'enhanced'
  const presentation = await openPresentation(archive, what, withComments)
  const output = createOutput({ options, context, archive, paged: true })
  const write = createWriter({ output, options, context, size: presentation.size })
  let first = true
  for await (const slide of presentation.slides()) {
    context.signal.throwIfAborted()
    if (!first) output.pageBreak({ page_number: output.page() })
    first = false
    write(slide)
  }
  const modified = options.mode === 'enhanced' ? await lastModified(archive, what) : undefined
  await output.complete(modified)
  return output.elements
}
