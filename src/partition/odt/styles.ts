/**
 * Styles of an OpenDocument text: which are bold, which are headings, and on what they are based.
 *
 * @module
 */

import { childOf, type XmlNode } from '../office/xml.ts'

export interface Styles {
  add(style: XmlNode): void
  /** Undefined where a style, and all that it is based on, says nothing. */
  isBold(name: string | undefined): boolean | undefined
  isItalic(name: string | undefined): boolean | undefined
  /** Its own name and those that it is based on, nearest first. */
  names(name: string | undefined): readonly string[]
}

/** Styles deeper than this are based on each other in a circle. */
const deepestBase = 50

const bold = /^(?:bold|[6-9]00)$/
const italic = /^(?:italic|oblique)$/

export function createStyles(): Styles {
  const byName = new Map<string, XmlNode>()
  const chains = new Map<string, readonly string[]>()

  function names(name: string | undefined): readonly string[] {
    if (name === undefined) return []
    const known = chains.get(name)
    if (known) return known
    const chain: string[] = []
    for (let each: string | undefined = name; each !== undefined && chain.length < deepestBase; ) {
      chain.push(each)
      each = byName.get(each)?.attributes['style:parent-style-name']
    }
    chains.set(name, chain)
    return chain
  }

  function textProperty(name: string | undefined, property: string): string | undefined {
    for (const each of names(name)) {
      const value = childOf(byName.get(each), 'style:text-properties')?.attributes[property]
      if (value !== undefined) return value
    }
    return undefined
  }

  const matches = (value: string | undefined, pattern: RegExp) =>
    value === undefined ? undefined : pattern.test(value)

  return {
    add(style) {
      const name = style.attributes['style:name']
      if (style.name === 'style:style' && name !== undefined) byName.set(name, style)
    },
    isBold: (name) => matches(textProperty(name, 'fo:font-weight'), bold),
    isItalic: (name) => matches(textProperty(name, 'fo:font-style'), italic),
    names,
  }
}
