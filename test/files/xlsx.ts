/**
 * Makes workbooks for tests.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { zipOf } from './zip.ts'

const transitional = 'http://schemas.openxmlformats.org'
/** Of the attributes that refer to relationships. */
export const office = `${transitional}/officeDocument/2006/relationships`

type Related = readonly [id: string, type: string, target: string]

/** A target with a scheme is outside of the workbook. */
export const relationships = (...all: readonly Related[]): string =>
  `<Relationships>${all
    .map(([id, type, target]) => {
      const mode = target.includes(':') ? ' TargetMode="External"' : ''
      return `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"${mode}/>`
    })
    .join('')}</Relationships>`

interface SheetSource {
  /** Inside of `worksheet`; `r:` is there for relationships. */
  readonly inside: string
  /** More attributes of it in the workbook: ` state="hidden"`. */
  readonly state?: string
  /** What the sheet refers to, targets as seen from `xl/worksheets/`. */
  readonly related?: readonly Related[]
}

export interface XlsxParts {
  /** Called Stock, Stock 2, …. */
  readonly sheets: readonly SheetSource[]
  readonly strings?: readonly string[]
  /** Further entries by name. */
  readonly others?: Readonly<Record<string, string | Uint8Array>>
}

/** Number formats by style: 0 general, 1 date, 2 percent. */
const styles =
  '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>'

export function xlsxOf({ sheets, strings = [], others = {} }: XlsxParts): Buffer {
  const listed = sheets.map(
    ({ state = '' }, index) =>
      `<sheet name="Stock${index === 0 ? '' : ` ${index + 1}`}" r:id="sheet${index}"${state}/>`,
  )
  const files = sheets.flatMap(({ inside, related = [] }, index): [string, string][] => [
    [`xl/worksheets/${index}.xml`, `<worksheet xmlns:r="${office}">${inside}</worksheet>`],
    [`xl/worksheets/_rels/${index}.xml.rels`, relationships(...related)],
  ])
  return zipOf({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships(['main', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...sheets.map((_, index): Related => [`sheet${index}`, 'worksheet', `worksheets/${index}.xml`]),
      ['strings', 'sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles', 'styles.xml'],
    ),
    'xl/sharedStrings.xml': `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': styles,
    ...Object.fromEntries(files),
    ...others,
  })
}
