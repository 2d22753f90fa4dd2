/**
 * Makes elements of slides.
 *
 * @module
 */

import { isEmailAddress, isNarrative, isTitle } from '../../kit/text-type.ts'
import { isBlank, strip } from '../../kit/whitespace.ts'
import type { ElementMetadata, ElementType } from '../../model/element.ts'
import type { FileOptions, ReadContext } from '../file.ts'
import { chosenAlternative } from '../office/alternatives.ts'
import { commentMetadata } from '../office/comments.ts'
import { tellChart, tellDiagram } from '../office/graphic.ts'
import type { Output } from '../office/output.ts'
import { emphasisOf, linksOf, tableLinksOf, textOfPieces, type Words } from '../office/pieces.ts'
import { childOf, childrenOf, descendantsOf, type XmlNode } from '../office/xml.ts'
import type { Slide, SlideSize } from './package.ts'
import { isBulletedParagraph, placeholderOf } from './placeholder.ts'
import { beginsOutside, isOutside, type Shape, shapesOf } from './shapes.ts'
import { readPlainTable, readRichTable } from './table.ts'
import { levelOf, paragraphsOf, wordsOf } from './text.ts'

interface WriterOptions {
  readonly output: Output
  readonly options: FileOptions
  readonly context: ReadContext
  readonly size: SlideSize
}

/** Writes one slide. */
export type WriteSlide = (slide: Slide) => void

export function createWriter({ output, options, context, size }: WriterOptions): WriteSlide {
  const enhanced = options.mode === 'enhanced'
  /** Charts and diagrams, each told once, however often it is shown. */
  const told = new Set<XmlNode>()

  return function write(slide) {
    const { content, models, relationships, graphics } = slide
    /** Of all that stands on the slide. */
    const common: ElementMetadata = enhanced && isHidden(content) ? { hidden: true } : {}
    const title = titleOf(content, enhanced)

    const words = (paragraph: XmlNode): Words[] => wordsOf(paragraph, relationships, enhanced)

    function add(type: ElementType, text: string, metadata: ElementMetadata = {}, level?: number): void {
      output.add(type, text, { ...metadata, ...common }, level)
    }

    function writeShape(shape: Shape): void {
      const { node } = shape
      if (node.name === 'p:graphicFrame') writeFrame(node)
      else if (node.name === 'p:pic') writePicture(node)
      else if (node === title) writeTitle(node)
      else if (!(enhanced ? isOutside(shape, size) : beginsOutside(shape))) writeText(shape)
    }

    /** Each paragraph ranks below the one before. */
    function writeTitle(node: XmlNode): void {
      const paragraphs = textsOf(node)
      for (const [depth, { text, said }] of paragraphs.entries())
        add('Title', text, { category_depth: depth, ...wordMetadata(said) }, depth)
    }

    function writeText(shape: Shape): void {
      for (const { paragraph, text, said } of textsOf(shape.node)) {
        const level = levelOf(paragraph)
        const type = isItem(paragraph, level, shape) ? 'ListItem' : typeOf(text)
        const metadata: ElementMetadata = type === 'EmailAddress' ? {} : { category_depth: level }
        if (type === 'Title') metadata.category_depth = level + 1
        add(type, text, { ...metadata, ...wordMetadata(said) })
      }
    }

    function textsOf(node: XmlNode) {
      return paragraphsOf(childOf(node, 'p:txBody')).flatMap((paragraph) => {
        const said = words(paragraph)
        const text = textOfPieces(said)
        return isBlank(text) ? [] : [{ paragraph, text, said }]
      })
    }

    function isItem(paragraph: XmlNode, level: number, shape: Shape): boolean {
      const properties = childOf(paragraph, 'a:pPr')
      return enhanced
        ? isBulletedParagraph(properties, level, shape.lineage, models)
        : childOf(properties, 'a:buChar') !== undefined
    }

    const wordMetadata = (said: readonly Words[]): ElementMetadata =>
      enhanced ? { ...emphasisOf(said, true), ...linksOf(said) } : {}

    function writeFrame(frame: XmlNode): void {
      const data = childOf(childOf(frame, 'a:graphic'), 'a:graphicData')
      const table = childOf(data, 'a:tbl')
      if (table) writeTable(table)
      else if (enhanced && data) writeGraphic(data)
    }

    function writeTable(table: XmlNode): void {
      const said: Words[][] = []
      const content = (enhanced ? readRichTable : readPlainTable)(table, (paragraph) => {
        const found = words(paragraph)
        said.push(found)
        return found
      })
      if (content)
        add('Table', content.text, { text_as_html: content.html, ...(enhanced && tableLinksOf(said)) })
    }

    function writeGraphic(data: XmlNode): void {
      const chart = graphics.get(childOf(data, 'c:chart')?.attributes['r:id'] ?? '')
      const diagram = graphics.get(childOf(data, 'dgm:relIds')?.attributes['r:dm'] ?? '')
      const graphic = chart ?? diagram
      if (!graphic) context.lose({ code: 'drawing_not_read', name: childrenOf(data)[0]?.name ?? 'object' })
      else if (!told.has(graphic)) {
        told.add(graphic)
        if (chart) tellChart(chart, add)
        else tellDiagram(graphic, add)
      }
      for (const picture of descendantsOf(data, 'p:pic')) writePicture(picture)
    }

    /** Pictures are left to plug-ins in the reference. */
    function writePicture(node: XmlNode): void {
      if (!enhanced) return
      const { descr = '', title: name = '' } =
        childOf(childOf(node, 'p:nvPicPr'), 'p:cNvPr')?.attributes ?? {}
      const blip = childOf(childOf(node, 'p:blipFill'), 'a:blip')?.attributes ?? {}
      const target = relationships.get(blip['r:embed'] || blip['r:link'] || '')
      const alt = (descr || name).trim()
      const place = target && (target.external ? { url: target.target } : { part: target.target })
      output.picture({ alt, ...place }, { ...common })
    }

    function writeNotes(): void {
      if (!options.includeSlideNotes || !slide.notes) return
      const body = descendantsOf(slide.notes, 'p:sp').find((shape) => placeholderOf(shape)?.type === 'body')
      const text = paragraphsOf(childOf(body, 'p:txBody'))
        .map((paragraph) => textOfPieces(wordsOf(paragraph, relationships, enhanced)))
        .join('\n')
      if (!isBlank(text)) add('NarrativeText', text, enhanced ? { notes: true } : {})
    }

    function writeComments(): void {
      for (const { author, text } of slide.comments)
        if (!isBlank(text)) add('NarrativeText', strip(text), commentMetadata(author))
    }

    if (!enhanced) writeNotes()
    for (const shape of shapesOf(content, { models, enhanced })) writeShape(shape)
    if (enhanced) writeNotes()
    writeComments()
  }
}

/** First match wins (the reference's order for slides). */
function typeOf(text: string): ElementType {
  if (isEmailAddress(text)) return 'EmailAddress'
  if (isNarrative(text)) return 'NarrativeText'
  return isTitle(text) ? 'Title' : 'UncategorizedText'
}

const isHidden = ({ attributes: { show } }: XmlNode): boolean => show === '0' || show === 'false'

/** The slide's title is its first placeholder of index 0, whatever its type (the reference's rule). */
function titleOf(slide: XmlNode, enhanced: boolean): XmlNode | undefined {
  const shapes = childrenOf(childOf(childOf(slide, 'p:cSld'), 'p:spTree')).flatMap((shape) =>
    enhanced && shape.name === 'mc:AlternateContent' ? childrenOf(chosenAlternative(shape)) : shape,
  )
  return shapes.find((shape) => placeholderOf(shape)?.index === '0')
}
