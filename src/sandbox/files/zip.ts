/**
 * Makes ZIP archives.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync } from 'node:zlib'

/** @param entries content by name; text is written as UTF-8 */
export function zipOf(entries: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const described = description(Buffer.byteLength(name), bytes, packed.length)
    const position = Buffer.alloc(4)
    position.writeUInt32LE(offset)
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), described, Buffer.from(name), packed])
    bodies.push(body)
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\0'),
        described,
        Buffer.alloc(10),
        position,
        Buffer.from(name),
      ]),
    )
    offset += body.length
  }
  return Buffer.concat([...bodies, ...directory, ending(directory, offset)])
}

/** What a local header and the directory say of an entry: version, flags, method, time, checksum, sizes. */
function description(nameLength: number, bytes: Buffer, packed: number): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x0800, 2)
  fields.writeUInt16LE(8, 4)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(packed, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(nameLength, 22)
  return fields
}

function ending(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return end
}
