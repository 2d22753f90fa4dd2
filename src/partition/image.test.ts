import { Buffer } from 'node:buffer'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { Loss } from '../model/content.ts'
import type { Coordinates } from './coordinates.ts'
import type { FileInput, FileOptions } from './file.ts'
import { findTools } from './find-tools.ts'
import { readImage } from './image.ts'
import { closeOcr } from './ocr.ts'
import { defaultFileOptions } from './options.ts'

async function read(file: FileInput, options: Partial<FileOptions> = {}, tessdata?: string) {
  const losses: Loss[] = []
  const elements = await readImage(
    file,
    { ...defaultFileOptions(), ...options },
    {
      signal: new AbortController().signal,
      lose: (loss) => void losses.push(loss),
      nested: () => Promise.resolve([]),
      ...(tessdata !== undefined && { tessdata }),
    },
  )
  return { elements, losses }
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A PNG that says it is this large and holds next to nothing. */
function hollowPng(side: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 1
  const mark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    mark,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

type Corner = Coordinates['points'][number]

const text = (words: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120"><text x="20" y="70" font-size="32">${words}</text></svg>`,
    ),
  ).flatten({ background: 'white' })

describe('pictures', () => {
  it('tell their size and type by content, and what is missing to read them', async () => {
    const bytes = await sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } })
      .webp()
      .toBuffer()
    const { elements, losses } = await read({ bytes, filename: 'a.png', mediaType: 'image/png' })
    expect(elements).toEqual([
      {
        type: 'Image',
        element_id: '',
        text: '',
        metadata: {
          filetype: 'image/webp',
          image_mime_type: 'image/webp',
          image_width: 40,
          image_height: 20,
        },
      },
    ])
    expect(losses).toEqual([{ code: 'image_without_ocr', name: 'a.png' }])
    const data = await read({ bytes }, { mode: 'compat', imageData: true })
    expect(data.elements[0]!.metadata).toEqual({
      filetype: 'image/webp',
      image_mime_type: 'image/webp',
      image_base64: bytes.toString('base64'),
    })
  })

  it('stand as they are where nothing can decode them', async () => {
    const { elements, losses } = await read({ bytes: Buffer.from(`BM${'\0'.repeat(60)}`) })
    expect(elements.map(({ metadata }) => metadata.filetype)).toEqual(['image/bmp'])
    expect(losses).toEqual([{ code: 'image_without_ocr', name: 'image/bmp' }])
  })

  it('are refused when they are broken, too large or none', async () => {
    const tooLarge = await read({ bytes: hollowPng(30_000) }).catch((thrown: unknown) => thrown)
    expect(tooLarge).toMatchObject({ kind: 'content', code: 'file.too_much' })
    const cut = await read({ bytes: hollowPng(100).subarray(0, 30) }).catch((thrown: unknown) => thrown)
    expect(cut).toMatchObject({ kind: 'content', code: 'file.damaged' })
    await expect(read({ bytes: Buffer.from('hello') })).rejects.toMatchObject({ code: 'file.unsupported' })
  })

  it('that are drawings tell their text, whatever they refer to', async () => {
    const drawing =
      '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><style>p {}</style>' +
      '<title>The flow</title><image href="http://127.0.0.1:1/a.png"/><text>Start<tspan>here &x;</tspan></text><g>unseen</g></svg>'
    const { elements, losses } = await read({ bytes: Buffer.from(drawing) })
    expect(elements.map(({ text: seen }) => seen)).toEqual(['The flow Start here &x;'])
    expect(losses).toEqual([])
  })
})

const { tessdata } = findTools({
  ...(process.env.OUTFLOW_TESSDATA && { tessdata: process.env.OUTFLOW_TESSDATA }),
})

describe.skipIf(tessdata === undefined)('text in pictures (needs Tesseract’s language data)', () => {
  afterAll(closeOcr)

  it('becomes elements, page by page', async () => {
    const first = await text('The harbour opens at seven every day.').png().toBuffer()
    const second = await text('Boats leave every hour.').png().toBuffer()
    const bytes = await sharp([first, second], { join: { animated: true } })
      .tiff()
      .toBuffer()
    const { elements, losses } = await read({ bytes }, {}, tessdata)
    expect(losses).toEqual([])
    expect(elements.map((each) => [each.type, each.text, each.metadata.page_number])).toEqual([
      ['Image', '', undefined],
      ['NarrativeText', 'The harbour opens at seven every day.', 1],
      ['NarrativeText', 'Boats leave every hour.', 2],
    ])
  })

  it('tells its place in the picture where that is asked for', async () => {
    const bytes = await text('Harbour').png().toBuffer()
    const { elements } = await read({ bytes }, { coordinates: true }, tessdata)
    const { points, ...layout } = elements[1]!.metadata.coordinates as Coordinates
    expect(layout).toEqual({ system: 'PixelSpace', layout_width: 900, layout_height: 120 })
    const [[left], , [, bottom]] = points as [Corner, Corner, Corner, Corner]
    expect(Math.abs(left - 20)).toBeLessThan(10)
    expect(Math.abs(bottom - 70)).toBeLessThan(10)
  })

  it('stays where it is with the strategy fast', async () => {
    const bytes = await text('Harbour').png().toBuffer()
    const { losses } = await read({ bytes }, { strategy: 'fast' }, tessdata)
    expect(losses).toEqual([{ code: 'image_without_ocr', name: 'image/png' }])
  })

  it('is refused without the language’s data, by its name', async () => {
    const bytes = await text('Harbour').png().toBuffer()
    const missing = read({ bytes }, { ocrLanguages: ['xyz'] }, tessdata)
    await expect(missing).rejects.toMatchObject({
      kind: 'content',
      code: 'ocr.language_missing',
      message: expect.stringContaining('xyz.traineddata'),
    })
  })
})
