/**
 * What kind of picture some bytes are.
 *
 * @module
 */

import { fileTypeFromBuffer } from 'file-type'

/** `image/png` and the like, by content alone; `undefined` for what is no picture. */
export async function pictureTypeOf(bytes: Uint8Array): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(bytes)
  if (found?.mime.startsWith('image/')) return found.mime
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('utf8')
  const isSvg = /^\ufeff?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(head) && head.includes('<svg')
  return isSvg ? 'image/svg+xml' : undefined
}
