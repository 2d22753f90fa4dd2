/**
 * Opens a presentation: which slides it has, and the parts that go with each.
 *
 * @module
 */

import { type Comment, readSlideComments } from '../office/comments.ts'
import { parseOffice } from '../office/namespaces.ts'
import { type Relationships, relatedPart, relationshipsOf } from '../office/relationships.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import type { Zip } from '../office/zip.ts'
import { damaged } from '../problems.ts'

export interface Slide {
  readonly content: XmlNode
  readonly relationships: Relationships
  /** What its placeholders take after: its layout, then the layout's master. Those that are missing are left out. */
  readonly models: readonly XmlNode[]
  readonly notes: XmlNode | undefined
  readonly comments: readonly Comment[]
  /** Data of charts and diagrams, by the id that the slide names them by. */
  readonly graphics: ReadonlyMap<string, XmlNode>
}

/** In English Metric Units, 914 400 to the inch. */
export interface SlideSize {
  readonly width: number
  readonly height: number
}

export interface Presentation {
  readonly size: SlideSize
  /** One slide after the other, each read when it is asked for. */
  slides(): AsyncGenerator<Slide>
}

/** Sixteen to nine, when a presentation does not say. */
const usualSize: SlideSize = { width: 12_192_000, height: 6_858_000 }

/**
 * @param what the format, for messages
 * @param withComments whether the slides bring theirs
 * @throws {OutflowError} code `file.damaged` when it has no main part
 */
export async function openPresentation(
  archive: Zip,
  what: string,
  withComments: boolean,
): Promise<Presentation> {
  const main =
    relatedPart(await relationshipsOf(archive, '', what), 'officeDocument') ?? 'ppt/presentation.xml'
  const content = await parsed(main)
  if (!content) throw damaged(what, 'there is no presentation in it')
  const related = await relationshipsOf(archive, main, what)
  const parts = slideParts(content, related)
  /** Layouts and masters, which many slides share. */
  const shared = new Map<string, XmlNode | undefined>()

  async function parsed(part: string | undefined): Promise<XmlNode | undefined> {
    const text = part === undefined ? undefined : await archive.text(part)
    return text === undefined ? undefined : parseOffice(text, what)
  }

  async function model(part: string): Promise<XmlNode | undefined> {
    if (!shared.has(part)) shared.set(part, await parsed(part))
    return shared.get(part)
  }

  async function modelsOf(relationships: Relationships): Promise<XmlNode[]> {
    const layout = relatedPart(relationships, 'slideLayout')
    if (layout === undefined) return []
    const master = relatedPart(await relationshipsOf(archive, layout, what), 'slideMaster')
    const models = [await model(layout), master === undefined ? undefined : await model(master)]
    return models.filter((each) => each !== undefined)
  }

  async function graphicsOf(relationships: Relationships): Promise<Map<string, XmlNode>> {
    const found = new Map<string, XmlNode>()
    for (const [id, { type, target, external }] of relationships) {
      const isGraphic = !external && (type === 'chart' || type === 'diagramData')
      const graphic = isGraphic ? await parsed(target) : undefined
      if (graphic) found.set(id, graphic)
    }
    return found
  }

  async function* slides(): AsyncGenerator<Slide> {
    for (const part of parts) {
      const slide = await parsed(part)
      if (!slide) throw damaged(what, 'one of its slides is missing')
      const relationships = await relationshipsOf(archive, part, what)
      yield {
        content: slide,
        relationships,
        models: await modelsOf(relationships),
        notes: await parsed(relatedPart(relationships, 'notesSlide')),
        comments: withComments
          ? await readSlideComments({ archive, main: related, own: relationships, what })
          : [],
        graphics: await graphicsOf(relationships),
      }
    }
  }

  return { size: sizeOf(content), slides }
}

/** In their order, each once. */
function slideParts(presentation: XmlNode, relationships: Relationships): Set<string> {
  const ids = childrenOf(childOf(presentation, 'p:sldIdLst')).map(
    ({ attributes }) => attributes['r:id'] ?? '',
  )
  return new Set(
    ids.flatMap((id) => {
      const found = relationships.get(id)
      return found && !found.external ? [found.target] : []
    }),
  )
}

function sizeOf(presentation: XmlNode): SlideSize {
  const { cx, cy } = childOf(presentation, 'p:sldSz')?.attributes ?? {}
  return { width: Number(cx) || usualSize.width, height: Number(cy) || usualSize.height }
}
