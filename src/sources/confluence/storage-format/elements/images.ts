/**
 * Pictures: `ac:image`, with alternative text and caption.
 *
 * @module
 */

import { childNamed } from '../macro.ts'
import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'
import { isBlank } from './links.ts'
import { resourceIn, targetOf } from './resources.ts'

export function renderImage(image: XmlElement, renderer: Renderer): void {
  const { out } = renderer
  const resource = resourceIn(image)
  const target = resource ? targetOf(resource, renderer) : undefined
  const caption = childNamed(image, 'ac:caption')
  const alt = image.attributes['ac:alt'] || image.attributes['ac:title'] || ''
  const picture = () => {
    if (target?.href) out.element('img', { src: target.href, alt, ...target.hints })
    else {
      renderer.lose('broken_image', alt)
      out.text(alt)
    }
  }
  if (!caption) picture()
  else {
    out.element('figure', {}, () => {
      picture()
      out.element('figcaption', {}, () => renderer.render(caption.children))
    })
  }
  renderer.render(
    image.children.filter((child) => child !== resource && child !== caption && !isBlank(child)),
  )
}
