/**
 * Makes elements of paragraphs, images and tables: type, text, metadata.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { Element, ElementMetadata, ElementType } from '../../model/element.ts'
import type { Block, Run, Task } from './block.ts'
import { derive } from './derive.ts'
import type { Attributes } from './hints.ts'
import type { Outline } from './outline.ts'
import type { Rules } from './rules.ts'
import type { TableReader } from './table.ts'

/** Where an image or a table stands beside its block. */
interface Place {
  /** Addresses of the links around it. */
  readonly urls: readonly string[]
  /** Whether the source's server rendered it. */
  readonly rendered: boolean
}

export interface ImageSource extends Place {
  readonly attributes: Attributes
}

export interface Output {
  readonly elements: Element[]
  /** Whether an element came out of it. */
  paragraph(run: Run, block: Block): boolean
  image(image: ImageSource, block: Block): void
  table(table: TableReader, block: Block, place: Place): void
  /** Puts a link on the last element, with its whole text. */
  link(url: string): void
}

export interface OutputOptions {
  readonly rules: Rules
  readonly outline: Outline
  /** Whether images that came inline keep their bytes. */
  readonly keepsImageData: boolean
}

const dataUrl = /^data:(image\/[^;,]+);base64,/

/** The text of a code block: verbatim, but for one line break at each end. */
function codeText(raw: string): string {
  const from = raw.startsWith('\n') ? 1 : 0
  const to = raw.length > from && raw.endsWith('\n') ? raw.length - 1 : raw.length
  return raw.slice(from, to)
}

export function createOutput({ rules, outline, keepsImageData }: OutputOptions): Output {
  const elements: Element[] = []

  function add(type: ElementType, text: string, metadata: ElementMetadata, block: Block): Element {
    const element: Element = { type, element_id: '', text, metadata }
    if (block.page !== undefined) metadata.page_number = block.page
    if (rules.context) addContext(element, block)
    elements.push(element)
    return element
  }

  function addContext({ type, text, metadata }: Element, block: Block): void {
    if (type === 'Title') outline.heading({ title: text, level: block.depth ?? 0, id: block.id }, metadata)
    else outline.mark(metadata)
    if (type === 'CodeSnippet' && block.language !== undefined) metadata.code_language = block.language
  }

  function addLink(metadata: ElementMetadata, text: string, url: string): void {
    metadata.link_texts = [...(metadata.link_texts ?? []), text]
    metadata.link_urls = [...(metadata.link_urls ?? []), absolute(url)]
  }

  const absolute = (url: string) => (rules.context ? outline.absolute(url) : url)

  function runMetadata(run: Run): ElementMetadata {
    const metadata: ElementMetadata = {}
    if (run.emphasis !== undefined) {
      metadata.emphasized_text_contents = run.emphasis.texts
      metadata.emphasized_text_tags = run.emphasis.tags
    }
    if (run.links !== undefined) {
      metadata.link_texts = run.links.texts
      metadata.link_urls = rules.context ? run.links.urls.map(outline.absolute) : run.links.urls
    }
    return metadata
  }

  function paragraph(run: Run, block: Block): boolean {
    const isCode = block.type === 'CodeSnippet'
    const text = isCode ? codeText(run.text) : collapseSpace(run.text)
    if (text === '') return false
    const derived = block.type === undefined ? derive(text, rules.keepsAll) : { type: block.type, text }
    if (derived === undefined) return false
    const metadata = runMetadata(run)
    if (block.depth !== undefined) metadata.category_depth = block.depth
    else if (derived.type === 'ListItem') metadata.category_depth = 0
    if (run.rendered) metadata.rendered_by = 'server'
    const element = add(derived.type, derived.text, metadata, block)
    if (block.decision !== undefined) metadata.decision = block.decision
    if (block.task !== undefined) tellTask(element, block.task)
    return true
  }

  function tellTask(element: Element, task: Task): void {
    if (task.told) element.type = 'ListItem'
    else element.checked = task.checked
    task.told = true
  }

  function imageMetadata(source: string): ElementMetadata {
    const mime = dataUrl.exec(source)?.[1]
    if (mime === undefined) return { image_url: absolute(source) }
    if (!keepsImageData) return {}
    return { image_mime_type: mime, image_base64: source.slice(source.indexOf(',') + 1) }
  }

  /** That the source fetched along with the page. */
  function bytesIn({ 'data-image': base64, 'data-image-type': type }: Attributes): ElementMetadata {
    return rules.context && base64 && type ? { image_mime_type: type, image_base64: base64 } : {}
  }

  function image({ attributes, urls, rendered }: ImageSource, block: Block): void {
    const source = (attributes['data-src'] ?? attributes.src ?? '').trim()
    const file = rules.context ? attributes['data-file'] : undefined
    if (source === '' && file === undefined) return
    const text = rules.context ? collapseSpace(attributes.alt ?? '') : (attributes.alt ?? '')
    const metadata = { ...(source === '' ? {} : imageMetadata(source)), ...bytesIn(attributes) }
    if (file !== undefined) metadata.image_file = file
    if (text !== '') for (const url of urls) addLink(metadata, text, url)
    if (rendered) metadata.rendered_by = 'server'
    add('Image', text, metadata, block)
  }

  function table(reader: TableReader, block: Block, { urls, rendered }: Place): void {
    const content = reader.content()
    if (content === undefined) return
    const metadata: ElementMetadata = { text_as_html: content.html }
    for (const { text, url } of content.links) addLink(metadata, text, url)
    for (const url of urls) addLink(metadata, content.text, url)
    if (rendered) metadata.rendered_by = 'server'
    add('Table', content.text, metadata, block)
  }

  return {
    elements,
    paragraph,
    image,
    table,
    link(url) {
      const element = elements.at(-1)!
      if (element.text !== '') addLink(element.metadata, element.text, url)
    },
  }
}
