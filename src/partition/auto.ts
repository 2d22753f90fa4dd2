/**
 * The partitioner of everything: pages that a source rendered, and files of every format that `formats.ts` lists.
 *
 * @module
 */

import { defineStep } from '../kit/define.ts'
import type { ContentBody } from '../model/content.ts'
import type { Partitioner } from '../model/contracts.ts'
import { partitionHtml } from './html.ts'
import { fileOptions, type PartitionSettings, settings } from './options.ts'
import { createPartitioner, type FileSource } from './partition.ts'

/** `auto({strategy, …})`. Its threads start with the first file, and end with `close`. */
export default defineStep({
  name: 'auto',
  title: 'Every format',
  settings,
  flags: 'partition',
  create: createStep,
})

function createStep(given: PartitionSettings): Partitioner {
  const files = createPartitioner(given)
  const pages = {
    ...fileOptions(given),
    extractImageBlockTypes: given.extract_image_block_types,
    extractImageBlockToPayload: given.extract_image_block_to_payload,
  }
  return {
    role: 'partition',
    name: 'auto',
    // What a file is, only its bytes tell; one that cannot be read says so by `file.unsupported`.
    accepts: () => true,
    async partition({ body, mediaType }, { filename, url }, { signal, lose }) {
      const place = { filename, ...(url !== '' && { url }) }
      // Rendered by the source from what it parsed itself, call by call: there is nothing that a thread could be given.
      if ('markup' in body) return partitionHtml(body, { ...pages, ...place })
      return files.partition(sourceOf(body), { ...place, mediaType, signal, ...(lose && { lose }) })
    },
    close: () => files.close(),
  }
}

function sourceOf(body: Exclude<ContentBody, { readonly markup: unknown }>): FileSource {
  if ('file' in body) return body.file
  return 'bytes' in body ? body.bytes : new TextEncoder().encode(body.text)
}
