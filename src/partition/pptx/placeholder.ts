/**
 * Placeholders: shapes of a slide that take after those of its layout, which take after those of the master.
 *
 * @module
 */

import { childOf, childrenOf, descendantsOf, type XmlNode } from '../office/xml.ts'

export interface Placeholder {
  /** `title`, `ctrTitle`, `subTitle`, `body`, `obj`, `dt`, …; `obj` when it does not say. */
  readonly type: string
  readonly index: string
}

/** What a shape is said to stand for; undefined when it is no placeholder. */
export function placeholderOf(shape: XmlNode): Placeholder | undefined {
  const properties = childrenOf(shape).find(({ name }) => /^p:nv\w+Pr$/.test(name))
  const node = childOf(childOf(properties, 'p:nvPr'), 'p:ph')
  return node && { type: node.attributes.type ?? 'obj', index: node.attributes.idx ?? '0' }
}

/** The master's placeholders are one of a kind; these are what other kinds take after. */
const masterTypes: Readonly<Record<string, string>> = { ctrTitle: 'title', title: 'title' }
const ownKinds: ReadonlySet<string> = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg'])
const masterType = (type: string): string => masterTypes[type] ?? (ownKinds.has(type) ? type : 'body')

/**
 * A shape and those that it takes after, nearest first.
 *
 * @param models the slide's layout, then its master
 */
export function lineage(shape: XmlNode, models: readonly XmlNode[]): XmlNode[] {
  const own = placeholderOf(shape)
  if (!own) return [shape]
  const [layout, master] = models
  const inLayout = layout && placeholdersOf(layout).byIndex.get(own.index)
  const type = masterType((inLayout && placeholderOf(inLayout)?.type) ?? own.type)
  const inMaster = master && placeholdersOf(master).byType.get(type)
  return [shape, inLayout, inMaster].filter((each) => each !== undefined)
}

interface Placeholders {
  readonly byIndex: ReadonlyMap<string, XmlNode>
  readonly byType: ReadonlyMap<string, XmlNode>
}

/** Of each layout and master: a slide may ask once for each of very many shapes. */
const known = new WeakMap<XmlNode, Placeholders>()

function placeholdersOf(model: XmlNode): Placeholders {
  const found = known.get(model) ?? findPlaceholders(model)
  known.set(model, found)
  return found
}

/** The first of each index and each type. */
function findPlaceholders(model: XmlNode): Placeholders {
  const byIndex = new Map<string, XmlNode>()
  const byType = new Map<string, XmlNode>()
  for (const shape of childrenOf(childOf(childOf(model, 'p:cSld'), 'p:spTree'))) {
    const placeholder = placeholderOf(shape)
    if (!placeholder) continue
    if (!byIndex.has(placeholder.index)) byIndex.set(placeholder.index, shape)
    if (!byType.has(placeholder.type)) byType.set(placeholder.type, shape)
  }
  return { byIndex, byType }
}

const bullets: ReadonlySet<string> = new Set(['a:buChar', 'a:buAutoNum', 'a:buBlip'])

/** Whether paragraph properties ask for a bullet or a number; undefined = they do not say. */
function bulletIn(properties: XmlNode | undefined): boolean | undefined {
  for (const { name } of childrenOf(properties)) {
    if (bullets.has(name)) return true
    if (name === 'a:buNone') return false
  }
  return undefined
}

/** Placeholders whose text takes after the master's style of text. */
const bodies: ReadonlySet<string> = new Set(['body', 'obj', 'subTitle'])

/**
 * Whether a reader sees a bullet or a number before a paragraph.
 *
 * @param level from 0
 * @param shapes the paragraph's shape and those it takes after
 */
export function isBulletedParagraph(
  properties: XmlNode | undefined,
  level: number,
  shapes: readonly XmlNode[],
  models: readonly XmlNode[],
): boolean {
  const own = bulletIn(properties)
  if (own !== undefined) return own
  const name = `a:lvl${level + 1}pPr`
  for (const shape of shapes) {
    const inherited = bulletIn(childOf(childOf(childOf(shape, 'p:txBody'), 'a:lstStyle'), name))
    if (inherited !== undefined) return inherited
  }
  const placeholder = shapes[0] && placeholderOf(shapes[0])
  const master = models.at(-1)
  if (!placeholder || !bodies.has(placeholder.type) || !master) return false
  const style = descendantsOf(childOf(master, 'p:txStyles') ?? master, 'p:bodyStyle')[0]
  return bulletIn(childOf(style, name)) ?? false
}
