/**
 * Why a file cannot be read, in words that every format shares.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'

/** @param what the format, as people call it: `Word document` */
export const damaged = (what: string, reason: string, cause?: unknown): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'file.damaged',
    message: `The ${what} cannot be read: ${reason}.`,
    fix: 'Open it in its own program. If it opens there, save it again and replace the file; please report it then.',
    cause,
  })

export const encrypted = (what: string): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'file.encrypted',
    message: `The ${what} is encrypted, so nobody can read it without its password.`,
    fix: 'Attach a copy without a password.',
  })

/** @param limit what was crossed, with its figure: `more than 10,000 entries` */
export const tooMuch = (what: string, limit: string): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'file.too_much',
    message: `The ${what} is left unread, because it holds ${limit}.`,
    fix: 'Files made to exhaust their reader look like this. If it is a real one, split it.',
  })

/** The document counts as unsupported, not as failed. @param reason a whole sentence */
export const unsupported = (reason: string, fix?: string): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'file.unsupported',
    message: reason,
    ...(fix === undefined ? {} : { fix }),
  })

/** There is nothing in it but pictures of text. @param what the format, as people call it: `PDF` */
export const ocrUnavailable = (what: string): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'ocr.unavailable',
    message: `The ${what} holds pictures of text only, and text in pictures is not being read.`,
    fix: 'Set OUTFLOW_TESSDATA to a folder with eng.traineddata (Debian: package tesseract-ocr-eng), and leave the strategy at auto.',
  })
