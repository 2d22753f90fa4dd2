/**
 * Settings of the partitioner, declared once: the reference's names and defaults first, then our own.
 *
 * @module
 */

import { z } from 'zod'
import { setting } from '../kit/define.ts'
import { encodingNamed } from '../kit/encodings.ts'
import type { FileOptions } from './file.ts'

const advanced = true

const isEncoding = (name: string): boolean => encodingNamed(name) !== undefined

export const settings = z.strictObject({
  mode: setting(z.enum(['enhanced', 'compat']).default('enhanced'), {
    description:
      'enhanced keeps everything a reader sees and its structure; compat follows the rules of Unstructured to the letter.',
  }),
  strategy: setting(z.enum(['auto', 'fast', 'hi_res', 'ocr_only']).default('auto'), {
    description:
      'How PDFs and pictures are read. fast: the text they hold; ocr_only: everything from its picture; auto: page by page, text where there is some; hi_res: as auto, since no layout model comes with Outflow.',
  }),
  languages: setting(z.array(z.string()).default(['auto']), {
    description: 'Languages of the documents as ISO 639-3 codes; auto detects them.',
    advanced,
  }),
  detect_language_per_element: setting(z.boolean().default(false), {
    description: 'Detect the language of each element rather than of the document.',
    advanced,
  }),
  ocr_languages: setting(z.array(z.string()).default(['eng']), {
    description: 'Languages that text in pictures may be in, by the names of Tesseract’s data.',
    example: 'eng,deu',
    advanced,
  }),
  skip_headers_and_footers: setting(z.boolean().default(false), {
    description: 'Leave page headers and footers out.',
  }),
  include_page_breaks: setting(z.boolean().default(false), {
    description: 'Put a PageBreak element where a page or slide ends.',
    advanced,
  }),
  coordinates: setting(z.boolean().default(false), {
    description: 'Say where on its page an element is, in formats that know it.',
    advanced,
  }),
  extract_image_block_types: setting(z.array(z.string()).default([]), {
    description: 'With Image here, pictures inside documents keep their bytes.',
    example: 'Image',
    advanced,
  }),
  extract_image_block_to_payload: setting(z.boolean().default(false), {
    description: 'Put the bytes of such pictures into metadata.image_base64.',
    advanced,
  }),
  encoding: setting(z.string().refine(isEncoding, 'no encoding is called so').optional(), {
    description: 'Character encoding of text files; detected when left out.',
    advanced,
  }),
  include_header: setting(z.boolean().default(false), {
    description: 'CSV and TSV: the first row is a heading and no data.',
    advanced,
  }),
  find_subtable: setting(z.boolean().default(true), {
    description: 'Spreadsheets: each block of cells is a table of its own, rather than each sheet.',
    advanced,
  }),
  xml_keep_tags: setting(z.boolean().default(false), {
    description: 'XML: keep the tags in the text.',
    advanced,
  }),
  include_slide_notes: setting(z.boolean().default(false), {
    description: 'Presentations: read the notes of the slides, too.',
    advanced,
  }),
  include_comments: setting(z.boolean().default(false), {
    description: 'Office documents: read the comments on text, cells and slides, too.',
    advanced,
  }),
  tracked_changes: setting(z.enum(['final', 'all']).default('final'), {
    description:
      'Office documents with tracked changes: final reads them as if accepted, all keeps deleted text as well.',
    advanced,
  }),
  process_attachments: setting(z.boolean().default(true), {
    description: 'E-mail: read attached files, too.',
    advanced,
  }),
  starting_page_number: setting(z.int().min(0).default(1), {
    description: 'Number of the first page.',
    advanced,
  }),
  tessdata: setting(z.string().optional(), {
    description:
      'Folder with Tesseract’s language data (eng.traineddata or eng.traineddata.gz), for text in pictures. Nothing is ever downloaded.',
    env: 'OUTFLOW_TESSDATA',
    advanced,
  }),
  libreoffice: setting(z.string().optional(), {
    description:
      'LibreOffice’s program (soffice), for DOC and PPT files, and XLS of before 1997. Looked for in the usual places when left out.',
    env: 'OUTFLOW_LIBREOFFICE',
    advanced,
  }),
  seconds_per_document: setting(z.number().positive().max(3600).default(300), {
    description: 'Seconds that one file may take before it is given up.',
    advanced,
    shapes: false,
  }),
  memory_per_document: setting(z.int().min(200).max(16_384).default(1024), {
    description: 'Megabytes that reading one file may take before it is given up.',
    advanced,
    shapes: false,
  }),
  threads: setting(z.int().min(1).max(64).optional(), {
    description: 'Files that are read at the same time. One less than the processor’s cores when left out.',
    advanced,
    shapes: false,
  }),
})

export type PartitionSettings = z.output<typeof settings>
/** As callers give them: all optional. */
export type PartitionInput = z.input<typeof settings>

/** What the format readers are given of the settings. */
export function fileOptions(given: PartitionSettings): FileOptions {
  return {
    mode: given.mode,
    strategy: given.strategy,
    languages: given.languages,
    detectLanguagePerElement: given.detect_language_per_element,
    ocrLanguages: given.ocr_languages,
    includePageBreaks: given.include_page_breaks,
    coordinates: given.coordinates,
    skipHeadersAndFooters: given.skip_headers_and_footers,
    imageData: given.extract_image_block_to_payload && given.extract_image_block_types.includes('Image'),
    ...(given.encoding !== undefined && { encoding: given.encoding }),
    includeHeader: given.include_header,
    findSubtable: given.find_subtable,
    xmlKeepTags: given.xml_keep_tags,
    includeSlideNotes: given.include_slide_notes,
    includeComments: given.include_comments,
    trackedChanges: given.tracked_changes,
    processAttachments: given.process_attachments,
    startingPageNumber: given.starting_page_number,
  }
}

/** All defaults. */
export const defaultFileOptions = (): FileOptions => fileOptions(settings.parse({}))
