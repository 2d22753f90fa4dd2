/**
 * Makes presentations.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { contentTypes, office, type Related, relationships, transitional } from './package.ts'
import { zipOf } from './zip.ts'

const namespaces = [
  `xmlns:p="${transitional}/presentationml/2006/main"`,
  `xmlns:a="${transitional}/drawingml/2006/main"`,
  `xmlns:c="${transitional}/drawingml/2006/chart"`,
  `xmlns:r="${office}"`,
].join(' ')

const group = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'

const part = (name: string, shapes: string, rest = '', attributes = '') =>
  `<p:${name} ${namespaces}${attributes}><p:cSld><p:spTree>${group}${shapes}</p:spTree></p:cSld>${rest}</p:${name}>`

interface SlideSource {
  readonly shapes: string
  /** Shapes of its notes. */
  readonly notes?: string
  readonly hidden?: boolean
  /** What it refers to as well, targets as seen from `ppt/slides/`. */
  readonly related?: readonly Related[]
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
  /** What the presentation refers to as well, targets as seen from `ppt/`. */
  readonly related?: readonly Related[]
  /** Further entries by name. */
  readonly others?: Readonly<Record<string, string | Uint8Array>>
}

/** @param parts XML with the prefixes `p`, `a`, `c`, `r` */
export function pptxOf(parts: PptxParts): Buffer {
  const { slides, layout = '', textStyles = '', links = {}, media = {}, chart = '' } = parts
  const { related: more = [], others = {} } = parts
  const related: Related[] = [
    ['layout', 'slideLayout', '../layout.xml'],
    ['chart', 'chart', '../chart.xml'],
    ...Object.entries(links).map(([id, url]): Related => [id, 'hyperlink', url]),
    ...Object.keys(media).map((name): Related => [name, 'image', `../media/${name}`]),
  ]
  const files = slides.flatMap(
    ({ shapes, notes, hidden = false, related: own = [] }, index): [string, string][] => [
      [`ppt/slides/${index}.xml`, part('sld', shapes, '', hidden ? ' show="0"' : '')],
      [
        `ppt/slides/_rels/${index}.xml.rels`,
        notes === undefined
          ? relationships(...related, ...own)
          : relationships(...related, ...own, ['notes', 'notesSlide', `../notes/${index}.xml`]),
      ],
      ...(notes === undefined ? [] : noteFiles(notes, index)),
    ],
  )
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="slide${index}"/>`).join('')
  return zipOf({
    '[Content_Types].xml': contentTypes(typesOf(files.map(([name]) => name))),
    '_rels/.rels': relationships(['main', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `<p:presentation ${namespaces}>${masters}<p:sldIdLst>${ids}</p:sldIdLst>${paper}</p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      ['master', 'slideMaster', 'master.xml'],
      ...slides.map((_, index): Related => [`slide${index}`, 'slide', `slides/${index}.xml`]),
      ...more,
    ),
    'ppt/layout.xml': part('sldLayout', layout),
    'ppt/_rels/layout.xml.rels': relationships(['master', 'slideMaster', 'master.xml']),
    'ppt/master.xml': part('sldMaster', '', `${layouts}<p:txStyles>${textStyles}</p:txStyles>`),
    'ppt/_rels/master.xml.rels': relationships(['layout', 'slideLayout', 'layout.xml']),
    'ppt/chart.xml': `<c:chartSpace ${namespaces}>${chart}</c:chartSpace>`,
    ...Object.fromEntries(files),
    ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`ppt/media/${name}`, bytes])),
    ...others,
  })
}

const noteFiles = (shapes: string, index: number): [string, string][] => [
  [`ppt/notes/${index}.xml`, part('notes', shapes)],
  [`ppt/notes/_rels/${index}.xml.rels`, relationships(['slide', 'slide', `../slides/${index}.xml`])],
]

const masters = '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="master"/></p:sldMasterIdLst>'
const layouts = '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="layout"/></p:sldLayoutIdLst>'
const paper = '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'

const typesOf = (names: readonly string[]): Record<string, string> => ({
  'ppt/presentation.xml': 'presentationml.presentation.main',
  'ppt/layout.xml': 'presentationml.slideLayout',
  'ppt/master.xml': 'presentationml.slideMaster',
  'ppt/chart.xml': 'drawingml.chart',
  ...Object.fromEntries(
    names
      .filter((name) => name.endsWith('.xml'))
      .map((name) => [name, `presentationml.${name.includes('/notes/') ? 'notesSlide' : 'slide'}`]),
  ),
})
