/**
 * Headings, with the anchors that Confluence gives them.
 *
 * @module
 */

import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

/** The anchor is made of what is shown, so it is known only when the heading is written. */
export function renderHeading(heading: XmlElement, renderer: Renderer): void {
  const { out } = renderer
  const attributes: Record<string, string> = { ...heading.attributes }
  out.open(heading.name, attributes)
  const start = out.mark()
  renderer.render(heading.children)
  const text = out.textSince(start)
  if (!attributes.id && text.trim() !== '') attributes.id = renderer.anchor(text)
  out.close(heading.name)
}
