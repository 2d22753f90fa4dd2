/**
 * One file to elements, at once, through the steps that jobs use.
 *
 * @module
 */

import { availableParallelism } from 'node:os'
import { encodingNamed } from '../kit/encodings.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { loadPlugin } from '../registry.ts'
import { createLimiter } from '../util/limiter.ts'
import type { FilePartition } from './platform.ts'
import { uploadedDocument } from './uploads.ts'
import { openSteps } from './workflow.ts'

/** Reads files, so many at a time as there are cores; the others wait. */
export function createFilePartition(): (
  request: FilePartition,
  signal: AbortSignal,
) => Promise<readonly Element[]> {
  const limiter = createLimiter(availableParallelism())
  return (request, signal) => limiter.run(signal, () => partitionFile(request, signal))
}

/**
 * Elements with the file's own name; nothing about where it came from or who may read it, since nobody knows.
 *
 * @throws {OutflowError} `content`: codes `file.…`, `html.too_deep`; `config`: `settings.invalid`, code `partition.encoding_unknown`
 */
async function partitionFile(
  { file, encoding, settings, chunking }: FilePartition,
  signal: AbortSignal,
): Promise<readonly Element[]> {
  if (encoding !== undefined && encodingNamed(encoding) === undefined) throw unknownEncoding(encoding)
  const { filename, mediaType, content: bytes } = file
  const document = uploadedDocument({ job: '', fileId: filename, filename, mediaType, createdAt: new Date() })
  const auto = await loadPlugin('step', 'auto')
  const partitioner = auto({ ...settings, threads: 1, ...(encoding !== undefined && { encoding }) })
  const [chunker] = chunking ? await openSteps([{ type: chunking.strategy, ...chunking.settings }], {}) : []
  try {
    const content = { mediaType, bytes: bytes.length, body: { bytes } }
    const elements = await partitioner.partition(content, document, { signal })
    return chunker?.role === 'chunk' ? await chunker.apply(elements, document, { signal }) : elements
  } finally {
    await partitioner.close?.()
  }
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
