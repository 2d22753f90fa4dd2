/**
 * One file to elements, at once, through the partitioners that jobs use.
 *
 * @module
 */

import type { Partitioner } from '../model/contracts.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { loadPlugin } from '../registry.ts'
import { decode, encodingNamed } from '../kit/encodings.ts'
import { knownTypes, mediaTypeOf } from './media-types.ts'
import type { FilePartition } from './platform.ts'
import { uploadedDocument } from './uploads.ts'

/**
 * Elements with the file's own name; nothing about where it came from or who may read it, since nobody knows.
 *
 * @throws {OutflowError} `content`: codes `partition.unsupported` (no partitioner for this type), `html.too_deep`;
 *   `config`, code `partition.encoding_unknown`
 */
export async function partitionFile(
  { file, encoding }: FilePartition,
  signal: AbortSignal,
): Promise<readonly Element[]> {
  signal.throwIfAborted()
  if (encoding !== undefined && encodingNamed(encoding) === undefined) throw unknownEncoding(encoding)
  const partitioners = await openPartitioners()
  const mediaType = mediaTypeOf(file)
  const partitioner = partitioners.find((each) => each.accepts(mediaType))
  if (!partitioner) throw unsupported(file.filename, mediaType, partitioners)
  const text = decode(file.content, encoding, file.mediaType)
  const content = { mediaType, bytes: file.content.length, body: { text } }
  const { filename } = file
  const document = uploadedDocument({ job: '', fileId: filename, filename, mediaType, createdAt: new Date() })
  return partitioner.partition(content, document, { signal })
}

const openPartitioners = async (): Promise<readonly Partitioner[]> => [(await loadPlugin('step', 'html'))({})]

function unsupported(
  filename: string,
  mediaType: string,
  partitioners: readonly Partitioner[],
): OutflowError {
  const readable = [...knownTypes()].filter(([type]) => partitioners.some((each) => each.accepts(type)))
  const named = readable.map(([type, endings]) => `${type} (${endings.join(', ')})`)
  return new OutflowError({
    kind: 'content',
    code: 'partition.unsupported',
    message: `No partitioner takes ${mediaType}, the type of "${filename}". Those that work: ${named.join(', ')}.`,
    fix: 'Send one of those; where the type is not what the file is, say it with the file.',
  })
}

function unknownEncoding(encoding: string): OutflowError {
  const message = `There is no encoding called "${encoding.slice(0, 100)}".`
  return new OutflowError({
    kind: 'config',
    code: 'partition.encoding_unknown',
    message,
    fix: 'Use a name such as utf-8, latin-1 or shift_jis, or leave it out.',
    fields: [{ field: 'encoding', message }],
  })
}
