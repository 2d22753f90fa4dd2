/**
 * Forms with files, read into the body of the request before it is validated: fields as text, files under one name.
 *
 * @module
 */

import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { asOutflowError, OutflowError } from '../model/errors.ts'
import type { Upload } from '../platform/platform.ts'
import { tooLarge } from './errors.ts'

interface Limits {
  readonly files: number
  /** Of one file. */
  readonly bytes: number
  /** The name under which files go into the body; whatever the parts were called. */
  readonly name: string
}

const fieldBytes = 1024 * 1024

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`

/**
 * For `preValidation`: reads a multipart form; leaves any other body as it is.
 *
 * @throws {OutflowError} `config`, codes `request.too_large`, `upload.too_many`, `request.form_unreadable`
 */
export function readForm(limits: Limits) {
  return async (request: FastifyRequest): Promise<void> => {
    if (!request.isMultipart()) return
    try {
      request.body = await formOf(request, limits)
    } catch (error) {
      throw formProblem(error, limits)
    }
  }
}

async function formOf(request: FastifyRequest, { files: most, bytes, name }: Limits) {
  const fields = new Map<string, string[]>()
  const uploads: Upload[] = []
  const limits = { files: most, fileSize: bytes, fieldSize: fieldBytes, fields: 200 }
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') uploads.push(await uploadOf(part))
    else if (part.valueTruncated) throw tooLarge('1 MB a field')
    else put(fields, part.fieldname, part.value)
  }
  const single = ([field, values]: [string, string[]]) => [field, values.length === 1 ? values[0] : values]
  const body = Object.fromEntries([...fields].map(single))
  return uploads.length > 0 ? { ...body, [name]: uploads } : body
}

/** A list is sent as several fields of one name, with `[]` behind it or without. */
function put(fields: Map<string, string[]>, field: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const name = field.replace(/\[\]$/, '')
  fields.set(name, [...(fields.get(name) ?? []), text])
}

const uploadOf = async (part: MultipartFile): Promise<Upload> => ({
  content: await part.toBuffer(),
  filename: part.filename || 'file',
  mediaType: part.mimetype,
})

function formProblem(thrown: unknown, { files, bytes }: Limits): OutflowError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(`${inMegabytes(bytes)} a file`)
  if (code === 'FST_FILES_LIMIT') return tooMany(files)
  if (code === 'FST_PARTS_LIMIT' || code === 'FST_FIELDS_LIMIT') return tooLarge('200 fields')
  if (thrown instanceof OutflowError) return asOutflowError(thrown)
  return new OutflowError({
    kind: 'config',
    code: 'request.form_unreadable',
    message: `The form cannot be read: ${thrown instanceof Error ? thrown.message : 'unknown reason'}.`,
    fix: 'Send multipart/form-data with its boundary, to the end.',
    cause: thrown,
  })
}

const tooMany = (files: number) =>
  new OutflowError({
    kind: 'config',
    code: 'upload.too_many',
    message: `More than ${files} ${files === 1 ? 'file' : 'files'} in one request.`,
    fix: 'Send the others in another request.',
  })
