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
  const target = anchored(link, resourceIn(link), renderer)
  const { body, rest } = partsOf(link)
  const { out } = renderer
  out.open('a', { ...(target.href && { href: target.href }), ...target.hints })
  const start = out.mark()
  renderer.render(body)
  if (out.mark() === start) out.text(target.label)
  out.close('a')
  renderer.render(rest)
}

function anchored(link: XmlElement, resource: XmlElement | undefined, renderer: Renderer): Target {
  const anchor = link.attributes['ac:anchor']
  const target = resource ? targetOf(resource, renderer) : undefined
  if (!anchor) return target ?? { label: '' }
  if (!target) return { label: anchor, href: withAnchor(renderer.page, anchor, renderer) }
  const page = { url: target.href ?? '', title: target.label }
  return { ...target, href: withAnchor(page, anchor, renderer) }
}

/**
 * A plain body is text, blanks around it not meant. What stands beside a body is there because some tag was never closed; without any
 * body, it was meant as one.
 */
function partsOf(link: XmlElement): { readonly body: readonly XmlNode[]; readonly rest: readonly XmlNode[] } {
  const plain = childNamed(link, 'ac:plain-text-link-body')
  const rich = childNamed(link, 'ac:link-body')
  const rest = link.children.filter((child) => child !== plain && child !== rich && !isBlank(child))
  if (plain) return { rest, body: textOf(plain).trim() === '' ? [] : [textOf(plain).trim()] }
  return rich ? { rest, body: rich.children } : { rest: [], body: rest }
}

/** Whether a node says nothing: blanks between tags, or what a link or picture points at. */
export function isBlank(node: XmlNode): boolean {
  return typeof node === 'string' ? node.trim() === '' : node.name.startsWith('ri:')
}
