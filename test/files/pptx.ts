/**
 * Makes presentations for tests.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { zipOf } from './zip.ts'

const transitional = 'http://schemas.openxmlformats.org'
const office = `${transitional}/officeDocument/2006/relationships`

const namespaces = [
  `xmlns:p="${transitional}/presentationml/2006/main"`,
  `xmlns:a="${transitional}/drawingml/2006/main"`,
  `xmlns:c="${transitional}/drawingml/2006/chart"`,
  `xmlns:r="${office}"`,
].join(' ')

const relationship = (id: string, type: string, target: string, mode = '') =>
  `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"${mode}/>`

const relationships = (all: readonly string[]) =>
  `<Relationships xmlns="${transitional}/package/2006/relationships">${all.join('')}</Relationships>`

const part = (name: string, shapes: string, rest = '', attributes = '') =>
  `<p:${name} ${namespaces}${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>${rest}</p:${name}>`

interface SlideSource {
  readonly shapes: string
  /** Shapes of its notes. */
  readonly notes?: string
  readonly hidden?: boolean
}

export interface PptxParts {
  readonly slides: readonly SlideSource[]
  /** Shapes of the layout that all slides have. */
  readonly layout?: string
  /** Inside of `p:txStyles` of the layout's master. */
  readonly textStyles?: string
  /** Addresses by the ids that links use. */
  readonly links?: Readonly<Record<string, string>>
  /** Bytes of `ppt/media/…` by name, which is the id as well. */
  readonly media?: Readonly<Record<string, Uint8Array>>
  /** The chart with the id `chart`: inside of `c:chartSpace`. */
  readonly chart?: string
}

/** @param parts XML with the prefixes `p`, `a`, `c`, `r` */
export function pptxOf(parts: PptxParts): Buffer {
  const { slides, layout = '', textStyles = '', links = {}, media = {}, chart = '' } = parts
  const related = [
    relationship('layout', 'slideLayout', '../layout.xml'),
    relationship('chart', 'chart', '../chart.xml'),
    ...Object.entries(links).map(([id, url]) => relationship(id, 'hyperlink', url, ' TargetMode="External"')),
    ...Object.keys(media).map((name) => relationship(name, 'image', `../media/${name}`)),
  ]
  const files = slides.flatMap(({ shapes, notes = '', hidden = false }, index): [string, string][] => [
    [`ppt/slides/${index}.xml`, part('sld', shapes, '', hidden ? ' show="0"' : '')],
    [
      `ppt/slides/_rels/${index}.xml.rels`,
      relationships([...related, relationship('notes', 'notesSlide', `../notes/${index}.xml`)]),
    ],
    [`ppt/notes/${index}.xml`, part('notes', notes)],
  ])
  const ids = slides.map((_, index) => `<p:sldId r:id="slide${index}"/>`).join('')
  return zipOf({
    '_rels/.rels': relationships([relationship('main', 'officeDocument', 'ppt/presentation.xml')]),
    'ppt/presentation.xml': `<p:presentation ${namespaces}><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      slides.map((_, index) => relationship(`slide${index}`, 'slide', `slides/${index}.xml`)),
    ),
    'ppt/layout.xml': part('sldLayout', layout),
    'ppt/_rels/layout.xml.rels': relationships([relationship('master', 'slideMaster', 'master.xml')]),
    'ppt/master.xml': part('sldMaster', '', `<p:txStyles>${textStyles}</p:txStyles>`),
    'ppt/chart.xml': `<c:chartSpace ${namespaces}>${chart}</c:chartSpace>`,
    ...Object.fromEntries(files),
    ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`ppt/media/${name}`, bytes])),
  })
}
