/**
 * Reads a macro's element: parameters and body, wherever they stand and whatever was left open.
 *
 * @module
 */

import type { Macro } from './renderer.ts'
import type { XmlElement, XmlNode } from './tree.ts'

const parameterNames: ReadonlySet<string> = new Set(['ac:parameter', 'ac:default-parameter'])

export function isMacro(element: XmlElement): boolean {
  return element.name === 'ac:structured-macro' || element.name === 'ac:macro'
}

export function readMacro(element: XmlElement): Macro {
  const parameters: XmlElement[] = []
  const stray: XmlNode[] = []
  let richBody: XmlElement | undefined
  let plainBody: XmlElement | undefined
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (child.trim() !== '') stray.push(child)
    } else if (parameterNames.has(child.name)) parameters.push(child)
    else if (child.name === 'ac:rich-text-body' && !richBody) richBody = child
    else if (child.name === 'ac:plain-text-body' && !plainBody) plainBody = child
    else stray.push(child)
  }
  const parameter = (name: string) => parameters.find((each) => parameterName(each) === name.toLowerCase())
  return {
    name: element.attributes['ac:name'] ?? '',
    id: element.attributes['ac:macro-id'],
    element,
    parameters,
    parameter,
    text: (name) => textOf(parameter(name)).trim(),
    richBody,
    plainBody: plainBody && textOf(plainBody),
    stray,
  }
}

function parameterName(parameter: XmlElement): string {
  return (parameter.attributes['ac:name'] ?? '').toLowerCase()
}

/** All text in a node, whatever its element is for. */
export function textOf(node: XmlNode | undefined): string {
  if (node === undefined || typeof node === 'string') return node ?? ''
  let text = ''
  for (const child of node.children) text += typeof child === 'string' ? child : textOf(child)
  return text
}

/** Elements that hold settings and states, never text for a reader. */
export const hiddenNames: ReadonlySet<string> = new Set([
  ...parameterNames,
  'ac:adf-attribute',
  'ac:placeholder',
  'ac:task-id',
  'ac:task-status',
  'ac:task-uuid',
])

/** The text in a node that is meant for a reader. */
export function shownText(node: XmlNode | undefined): string {
  if (node === undefined || typeof node === 'string') return node ?? ''
  return hiddenNames.has(node.name) ? '' : node.children.map(shownText).join('')
}

export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find(
    (child): child is XmlElement => typeof child !== 'string' && child.name === name,
  )
}

/** The first element of that name in it, itself included, at any depth. */
export function findElement(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (!element || element.name === name) return element
  for (const child of element.children) {
    const found = typeof child === 'string' ? undefined : findElement(child, name)
    if (found) return found
  }
  return undefined
}
