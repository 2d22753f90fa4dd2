/**
 * Pictures made of pixels, through sharp (an optional package).
 *
 * @module
 */

import type { Sharp } from 'sharp'
import { damaged, tooMuch } from '../problems.ts'

/** What a picture's head tells. */
export interface PictureSize {
  /** Pixels, as it is shown: turned the way its camera was held. */
  readonly width: number
  readonly height: number
  /** Pages of a TIFF; 1 for all others. */
  readonly pages: number
}

export interface PaintedPage {
  /** PNG. */
  readonly pixels: Uint8Array
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** 10,000 x 10,000: 400 MB when it is decoded. */
const mostPixels = 100_000_000
const mostPages = 500
/** sharp comes without decoders for them. */
const undecoded: ReadonlySet<string> = new Set([
  ...['image/bmp', 'image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  ...['image/emf', 'image/wmf', 'image/x-icon', 'image/vnd.adobe.photoshop', 'image/jp2', 'image/jxl'],
])
/** Pixels of the longer side that text recognition makes use of. */
const readable = 5000

/**
 * A picture's size, from its head alone. Undefined when nothing here can decode it (BMP, HEIC, EMF, WMF and other rare kinds, or all of
 * them without the package).
 *
 * @throws {OutflowError} codes `file.damaged`, `file.too_much`
 */
export async function measurePicture(bytes: Uint8Array, type: string): Promise<PictureSize | undefined> {
  const open = undecoded.has(type) ? undefined : await opener()
  if (!open) return undefined
  const { pages = 1, autoOrient } = await whole(open(bytes, 0, false).metadata())
  const { width, height } = autoOrient
  if (width * height > mostPixels)
    throw tooMuch('picture', `${width.toLocaleString('en')} x ${height.toLocaleString('en')} pixels`)
  if (type === 'image/tiff' && pages > mostPages) throw tooMuch('picture', `more than ${mostPages} pages`)
  return { width, height, pages: type === 'image/tiff' ? pages : 1 }
}

/**
 * A page as PNG for text recognition: upright, on white, of a fitting size.
 *
 * @param page 0 for the first
 * @throws {OutflowError} code `file.damaged`, also for a page with too many pixels
 */
export async function paintPage(bytes: Uint8Array, page: number): Promise<PaintedPage> {
  const open = await opener()
  if (!open) throw damaged('picture', 'the package sharp is not installed')
  const picture = open(bytes, page, mostPixels).autoOrient().flatten({ background: 'white' })
  const size = { width: readable, height: readable, fit: 'inside', withoutEnlargement: true } as const
  const painted = picture.resize(size).greyscale().png().toBuffer({ resolveWithObject: true })
  const { data, info } = await whole(painted)
  return { pixels: data, width: info.width, height: info.height }
}

type Open = (bytes: Uint8Array, page: number, limitInputPixels: number | false) => Sharp

async function opener(): Promise<Open | undefined> {
  const sharp = await import('sharp').then(
    (module) => module.default,
    () => undefined,
  )
  return sharp && ((bytes, page, limitInputPixels) => sharp(bytes, { page, limitInputPixels }))
}

async function whole<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw damaged('picture', reason.split('\n', 1)[0]!.replace(/\.$/, ''), thrown)
  }
}
