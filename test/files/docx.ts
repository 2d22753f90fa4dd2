/**
 * Makes Word documents for tests.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { zipOf } from './zip.ts'

const transitional = 'http://schemas.openxmlformats.org'
const office = `${transitional}/officeDocument/2006/relationships`

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

const relationship = (id: string, type: string, target: string, mode = '') =>
  `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"${mode}/>`

const relationships = (all: readonly string[]) =>
  `<Relationships xmlns="${transitional}/package/2006/relationships">${all.join('')}</Relationships>`

/** The XML of a part of WordprocessingML, with all its namespaces: `<w:name>…</w:name>`. */
const wordPart = (name: string, inside: string) => `<w:${name} ${namespaces}>${inside}</w:${name}>`

export interface DocxParts {
  readonly body: string
  /** Inside of each part, which is related under its own name as id: `styles`, `footnotes`, `comments`, `settings`, `header`, `footer`. */
  readonly parts?: Readonly<Record<string, string>>
  /** Addresses by the ids that links use. */
  readonly links?: Readonly<Record<string, string>>
  /** Bytes of `word/media/…` by name, which is the id as well. */
  readonly media?: Readonly<Record<string, Uint8Array>>
}

const roots: Readonly<Record<string, string>> = { header: 'hdr', footer: 'ftr' }

/** @param parts XML with the prefixes `w`, `r`, `m`, `a`, `c`, `dgm`, `pic`, `wp`, `mc`, `wps`, `v` */
export function docxOf({ body, parts = {}, links = {}, media = {} }: DocxParts): Buffer {
  const related = [
    ...Object.keys(parts).map((name) => relationship(name, name, `${name}.xml`)),
    ...Object.entries(links).map(([id, url]) => relationship(id, 'hyperlink', url, ' TargetMode="External"')),
    ...Object.keys(media).map((name) => relationship(name, 'image', `media/${name}`)),
  ]
  const file = ([name, inside]: [string, string]) => [
    `word/${name}.xml`,
    wordPart(roots[name] ?? name, inside),
  ]
  return zipOf({
    '_rels/.rels': relationships([relationship('main', 'officeDocument', 'word/document.xml')]),
    'word/document.xml': wordPart('document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': relationships(related),
    ...Object.fromEntries(Object.entries(parts).map(file)),
    ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`word/media/${name}`, bytes])),
  })
}
