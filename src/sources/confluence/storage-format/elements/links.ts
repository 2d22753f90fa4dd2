/**
 * Links and mentions: `ac:link` in all its forms.
 *
 * @module
 */

import { childNamed, textOf } from '../macro.ts'
import type { Renderer } from '../renderer.ts'
import type { XmlElement, XmlNode } from '../tree.ts'
import { resourceIn, type Target, targetOf, withAnchor } from './resources.ts'

/** A link with its own text, or else with the name of what it points at. */
export function renderLink(link: XmlElement, renderer: Renderer): void {
  const resource = resourceIn(link)
  const target = anchored(link, resource, renderer)
  const { out } = renderer
  out.open('a', { ...(target.href && { href: target.href }), ...target.hints })
  const start = out.mark()
  renderer.render(bodyOf(link))
  if (out.mark() === start) out.text(target.label)
  out.close('a')
}

function anchored(link: XmlElement, resource: XmlElement | undefined, renderer: Renderer): Target {
  const anchor = link.attributes['ac:anchor']
  const target = resource ? targetOf(resource, renderer) : undefined
  if (!anchor) return target ?? { label: '' }
  if (!target) return { label: anchor, href: withAnchor(renderer.page, anchor, renderer) }
  const page = { url: target.href ?? '', title: target.label }
  return { ...target, href: withAnchor(page, anchor, renderer) }
}

/** A plain body is text, blanks around it not meant; what stands beside the bodies was meant as one. */
function bodyOf(link: XmlElement): readonly XmlNode[] {
  const plain = childNamed(link, 'ac:plain-text-link-body')
  if (plain) {
    const text = textOf(plain).trim()
    return text === '' ? [] : [text]
  }
  const rich = childNamed(link, 'ac:link-body')
  if (rich) return rich.children
  const rest = link.children.filter((child) => typeof child === 'string' || !child.name.startsWith('ri:'))
  return rest.some((child) => typeof child !== 'string' || child.trim() !== '') ? rest : []
}
