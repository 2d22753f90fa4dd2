/**
 * The bytes of a file as servers send them: whole, or from some byte on, named by a tag that says of what they are a part.
 *
 * @module
 */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WorldNode } from './world.ts'

interface FileVersion {
  readonly number: number
  readonly bytes: () => Uint8Array
}

/** A version of an attachment, by default the current one; `undefined` where there is none of that number. */
export function versionOf({ attachment, version }: WorldNode, asked?: string): FileVersion | undefined {
  const current = { number: version.number, bytes: attachment!.bytes }
  if (asked === undefined) return current
  return [current, ...(attachment!.previous ?? [])].find(({ number }) => String(number) === asked)
}

export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  node: WorldNode,
  { number, bytes }: FileVersion,
): FastifyReply {
  const all = Buffer.from(bytes())
  const tag = `"${node.id}-${number}"`
  const start = startAsked(request, tag)
  reply
    .header('content-type', node.attachment!.mediaType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(node.title)}`)
    .header('accept-ranges', 'bytes')
    .header('etag', tag)
  if (start === undefined) return reply.send(all)
  if (start >= all.length) return reply.code(416).header('content-range', `bytes */${all.length}`).send('')
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${all.length - 1}/${all.length}`)
    .send(all.subarray(start))
}

/** Of the forms that a range may have, the one that goes on with a download. */
function startAsked({ headers }: FastifyRequest, tag: string): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]
  const same = headers['if-range'] === undefined || headers['if-range'] === tag
  return start !== undefined && same ? Number(start) : undefined
}
