/**
 * What is drawn over the cells of a sheet: pictures, charts and text.
 *
 * @module
 */

import type { ElementMetadata } from '../../model/element.ts'
import { elementFromText } from '../element-from-text.ts'
import type { ReadContext } from '../file.ts'
import { readableChoice } from '../office/alternatives.ts'
import { drawnLines } from '../office/drawing-text.ts'
import { tellChart, tellDiagram } from '../office/graphic.ts'
import { parseOffice } from '../office/namespaces.ts'
import type { Output } from '../office/output.ts'
import { type Relationships, relatedPart, relationshipsOf } from '../office/relationships.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import type { Zip } from '../office/zip.ts'

interface DrawingOptions extends Pick<ReadContext, 'lose'> {
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
export async function writeDrawing({
  archive,
  related,
  output,
  facts,
  what,
  ...context
}: DrawingOptions): Promise<void> {
  const part = relatedPart(related, 'drawing')
  const text = part === undefined ? undefined : await archive.text(part)
  if (part === undefined || text === undefined) return
  const relationships = await relationshipsOf(archive, part, what)
  /** Charts that were told: a small file may show one very often. */
  const told = new Set<string>()

  const lose = (name: string): void => context.lose({ code: 'drawing_not_read', name })

  function writePicture(node: XmlNode): void {
    const { descr = '', title = '' } = childOf(childOf(node, 'xdr:nvPicPr'), 'xdr:cNvPr')?.attributes ?? {}
    const blip = childOf(childOf(node, 'xdr:blipFill'), 'a:blip')?.attributes ?? {}
    const target = relationships.get(blip['r:embed'] || blip['r:link'] || '')
    const place = target && (target.external ? { url: target.target } : { part: target.target })
    output.picture({ alt: (descr || title).trim(), ...place }, { ...facts })
  }

  async function writeGraphic({ name, attributes }: XmlNode): Promise<void> {
    const target = relationships.get(attributes[name === 'c:chart' ? 'r:id' : 'r:dm'] ?? '')
    const content = target && !target.external ? await archive.text(target.target) : undefined
    if (!target || content === undefined) return lose(name)
    if (told.has(target.target)) return
    told.add(target.target)
    const tell = name === 'c:chart' ? tellChart : tellDiagram
    tell(parseOffice(content, what), (type, said, metadata) =>
      output.add(type, said, { ...facts, ...metadata }),
    )
  }

  function writeText(node: XmlNode): void {
    for (const said of drawnLines(node)) {
      const { type, text: shown, metadata } = elementFromText(said, { ...facts }, true)
      output.add(type, shown, metadata)
    }
  }

  for (const node of drawnIn(parseOffice(text, what)))
    if (node.name === 'xdr:pic') writePicture(node)
    else if (node.name === 'xdr:sp') writeText(node)
    else if (isGraphic(node)) await writeGraphic(node)
    else lose(node.name === 'xdr:contentPart' ? 'ink' : (node.attributes.Requires ?? 'object'))
}

const isGraphic = ({ name }: XmlNode): boolean => name === 'c:chart' || name === 'dgm:relIds'
const drawn: ReadonlySet<string> = new Set(['xdr:pic', 'xdr:sp', 'xdr:contentPart', 'c:chart', 'dgm:relIds'])

/**
 * What is drawn, groups opened, in its order. Of alternatives that none can be read of, the first: what Excel puts in its place says only
 * that another version of Excel is needed.
 */
function drawnIn(root: XmlNode): XmlNode[] {
  const found: XmlNode[] = []
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const readable = node.name === 'mc:AlternateContent' ? readableChoice(node) : node
    if (!readable) found.push(childOf(node, 'mc:Choice') ?? node)
    else if (drawn.has(node.name)) found.push(node)
    else for (const child of childrenOf(readable).toReversed()) pending.push(child)
  }
  return found
}
