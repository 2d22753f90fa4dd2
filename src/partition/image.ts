/**
 * Reads pictures: one Image element, and the text that is seen in them where text recognition is set up.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { anyPictureType } from '../kit/picture-type.ts'
import type { Element, ElementMetadata } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { coordinatesOf } from './coordinates.ts'
import type { FileInput, FileOptions, ReadContext, ReadFile } from './file.ts'
import { measurePicture, paintPage } from './image/raster.ts'
import { svgText } from './image/svg.ts'
import { ocrElements, recogniseText } from './ocr.ts'
import { unsupported } from './problems.ts'

/**
 * An Image element, with `image_base64` where it is asked for and, in enhanced mode, `image_width` and `image_height`; then what text is
 * seen in the picture, page by page. A drawing (SVG) is never painted, since the text in it is text.
 *
 * @throws {OutflowError} codes `file.unsupported`, `file.damaged`, `file.too_much`, `ocr.language_missing`
 */
export const readImage: ReadFile = async (file, options, context) => {
  const type = await typeOf(file)
  if (type === undefined) throw unsupported('The picture is of no type that is known.')
  const metadata = metadataOf(file, type, options)
  if (type === 'image/svg+xml') return [imageOf(svgText(file.bytes), metadata)]
  const size = await measurePicture(file.bytes, type)
  if (size && options.mode === 'enhanced')
    Object.assign(metadata, { image_width: size.width, image_height: size.height })
  const image = imageOf('', metadata)
  const texts = size && (await readPages(file, size.pages, options, context))
  if (texts) return [image, ...texts]
  context.lose({ code: 'image_without_ocr', name: file.filename ?? type })
  return [image]
}

const imageOf = (text: string, metadata: ElementMetadata): Element => ({
  type: 'Image',
  element_id: '',
  text,
  metadata,
})

async function typeOf({ bytes, mediaType }: FileInput): Promise<string | undefined> {
  return (await anyPictureType(bytes)) ?? (mediaType?.startsWith('image/') ? mediaType : undefined)
}

function metadataOf({ bytes }: FileInput, type: string, { imageData }: FileOptions): ElementMetadata {
  const metadata: ElementMetadata = { filetype: type, image_mime_type: type }
  if (imageData)
    metadata.image_base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return metadata
}

/** Undefined when text recognition is not set up, or not wanted. */
async function readPages(
  { bytes }: FileInput,
  pages: number,
  { strategy, ocrLanguages: languages, startingPageNumber, coordinates }: FileOptions,
  { tessdata, signal }: ReadContext,
): Promise<Element[] | undefined> {
  if (tessdata === undefined || strategy === 'fast') return undefined
  const elements: Element[] = []
  try {
    for (let page = 0; page < pages; page += 1) {
      const painted = await paintPage(bytes, page)
      const lines = await recogniseText(painted, { tessdata, languages, signal })
      const texts = ocrElements(lines, (box) => ({
        page_number: startingPageNumber + page,
        ...(coordinates && { coordinates: coordinatesOf(box, painted) }),
      }))
      elements.push(...texts)
    }
    return elements
  } catch (thrown) {
    // The optional package is not there, as if nothing had been set up.
    if (thrown instanceof OutflowError && thrown.code === 'ocr.unavailable') return undefined
    throw thrown
  }
}
