/**
 * Collects the elements of a document that was written in an office program: pages, headings above, pictures.
 *
 * @module
 */

import type { Element, ElementMetadata, ElementType } from '../../model/element.ts'
import type { FileOptions, ReadContext } from '../file.ts'
import { createOutline } from '../html/outline.ts'
import { createPictureData } from '../picture-data.ts'
import type { Picture } from './picture.ts'
import type { Said } from './said.ts'
import type { Zip } from './zip.ts'

export interface Output {
  readonly elements: Element[]
  /** Whether the document says where its pages end. */
  readonly paged: boolean
  /**
   * In enhanced mode, code that follows code is one piece with it.
   *
   * @param level a title's rank among the headings; lower = higher up
   */
  add(type: ElementType, text: string, metadata: ElementMetadata, level?: number): void
  picture(picture: Picture, metadata?: ElementMetadata): void
  /**
   * A header or footer and the pictures in it, made but not placed: it stands beside the pages and under no heading. None when there is
   * nothing in it.
   *
   * @param kind which pages it is for: `primary`, `first_page`, `even_only`
   */
  margin(type: 'Header' | 'Footer', kind: string, { text, pictures }: Said): Element[]
  /** A page ends here. @param metadata of the PageBreak element, where there is one */
  pageBreak(metadata?: ElementMetadata): void
  /** The page that is being written, where pages are known. */
  page(): number
  /** Moves what was added since `from` one page on, and puts a break before it. */
  shiftPages(from: number): void
  /**
   * Puts their bytes into the pictures, where they are asked for. Call once, at the end.
   *
   * @param modified when the document was saved last
   */
  complete(modified?: string): Promise<void>
}

interface OutputOptions {
  readonly options: FileOptions
  readonly context: ReadContext
  readonly archive: Zip
  readonly paged: boolean
}

/** The text of a header or footer. @param kind see `Output.margin` */
export const marginElement = (type: 'Header' | 'Footer', kind: string, text: string): Element => ({
  ...{ type, element_id: '', text },
  metadata: { header_footer_type: kind, category_depth: 0 },
})

export function createOutput({ options, context, archive, paged }: OutputOptions): Output {
  const enhanced = options.mode === 'enhanced'
  const elements: Element[] = []
  const pictures: { readonly part: string; readonly metadata: ElementMetadata }[] = []
  const outline = createOutline(options.url)
  let page = options.startingPageNumber

  function add(type: ElementType, text: string, metadata: ElementMetadata, level?: number): void {
    const previous = elements.at(-1)
    if (enhanced && type === 'CodeSnippet' && previous?.type === type) previous.text += `\n${text}`
    else addElement(type, text, metadata, level)
  }

  function addElement(type: ElementType, text: string, metadata: ElementMetadata, level?: number): void {
    if (paged) metadata.page_number = page
    if (enhanced && level !== undefined) outline.heading({ title: text, level, id: undefined }, metadata)
    else if (enhanced) outline.mark(metadata)
    elements.push({ type, element_id: '', text, metadata })
  }

  const breakElement = (metadata: ElementMetadata = {}): Element => ({
    type: 'PageBreak',
    element_id: '',
    text: '',
    metadata,
  })

  /** The metadata of an Image element, which gets the picture's bytes at the end where they are asked for. */
  function describe({ url, part }: Picture, metadata: ElementMetadata): ElementMetadata {
    if (url !== undefined) metadata.image_url = outline.absolute(url)
    if (part !== undefined && options.imageData) pictures.push({ part, metadata })
    return metadata
  }

  return {
    elements,
    paged,
    add,
    picture: (picture, metadata = {}) => add('Image', picture.alt, describe(picture, metadata)),
    margin(type, kind, { text, pictures }) {
      const images = pictures.map((picture): Element => {
        const metadata = describe(picture, { header_footer_type: kind })
        return { type: 'Image', element_id: '', text: picture.alt, metadata }
      })
      return text === '' ? images : [marginElement(type, kind, text), ...images]
    },
    pageBreak(metadata) {
      page += 1
      if (options.includePageBreaks) elements.push(breakElement(metadata))
    },
    page: () => page,
    shiftPages(from) {
      page += 1
      for (const { metadata } of elements.slice(from))
        if (metadata.page_number !== undefined) metadata.page_number += 1
      if (options.includePageBreaks) elements.splice(from, 0, breakElement())
    },
    async complete(modified) {
      if (modified !== undefined) for (const { metadata } of elements) metadata.last_modified = modified
      const loaded = new Map<string, Uint8Array | undefined>()
      const data = createPictureData(context)
      for (const { part, metadata } of pictures) {
        if (!loaded.has(part)) loaded.set(part, await archive.read(part))
        data.put(metadata, part, loaded.get(part))
      }
    },
  }
}
