/**
 * Files to elements, for programs: `partition` for one, `openPartitioner` for many.
 *
 * @module
 */

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseSettings } from '../kit/define.ts'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { findTools } from './find-tools.ts'
import { fileOptions, type PartitionInput, type PartitionSettings, settings } from './options.ts'
import { tooMuch } from './problems.ts'
import { createThreads } from './threads.ts'

/** A file: its bytes, its path, or a stream of its bytes. */
export type FileSource = Uint8Array | string | AsyncIterable<Uint8Array>

export interface PartitionCall {
  /** For metadata and ids, and where content does not tell the type. Default: the name in the path. */
  readonly filename?: string
  /** What its sender says it is. */
  readonly mediaType?: string
  /** Its web address; base of relative links. */
  readonly url?: string
  /** Opens a PDF that is encrypted with it. */
  readonly password?: string
  readonly signal?: AbortSignal
  /** Tells what of the file is not in the elements, such as a scanned page without OCR. */
  readonly lose?: (loss: Loss) => void
}

export interface FilePartitioner {
  /**
   * @throws {OutflowError} kind `content`: `file.unsupported`, `file.damaged`, `file.encrypted`, `file.too_much`, `ocr.unavailable`; kind `config`: `file.not_there`
   */
  partition(file: FileSource, call?: PartitionCall): Promise<readonly Element[]>
  /** Ends its threads. */
  close(): Promise<void>
}

/**
 * Turns one file into elements, with ids, parents and languages, in a thread of its own.
 *
 * @example `const elements = await partition('report.docx', { strategy: 'fast' })`
 * @throws {OutflowError} kind `config` for options that cannot be used; otherwise as `FilePartitioner.partition`
 */
export async function partition(
  file: FileSource,
  options: PartitionInput = {},
  call: PartitionCall = {},
): Promise<readonly Element[]> {
  const partitioner = openPartitioner({ ...options, threads: 1 })
  try {
    return await partitioner.partition(file, call)
  } finally {
    await partitioner.close()
  }
}

/** Threads that read many files; they start with the first one. @throws {OutflowError} kind `config`, code `settings.invalid` */
export function openPartitioner(options: PartitionInput = {}): FilePartitioner {
  return createPartitioner(parseSettings('step', { name: 'auto', settings, flags: false }, options))
}

/** The same, with settings that have been looked at. */
export function createPartitioner(given: PartitionSettings): FilePartitioner {
  const options = fileOptions(given)
  const { tessdata, libreoffice: soffice, threads: count } = given
  const tools = findTools({ ...(tessdata && { tessdata }), ...(soffice && { soffice }) })
  const threads = createThreads({
    ...(count !== undefined && { threads: count }),
    seconds: given.seconds_per_document,
    megabytes: given.memory_per_document,
  })
  return {
    async partition(source, call = {}) {
      const { signal = new AbortController().signal, lose, url, password, ...named } = call
      const place =
        typeof source === 'string' ? await placeOf(source) : { bytes: await bytesOf(source, given) }
      const file = { ...(typeof source === 'string' && { filename: basename(source) }), ...named, ...place }
      const own = { ...(url && { url }), ...(password && { password }) }
      const request = { file, options: { ...options, ...own }, tools }
      const { elements, losses } = await threads.read(request, signal)
      for (const loss of losses) lose?.(loss)
      return elements
    },
    close: () => threads.close(),
  }
}

/** @throws {OutflowError} kind `config`, code `file.not_there`; what is no file, such as a pipe, might never end */
async function placeOf(path: string): Promise<{ readonly path: string }> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile()) return { path }
  throw new OutflowError({
    kind: 'config',
    code: 'file.not_there',
    message: stats ? `"${path}" is no file.` : `There is no file "${path}", or it cannot be read.`,
    fix: 'Correct the path, or give the bytes or a stream of them.',
  })
}

/** A stream is held in memory, so it ends where reading it would have to be given up anyway. */
async function bytesOf(
  source: Exclude<FileSource, string>,
  { memory_per_document: megabytes }: PartitionSettings,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source
  if (!(Symbol.asyncIterator in Object(source)))
    throw new TypeError('The file has to be bytes, a path, or a stream of bytes.')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of source) {
    size += part.byteLength
    if (size > megabytes * 1_000_000) throw tooMuch('file', `more than ${megabytes} MB`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
