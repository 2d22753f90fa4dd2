/**
 * Makes workbooks.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { contentTypes, office, type Related, relationships, transitional } from './package.ts'
import { zipOf } from './zip.ts'

const main = `xmlns="${transitional}/spreadsheetml/2006/main" xmlns:r="${office}"`

interface SheetSource {
  /** By default Stock, Stock 2, …. */
  readonly name?: string
  /** Inside of `worksheet`; `r:` is there for relationships. */
  readonly inside: string
  /** More attributes of it in the workbook: ` state="hidden"`. */
  readonly state?: string
  /** What the sheet refers to, targets as seen from `xl/worksheets/`. */
  readonly related?: readonly Related[]
}

export interface XlsxParts {
  readonly sheets: readonly SheetSource[]
  readonly strings?: readonly string[]
  /** What the workbook refers to as well, targets as seen from `xl/`. */
  readonly related?: readonly Related[]
  /** Further entries by name. */
  readonly others?: Readonly<Record<string, string | Uint8Array>>
}

/** Number formats by style: 0 general, 1 date, 2 percent. */
const styles = `<styleSheet ${main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>`

export function xlsxOf({ sheets, strings = [], related: more = [], others = {} }: XlsxParts): Buffer {
  const listed = sheets.map(({ name, state = '' }, index) => {
    const shown = name ?? `Stock${index === 0 ? '' : ` ${index + 1}`}`
    return `<sheet name="${shown}" sheetId="${index + 1}" r:id="sheet${index}"${state}/>`
  })
  const files = sheets.flatMap(({ inside, related = [] }, index): [string, string][] => [
    [`xl/worksheets/${index}.xml`, `<worksheet ${main}>${inside}</worksheet>`],
    [`xl/worksheets/_rels/${index}.xml.rels`, relationships(...related)],
  ])
  const types = sheets.map((_, index) => [`xl/worksheets/${index}.xml`, 'spreadsheetml.worksheet'])
  return zipOf({
    '[Content_Types].xml': contentTypes({
      'xl/workbook.xml': 'spreadsheetml.sheet.main',
      'xl/sharedStrings.xml': 'spreadsheetml.sharedStrings',
      'xl/styles.xml': 'spreadsheetml.styles',
      ...Object.fromEntries(types),
    }),
    '_rels/.rels': relationships(['main', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `<workbook ${main}><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...sheets.map((_, index): Related => [`sheet${index}`, 'worksheet', `worksheets/${index}.xml`]),
      ['strings', 'sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles', 'styles.xml'],
      ...more,
    ),
    'xl/sharedStrings.xml': `<sst ${main}>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': styles,
    ...Object.fromEntries(files),
    ...others,
  })
}
