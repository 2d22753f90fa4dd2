/**
 * What a drawing in a Word document shows: pictures, boxes with text, charts. DrawingML and the older VML.
 *
 * @module
 */

import { chosenAlternative } from '../office/alternatives.ts'
import type { Picture } from '../office/picture.ts'
import type { Relationships } from '../office/relationships.ts'
import { childrenOf, type XmlNode } from '../office/xml.ts'

export interface Drawing {
  /** Stands in the line, as a letter does. */
  inline: boolean
  pictures: Picture[]
  /** Each `w:txbxContent`. */
  boxes: XmlNode[]
  /** `chart` and `diagram`, with the ids of their data; objects by the name of their program. */
  graphics: { readonly what: string; readonly id: string }[]
}

const describing: ReadonlySet<string> = new Set(['wp:docPr', 'pic:cNvPr', 'wps:cNvPr', 'v:shape'])

const altOf = ({ 'o:title': vmlTitle, alt, descr, title }: XmlNode['attributes']): string =>
  (descr || alt || title || vmlTitle || '').trim()

/** @param node `w:drawing`, `w:pict` or `w:object` */
export function readDrawing(node: XmlNode, relationships: Relationships): Drawing {
  const drawing: Drawing = { inline: false, pictures: [], boxes: [], graphics: [] }
  /** Of the whole, and of the part that is being read. */
  let whole = ''
  let alt = ''

  function picture(id: string | undefined, linked: string | undefined): void {
    const found = relationships.get(id || linked || '')
    if (found)
      drawing.pictures.push({ alt, ...(found.external ? { url: found.target } : { part: found.target }) })
    else drawing.pictures.push({ alt })
  }

  function graphic(what: string, id = ''): void {
    drawing.graphics.push({ what, id })
    if (alt !== '') drawing.pictures.push({ alt })
  }

  function visit(each: XmlNode): void {
    const { name, attributes } = each
    if (name === 'wp:docPr') whole = altOf(attributes)
    if (describing.has(name)) alt = altOf(attributes) || whole
    if (name === 'wp:inline') drawing.inline = true
    if (name === 'w:txbxContent') drawing.boxes.push(each)
    else if (name === 'a:blip') picture(attributes['r:embed'], attributes['r:link'])
    else if (name === 'v:imagedata') picture(attributes['r:id'], attributes['r:href'])
    else if (name === 'c:chart') graphic('chart', attributes['r:id'])
    else if (name === 'dgm:relIds') graphic('diagram', attributes['r:dm'])
    else if (name === 'o:OLEObject') drawing.graphics.push({ what: attributes.ProgID || 'object', id: '' })
    else if (name === 'mc:AlternateContent') {
      const chosen = chosenAlternative(each)
      if (chosen) visit(chosen)
    } else for (const child of childrenOf(each)) visit(child)
  }
  visit(node)
  return drawing
}
