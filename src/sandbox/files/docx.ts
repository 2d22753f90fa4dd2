/**
 * Makes Word documents.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { contentTypes, office, type Related, relationships, transitional } from './package.ts'
import { zipOf } from './zip.ts'

const namespaces = [
  `xmlns:w="${transitional}/wordprocessingml/2006/main"`,
  `xmlns:r="${office}"`,
  `xmlns:m="${transitional}/officeDocument/2006/math"`,
  `xmlns:a="${transitional}/drawingml/2006/main"`,
  `xmlns:c="${transitional}/drawingml/2006/chart"`,
  `xmlns:dgm="${transitional}/drawingml/2006/diagram"`,
  `xmlns:pic="${transitional}/drawingml/2006/picture"`,
  `xmlns:wp="${transitional}/drawingml/2006/wordprocessingDrawing"`,
  `xmlns:mc="${transitional}/markup-compatibility/2006"`,
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
  'xmlns:v="urn:schemas-microsoft-com:vml"',
].join(' ')

/** The XML of a part of WordprocessingML, with all its namespaces: `<w:name>…</w:name>`. */
const wordPart = (name: string, inside: string) => `<w:${name} ${namespaces}>${inside}</w:${name}>`

export interface DocxParts {
  readonly body: string
  /** Inside of each part, which is related under its own name as id: `styles`, `footnotes`, `comments`, `settings`, `header`, `footer`. */
  readonly parts?: Readonly<Record<string, string>>
  /** Addresses by the ids that links use. */
  readonly links?: Readonly<Record<string, string>>
  /** Bytes of `word/media/…` by name, which is the id as well, in every part. */
  readonly media?: Readonly<Record<string, Uint8Array>>
}

const roots: Readonly<Record<string, string>> = { header: 'hdr', footer: 'ftr' }

/** @param parts XML with the prefixes `w`, `r`, `m`, `a`, `c`, `dgm`, `pic`, `wp`, `mc`, `wps`, `v` */
export function docxOf({ body, parts = {}, links = {}, media = {} }: DocxParts): Buffer {
  const pictures = Object.keys(media).map((name): Related => [name, 'image', `media/${name}`])
  const related: Related[] = [
    ...Object.keys(parts).map((name): Related => [name, name, `${name}.xml`]),
    ...Object.entries(links).map(([id, url]): Related => [id, 'hyperlink', url]),
    ...pictures,
  ]
  const shown = Object.keys(parts).map((name) => [`word/_rels/${name}.xml.rels`, relationships(...pictures)])
  const file = ([name, inside]: [string, string]) => [
    `word/${name}.xml`,
    wordPart(roots[name] ?? name, inside),
  ]
  const types = Object.keys(parts).map((name) => [`word/${name}.xml`, `wordprocessingml.${name}`])
  return zipOf({
    '[Content_Types].xml': contentTypes({
      'word/document.xml': 'wordprocessingml.document.main',
      ...Object.fromEntries(types),
    }),
    '_rels/.rels': relationships(['main', 'officeDocument', 'word/document.xml']),
    'word/document.xml': wordPart('document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': relationships(...related),
    ...Object.fromEntries(Object.entries(parts).map(file)),
    ...(pictures.length > 0 && Object.fromEntries(shown)),
    ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`word/media/${name}`, bytes])),
  })
}
