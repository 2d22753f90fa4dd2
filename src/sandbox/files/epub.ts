/**
 * Makes books (EPUB).
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { zipOf } from './zip.ts'

export interface EpubParts {
  readonly title?: string
  /** Inside of each chapter's `body`: XHTML. */
  readonly chapters: readonly string[]
}

const prefixes =
  'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0" unique-identifier="id"'

export function epubOf({ title = 'Untitled', chapters }: EpubParts): Buffer {
  const items = chapters.map(
    (_, index) => `<item id="c${index}" href="${index}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  const order = chapters.map((_, index) => `<itemref idref="c${index}"/>`)
  const files = chapters.map((inside, index) => [
    `book/${index}.xhtml`,
    `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>${title}</title></head><body>${inside}</body></html>`,
  ])
  return zipOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' +
      '<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    'book/book.opf':
      `<package ${prefixes}><metadata><dc:identifier id="id">${title}</dc:identifier><dc:title>${title}</dc:title>` +
      `<dc:language>en</dc:language></metadata><manifest>${items.join('')}</manifest><spine>${order.join('')}</spine></package>`,
    ...Object.fromEntries(files),
  })
}
