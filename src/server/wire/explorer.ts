/**
 * Answers that a source gives directly, on the wire.
 *
 * @module
 */

import { z } from 'zod'
import { DocumentReference, Elements } from './documents.ts'
import { given } from './lenient.ts'
import { NodeInput, nodeFromWire } from './workflows.ts'

export const Places = z
  .array(
    z.object({
      id: z.string(),
      kind: z.enum(['space', 'page']),
      title: z.string(),
      url: z.string(),
      has_children: z.boolean(),
    }),
  )
  .meta({ id: 'Places' })

export const Identities = z
  .array(
    z.object({
      id: z.string(),
      kind: z.enum(['user', 'group']),
      name: z.string().optional().meta({ description: 'Missing where the id names nobody.' }),
      email: z.string().optional(),
    }),
  )
  .meta({ id: 'Identities' })

export const PreviewRequest = z
  .object({
    source_id: z.string(),
    address: z.string().min(1).meta({ description: 'Address or id of a page.' }),
    workflow_nodes: z.array(NodeInput).nullish(),
  })
  .meta({ id: 'PreviewRequest' })

export const Preview = z.object({ document: DocumentReference, elements: Elements }).meta({ id: 'Preview' })

export const previewRequestFromWire = (body: z.output<typeof PreviewRequest>) => ({
  sourceId: body.source_id,
  address: body.address,
  ...given({ nodes: body.workflow_nodes?.map(nodeFromWire) }),
})
