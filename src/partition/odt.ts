/**
 * Reads OpenDocument texts (.odt, .ott). In compat mode as the reference does, which has them converted to Word documents first and so
 * loses headers, notes, frames and pages.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { createStyles } from './odt/styles.ts'
import { createWriter, type Writer } from './odt/writer.ts'
import { readBlocks } from './office/blocks.ts'
import { createOutput } from './office/output.ts'
import { childOf, type XmlNode } from './office/xml.ts'
import { openZip, type Zip } from './office/zip.ts'
import { damaged, encrypted } from './problems.ts'

const what = 'OpenDocument text'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much` */
export const readOdt: ReadFile = async ({ bytes }, options, context) => {
  const archive = await openZip(bytes, what)
  if (await isEncrypted(archive)) throw encrypted(what)
  const content = await archive.text('content.xml')
  if (content === undefined) throw damaged(what, 'there is no content in it')
  context.signal.throwIfAborted()
  const enhanced = options.mode === 'enhanced'
  const paged = enhanced && content.includes(':soft-page-break')
  const output = createOutput({ options, context, archive, paged })
  const styles = createStyles()
  const pages: XmlNode[] = []
  readBlocks((await archive.text('styles.xml')) ?? '', what, {
    'office:styles': styles.add,
    'office:master-styles': (node) => void pages.push(node),
  })
  const writer = createWriter({ output, options, context, styles, has: archive.has })
  const margins = enhanced && !options.skipHeadersAndFooters ? pages : []
  for (const page of margins) tellMargin(writer, page, 'header')
  readBlocks(content, what, { 'office:automatic-styles': styles.add, 'office:text': writer.block })
  writer.end()
  for (const page of margins) tellMargin(writer, page, 'footer')
  await output.complete()
  return output.elements
}

function tellMargin(writer: Writer, page: XmlNode, name: 'header' | 'footer'): void {
  const node = childOf(page, `style:${name}`)
  if (node) writer.margin(name === 'header' ? 'Header' : 'Footer', node)
}

/** The manifest tells how to decrypt each entry. */
async function isEncrypted(archive: Zip): Promise<boolean> {
  const manifest = await archive.text('META-INF/manifest.xml')
  return manifest?.includes(':encryption-data') ?? false
}
