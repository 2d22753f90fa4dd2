/**
 * Makes OpenDocument texts.
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

const mediaType = 'application/vnd.oasis.opendocument.text'
const file = (path: string, type: string): string =>
  `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`
const manifest =
  '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">' +
  `${file('/', mediaType)}${file('content.xml', 'text/xml')}${file('styles.xml', 'text/xml')}</manifest:manifest>`

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
    mimetype: mediaType,
    'META-INF/manifest.xml': manifest,
    'content.xml':
      `<office:document-content ${namespaces}><office:automatic-styles>${styles}</office:automatic-styles>` +
      `<office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    'styles.xml': `<office:document-styles ${namespaces}><office:master-styles>${pages}</office:master-styles></office:document-styles>`,
    ...media,
  })
}
