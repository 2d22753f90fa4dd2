/**
 * The partition endpoint of the reference: one file in, its elements out.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Element } from '../../model/element.ts'
import type { Routes } from '../context.ts'
import { goneSignal } from '../events-stream.ts'
import { readForm } from '../forms.ts'
import { elementsAsCsv } from '../wire/csv.ts'
import { Elements } from '../wire/documents.ts'
import { responses } from '../wire/errors.ts'
import { chunkingOf, PartitionFile, readingSettings } from '../wire/forms.ts'
import { given } from '../wire/lenient.ts'

/** Before it sends a long PDF in pieces, the reference's client asks for this page, without a key. */
const clientLooksFor = '/general/docs'

export const generalRoutes: Routes = (server, { platform }) => {
  server.get(clientLooksFor, {
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .send('<!doctype html><title>Outflow</title><a href="/docs">API</a>'),
  })

  server.post('/general/v0/general', {
    config: { scope: 'run' },
    preValidation: readForm({ files: 1, bytes: 100 * 1024 * 1024, name: 'files' }),
    schema: {
      tags: ['general'],
      operationId: 'partition',
      summary: 'One file to elements, at once; nothing is stored',
      consumes: ['multipart/form-data'],
      body: PartitionFile,
      response: responses(
        {
          200: {
            description: 'Elements',
            content: { 'application/json': { schema: Elements }, 'text/csv': { schema: z.string() } },
          },
        },
        413,
      ),
    },
    handler: async (request, reply) => {
      const form = request.body
      const [upload] = form.files
      const file = { ...upload!, ...(form.content_type && { mediaType: form.content_type }) }
      const made = await platform.partition(
        {
          file,
          settings: readingSettings(form),
          ...given({ encoding: form.encoding, chunking: chunkingOf(form) }),
        },
        goneSignal(reply),
      )
      const elements = form.unique_element_ids?.toLowerCase() === 'true' ? withUniqueIds(made) : made
      if (form.output_format === 'text/csv')
        return reply.type('text/csv; charset=utf-8').send(elementsAsCsv(elements))
      return reply.type('application/json').send(Buffer.from(JSON.stringify(elements)) as never)
    },
  })
}

/** Ids by chance, where equal text would have equal ids. */
function withUniqueIds(elements: readonly Element[]): readonly Element[] {
  const ids = new Map<string, string>()
  return elements.map(({ element_id, metadata, ...element }) => {
    const id = randomUUID()
    const parent = metadata.parent_id === undefined ? undefined : ids.get(metadata.parent_id)
    ids.set(element_id, id)
    return { ...element, element_id: id, metadata: { ...metadata, ...given({ parent_id: parent }) } }
  })
}
