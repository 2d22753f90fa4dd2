/**
 * What a paragraph of a Word document is: by its style and list, then by its text.
 *
 * @module
 */

import { isBulleted, withoutBullet } from '../../kit/text-type.ts'
import { strip } from '../../kit/whitespace.ts'
import type { ElementType } from '../../model/element.ts'
import { isBulletItem } from '../element-from-text.ts'
import { paragraphType } from '../office/paragraph-type.ts'
import { childOf, type XmlNode } from '../office/xml.ts'
import { countOf, valueIn } from './names.ts'
import { listLevel, outlineLevel, type ParagraphStyle } from './styles.ts'

export interface Kind {
  readonly type: ElementType
  readonly text: string
  readonly depth: number
  /** Of a title: its rank among the headings, the document's own title above all. */
  readonly level?: number
}

/** @param text not blank */
type TellKind = (text: string, properties: XmlNode | undefined, style: ParagraphStyle) => Kind | undefined

const headingName = /^Heading [1-9]$/
const titles: ReadonlySet<string> = new Set(['Title', 'Subtitle', 'TOC Heading'])
const lists = /^List(?: (?:Bullet|Continue|Number|Paragraph))?(?: [2-5])?$/
const plainNames: ReadonlySet<string> = new Set([
  'Caption',
  'Intense Quote',
  'Macro Text',
  'No Spacing',
  'Quote',
])
const codeNames: ReadonlySet<string> = new Set(['HTML Preformatted', 'Source Code', 'Macro Text'])

function typeByName(name: string): ElementType | undefined {
  if (headingName.test(name) || titles.has(name)) return 'Title'
  if (lists.test(name)) return 'ListItem'
  return plainNames.has(name) ? 'UncategorizedText' : undefined
}

/** The number at a style name's end, from 0; `Subtitle` stands below the title. */
function depthByName(name: string): number {
  if (name === 'Subtitle') return 1
  if (!/^(?:Heading|List)/.test(name)) return 0
  const number = countOf(name.split(' ').at(-1))
  return number === undefined ? 0 : number - 1
}

/** By the reference's rules; undefined for a list item that has no text. */
export const compatKind: TellKind = (text, properties, { name }) => {
  const numbering = childOf(properties, 'w:numPr')
  const depth = countOf(valueIn(numbering, 'w:ilvl')) ?? depthByName(name)
  if (!numbering && !isBulleted(text)) return { type: typeByName(name) ?? paragraphType(text), text, depth }
  const item = strip(withoutBullet(text))
  return item === '' ? undefined : { type: 'ListItem', text: item, depth }
}

/** By outline and list levels, also those that styles inherit; a numbered heading is a heading. */
export const enhancedKind: TellKind = (whole, properties, style) => {
  const text = strip(whole)
  return titleKind(text, properties, style) ?? listKind(text, properties, style) ?? textKind(whole, style)
}

function titleKind(text: string, properties: XmlNode | undefined, style: ParagraphStyle): Kind | undefined {
  const own = childOf(properties, 'w:outlineLvl')
  const named = style.names.find((name) => headingName.test(name))
  const outline = own ? outlineLevel(own) : (style.outline ?? levelByName(named))
  if (outline !== undefined) return { type: 'Title', text, depth: outline, level: outline }
  if (style.names.includes('Subtitle')) return { type: 'Title', text, depth: 1, level: 0 }
  if (style.names.includes('Title')) return { type: 'Title', text, depth: 0, level: -1 }
  return style.names.includes('TOC Heading') ? { type: 'Title', text, depth: 0, level: 0 } : undefined
}

function listKind(text: string, properties: XmlNode | undefined, style: ParagraphStyle): Kind | undefined {
  const level = levelInList(properties, style)
  const bulleted = isBulletItem(text, true)
  if (level === undefined && !bulleted) return undefined
  const item = bulleted ? strip(withoutBullet(text)) : text
  return { type: 'ListItem', text: item === '' ? text : item, depth: level ?? 0 }
}

/** 0 = outermost; undefined outside of any list. */
export function levelInList(properties: XmlNode | undefined, style: ParagraphStyle): number | undefined {
  const own = childOf(properties, 'w:numPr')
  const named = style.names.find((name) => lists.test(name) && name !== 'List Paragraph')
  return own ? listLevel(own) : (style.list ?? levelByName(named))
}

const levelByName = (name: string | undefined): number | undefined =>
  name === undefined ? undefined : depthByName(name)

/** Code keeps its indentation. */
function textKind(whole: string, { names }: ParagraphStyle): Kind {
  const text = strip(whole)
  if (names.includes('Caption')) return { type: 'FigureCaption', text, depth: 0 }
  if (names.some((name) => codeNames.has(name)))
    return { type: 'CodeSnippet', text: whole.trimEnd(), depth: 0 }
  return { type: paragraphType(text), text, depth: 0 }
}
