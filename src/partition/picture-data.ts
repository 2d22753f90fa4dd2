/**
 * Bytes of pictures in the elements that show them.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { pictureType } from '../kit/picture-type.ts'
import type { ElementMetadata } from '../model/element.ts'
import type { ReadContext } from './file.ts'

export interface PictureData {
  /** Adds `image_mime_type` and `image_base64`; what is no picture, or would be too much, is told as lost. @param name for that */
  put(metadata: ElementMetadata, name: string, bytes: Uint8Array | undefined): void
}

/** Characters of base64 that one document's pictures may come to: a small file may show one picture very often. */
const mostCharacters = 200_000_000

/** For one document. */
export function createPictureData({ lose }: Pick<ReadContext, 'lose'>): PictureData {
  let left = mostCharacters
  /** The same text for a picture that is shown again. */
  const known = new WeakMap<Uint8Array, string>()

  function encoded(bytes: Uint8Array): string {
    const text =
      known.get(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    known.set(bytes, text)
    return text
  }

  return {
    put(metadata, name, bytes) {
      const type = bytes && pictureType(bytes)
      const size = Math.ceil((bytes?.byteLength ?? 0) / 3) * 4
      if (!bytes || type === undefined || size > left) return lose({ code: 'picture_without_data', name })
      left -= size
      Object.assign(metadata, { image_mime_type: type, image_base64: encoded(bytes) })
    },
  }
}
