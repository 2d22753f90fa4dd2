/**
 * Makes PNG pictures.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { crc32, deflateSync } from 'node:zlib'

export type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number]

/** An RGB picture, painted pixel by pixel. */
export function pngOf(width: number, height: number, paint: Paint): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => paint(x, y)).flat(),
  ])
  const pixels = deflateSync(Uint8Array.from(rows.flat()))
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', pixels), pngChunk('IEND', new Uint8Array())]
  return Buffer.concat([signature, ...chunks])
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.byteLength)
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}
