/**
 * Files that somebody sends to a job: how many, how large, and what they are called from then on.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { OutflowError } from '../model/errors.ts'
import type { Records } from '../store/records.ts'
import { mediaTypeOf } from './media-types.ts'
import type { Upload } from './platform.ts'

/** Files in one job. */
export const mostUploads = 10

/** Bytes of one file. */
export const mostUploadBytes = 10 * 1024 * 1024

const longestName = 255

/**
 * Keeps files with a job, under ids of their own.
 *
 * @param records of the transaction that makes the job
 * @throws {OutflowError} `config`: codes `upload.too_many`, `upload.too_large`, `upload.name_invalid`
 */
export async function keepUploads(records: Records, job: string, uploads: readonly Upload[]): Promise<void> {
  for (const upload of checked(uploads))
    await records.jobFiles.put({
      job,
      role: 'input',
      fileId: fileIdOf(upload.filename),
      nodeId: '',
      filename: upload.filename,
      mediaType: typeWithCharset(upload),
      content: upload.content,
    })
}

/** What the sender says of the encoding stays with the file. */
function typeWithCharset(upload: Upload): string {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(upload.mediaType)?.[1]
  return charset === undefined ? mediaTypeOf(upload) : `${mediaTypeOf(upload)}; charset=${charset}`
}

function checked(uploads: readonly Upload[]): readonly Upload[] {
  if (uploads.length > mostUploads)
    throw refused(
      'upload.too_many',
      'input_files',
      `${uploads.length} files were sent; a job takes ${mostUploads}.`,
      'Send them in several jobs.',
    )
  return uploads.map((upload, index) => {
    const field = `input_files.${index}`
    const filename = nameWithoutFolders(upload.filename)
    if (filename === undefined)
      throw refused(
        'upload.name_invalid',
        field,
        `The file ${index + 1} has no name that can be used.`,
        `Give it a name of up to ${longestName} characters, without control characters.`,
      )
    if (upload.content.length > mostUploadBytes)
      throw refused(
        'upload.too_large',
        field,
        `The file "${filename}" has ${upload.content.length} bytes; a job takes files of up to ${mostUploadBytes}.`,
        'Make it smaller, or put it where a source can read it.',
      )
    return { ...upload, filename }
  })
}

/** Senders may name folders of their own; they are nobody's business here. */
function nameWithoutFolders(given: string): string | undefined {
  const name = given.split(/[/\\]/).at(-1)!.trim()
  const usable = name !== '' && !/^\.+$/.test(name) && !/\p{Cc}/u.test(name) && name.length <= longestName
  return usable ? name : undefined
}

/** Characters of the name that stay in an id. */
const stemLength = 100

/** `{name without dots}-{8 hex digits}.{ending}`, safe in addresses and as a file's name. */
function fileIdOf(filename: string): string {
  const [, stem = filename, ending = ''] = /^(.+)\.([A-Za-z0-9]{1,16})$/.exec(filename) ?? []
  const safe = stem
    .normalize('NFC')
    .toWellFormed()
    .replaceAll('.', '')
    .replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, '_')
  // No half of a surrogate pair stays at the cut.
  const short = safe.slice(0, stemLength).toWellFormed().replaceAll('\ufffd', '')
  return `${short || 'file'}-${randomBytes(4).toString('hex')}${ending === '' ? '' : `.${ending}`}`
}

function refused(code: string, field: string, message: string, fix: string): OutflowError {
  return new OutflowError({ kind: 'config', code, message, fix, fields: [{ field, message }] })
}
