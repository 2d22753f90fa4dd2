/**
 * Reads Word documents (.docx, .docm, .dotx, .dotm; transitional and strict OOXML). What is read of them is told in docs/files.md.
 *
 * @module
 */

import { openPackage } from './docx/package.ts'
import { createWriter } from './docx/writer.ts'
import type { ReadFile } from './file.ts'
import { readBlocks } from './office/blocks.ts'
import { createOutput } from './office/output.ts'
import { lastModified } from './office/properties.ts'
import { openZip } from './office/zip.ts'

const what = 'Word document'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much` */
export const readDocx: ReadFile = async ({ bytes }, options, context) => {
  const archive = await openZip(bytes, what)
  const document = await openPackage(archive, what)
  context.signal.throwIfAborted()
  const paged = document.body.includes(':lastRenderedPageBreak')
  const output = createOutput({ options, context, archive, paged })
  const writer = createWriter({ document, output, options, context, what })
  readBlocks(document.body, what, { 'w:body': writer.block })
  writer.end()
  const modified = options.mode === 'enhanced' ? await lastModified(archive, what) : undefined
  await output.complete(modified)
  return output.elements
}
