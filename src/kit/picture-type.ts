/**
 * What kind of picture some bytes are.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { fileTypeFromBuffer } from 'file-type'

/** First bytes of each kind, as Latin-1, and where they stand. */
const marks: readonly (readonly [mark: string, at: number, mime: string])[] = [
  ['\x89PNG', 0, 'image/png'],
  ['\xff\xd8\xff', 0, 'image/jpeg'],
  ['GIF8', 0, 'image/gif'],
  ['BM', 0, 'image/bmp'],
  ['WEBP', 8, 'image/webp'],
  ['II*\0', 0, 'image/tiff'],
  ['MM\0*', 0, 'image/tiff'],
  [' EMF', 40, 'image/emf'],
  ['\xd7\xcd\xc6\x9a', 0, 'image/wmf'],
  ['\x01\0\t\0', 0, 'image/wmf'],
]

/** The MIME type of a picture by its content: of those kinds that documents embed. Undefined for all others. */
export function pictureType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString(
    'latin1',
  )
  const known = marks.find(([mark, at]) => head.startsWith(mark, at))
  if (known) return known[2]
  return /^\s*(?:\xef\xbb\xbf)?(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/.test(head) && head.includes('<svg')
    ? 'image/svg+xml'
    : undefined
}

/** The same, of rarer kinds as well. */
export async function anyPictureType(bytes: Uint8Array): Promise<string | undefined> {
  const type = pictureType(bytes) ?? (await fileTypeFromBuffer(bytes))?.mime
  return type?.startsWith('image/') ? type : undefined
}
