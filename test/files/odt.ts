/**
 * Makes OpenDocument texts for tests.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { zipOf } from './zip.ts'

const namespaces = [
  ...['office', 'text', 'table', 'style'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  ),
  'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
  'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
  'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
].join(' ')

export interface OdtParts {
  readonly body: string
  /** Inside of `office:automatic-styles`. */
  readonly styles?: string
  /** Inside of `office:master-styles`. */
  readonly pages?: string
  readonly media?: Readonly<Record<string, Uint8Array>>
}

/** @param parts XML with the prefixes `office`, `text`, `table`, `style`, `draw`, `svg`, `fo`, `xlink`, `dc` */
export function odtOf({ body, styles = '', pages = '', media = {} }: OdtParts): Buffer {
  return zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml':
      `<office:document-content ${namespaces}><office:automatic-styles>${styles}</office:automatic-styles>` +
      `<office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    'styles.xml': `<office:document-styles ${namespaces}><office:master-styles>${pages}</office:master-styles></office:document-styles>`,
    ...media,
  })
}
