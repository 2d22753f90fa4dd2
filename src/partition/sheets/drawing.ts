/**
 * What is drawn over the cells of a sheet: pictures, charts and text.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { ElementMetadata } from '../../model/element.ts'
import { elementFromText } from '../element-from-text.ts'
import { readChart } from '../office/graphic.ts'
import { parseOffice } from '../office/namespaces.ts'
import type { Output } from '../office/output.ts'
import { type Relationships, relatedPart, relationshipsOf } from '../office/relationships.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlNode } from '../office/xml.ts'
import type { Zip } from '../office/zip.ts'

interface DrawingOptions {
  readonly archive: Zip
  /** The sheet's own. */
  readonly related: Relationships
  readonly output: Output
  /** Of all elements of the sheet. */
  readonly facts: ElementMetadata
  /** The format, for messages. */
  readonly what: string
}

/** Adds what is drawn, in its order. @throws {OutflowError} kind `content` */
export async function writeDrawing({ archive, related, output, facts, what }: DrawingOptions): Promise<void> {
  const part = relatedPart(related, 'drawing')
  const text = part === undefined ? undefined : await archive.text(part)
  if (part === undefined || text === undefined) return
  const relationships = await relationshipsOf(archive, part, what)
  /** Charts that were told: a small file may show one very often. */
  const told = new Set<string>()

  function writePicture(node: XmlNode): void {
    const { descr = '', title = '' } = childOf(childOf(node, 'xdr:nvPicPr'), 'xdr:cNvPr')?.attributes ?? {}
    const blip = childOf(childOf(node, 'xdr:blipFill'), 'a:blip')?.attributes ?? {}
    const target = relationships.get(blip['r:embed'] || blip['r:link'] || '')
    const place = target && (target.external ? { url: target.target } : { part: target.target })
    output.picture({ alt: (descr || title).trim(), ...place }, { ...facts })
  }

  async function writeChart(node: XmlNode): Promise<void> {
    const target = relationships.get(node.attributes['r:id'] ?? '')
    if (!target || target.external || told.has(target.target)) return
    told.add(target.target)
    const content = await archive.text(target.target)
    if (content === undefined) return
    const { title, table } = readChart(parseOffice(content, what))
    if (title !== '') output.add('FigureCaption', title, { ...facts })
    if (table) output.add('Table', table.text, { ...facts, text_as_html: table.html })
  }

  function writeText(node: XmlNode): void {
    for (const paragraph of childrenOf(childOf(node, 'xdr:txBody'))) {
      const said = collapseSpace(descendantsOf(paragraph, 'a:t').map(textOf).join(''))
      if (said === '') continue
      const { type, text: shown, metadata } = elementFromText(said, { ...facts }, true)
      output.add(type, shown, metadata)
    }
  }

  for (const node of drawnIn(parseOffice(text, what)))
    if (node.name === 'xdr:pic') writePicture(node)
    else if (node.name === 'xdr:sp') writeText(node)
    else await writeChart(node)
}

const drawn: ReadonlySet<string> = new Set(['xdr:pic', 'xdr:sp', 'c:chart'])

/** Pictures, shapes and charts, groups opened, in their order; of several ways to draw one thing, the first. */
function drawnIn(root: XmlNode): XmlNode[] {
  const found: XmlNode[] = []
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (drawn.has(node.name)) found.push(node)
    else if (node.name !== 'mc:Fallback')
      for (const child of childrenOf(node).toReversed()) pending.push(child)
  }
  return found
}
