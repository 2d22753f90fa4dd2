/**
 * Bytes of the sample's attachments, drawn by code: small, real files of their types.
 *
 * @module
 */

import { crc32, deflateSync } from 'node:zlib'

const utf8 = new TextEncoder()

export interface SampleFile {
  readonly mediaType: string
  readonly bytes: () => Uint8Array
}

export const text = (content: string): SampleFile => ({
  mediaType: 'text/plain',
  bytes: () => utf8.encode(content),
})

export const csv = (...rows: readonly (readonly (string | number)[])[]): SampleFile => ({
  mediaType: 'text/csv',
  bytes: () => utf8.encode(rows.map((row) => `${row.join(',')}\r\n`).join('')),
})

/** @param shapes what stands inside the `svg` element */
export const svg = (width: number, height: number, shapes: string): SampleFile => ({
  mediaType: 'image/svg+xml',
  bytes: () =>
    utf8.encode(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${shapes}</svg>\n`),
})

type Colour = readonly [red: number, green: number, blue: number]

/** An RGB picture, painted pixel by pixel. */
export const png = (width: number, height: number, paint: (x: number, y: number) => Colour): SampleFile => ({
  mediaType: 'image/png',
  bytes: () => pngBytes(width, height, paint),
})

function pngBytes(width: number, height: number, paint: (x: number, y: number) => Colour): Uint8Array {
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
  return Uint8Array.from(Buffer.concat([signature, ...chunks]))
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.byteLength)
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** One page of lines in Helvetica; ASCII without brackets and backslashes. */
export const pdf = (...lines: readonly string[]): SampleFile => ({
  mediaType: 'application/pdf',
  bytes: () => utf8.encode(pdfText(lines)),
})

function pdfText(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${line}) Tj T*`).join('\n')
  const stream = `BT /F1 12 Tf 16 TL 72 760 Td\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let document = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = document.length
    document += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  return `${document}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${document.length}\n%%EOF\n`
}
