/**
 * Reads Word documents (.docx, .docm, .dotx, .dotm; transitional and strict OOXML). The rules are told in docs/partitioning.md.
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
import { encrypted } from './problems.ts'

const what = 'Word document'

/** An encrypted document comes inside a compound file. */
const isCompoundFile = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much` */
export const readDocx: ReadFile = async ({ bytes }, options, context) => {
  if (isCompoundFile(bytes)) throw encrypted(what)
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
