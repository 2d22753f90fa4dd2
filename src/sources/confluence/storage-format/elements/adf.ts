/**
 * Parts of a page that only the Cloud editor knows (`ac:adf-extension`): panels and decisions by their own content, everything else
 * by the fallback that stands beside it. Never both: they say the same.
 *
 * @module
 */

import { childNamed, textOf } from '../macro.ts'
import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

/** Panel types of the Cloud editor, and the older macro that each looks like. */
const panels: Readonly<Record<string, string>> = {
  info: 'info',
  note: 'note',
  success: 'tip',
  tip: 'tip',
  warning: 'warning',
  error: 'warning',
}

type RenderNode = (node: XmlElement, renderer: Renderer) => void

const nodes: Readonly<Record<string, RenderNode>> = {
  panel: (node, { out, render }) =>
    out.element('aside', { 'data-panel': panels[attribute(node, 'panel-type')] ?? 'panel' }, () =>
      render(content(node)),
    ),
  'decision-list': (node, { out, render }) => out.element('ul', {}, () => render(content(node))),
  'decision-item': (node, { out, render }) =>
    out.element('li', { 'data-decision': attribute(node, 'state').toLowerCase() || 'decided' }, () =>
      render(content(node)),
    ),
}

export function renderAdfExtension(extension: XmlElement, renderer: Renderer): void {
  const node = childNamed(extension, 'ac:adf-node')
  const fallback = childNamed(extension, 'ac:adf-fallback')
  const known = node && nodes[node.attributes.type ?? '']
  const start = renderer.out.mark()
  if (known && textOf(node).trim() !== '') known(node, renderer)
  else if (fallback) renderer.render(fallback.children)
  else if (node) renderer.render(content(node))
  if (node && !known && renderer.out.mark() === start) renderer.lose('unsupported_macro', nameOf(node))
  renderer.render(extension.children.filter((child) => child !== node && child !== fallback))
}

export function renderAdfNode(node: XmlElement, renderer: Renderer): void {
  const known = nodes[node.attributes.type ?? '']
  if (known) known(node, renderer)
  else renderer.render(content(node))
}

function content(node: XmlElement): XmlElement['children'] {
  return node.children.filter((child) => typeof child === 'string' || child.name !== 'ac:adf-attribute')
}

function attribute(node: XmlElement, key: string): string {
  const found = node.children.find(
    (child): child is XmlElement =>
      typeof child !== 'string' && child.name === 'ac:adf-attribute' && child.attributes.key === key,
  )
  return textOf(found).trim()
}

function nameOf(node: XmlElement): string {
  return attribute(node, 'extension-key') || (node.attributes.type ?? '')
}
