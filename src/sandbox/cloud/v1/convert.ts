/**
 * Asynchronous conversion of bodies, one or many at a time. The work is done at once; as with the real thing, the result is
 * fetched by a second request and kept for five minutes.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { badRequest, Problem } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import { viewOf } from '../../view/view.ts'
import type { World, WorldNode } from '../../world.ts'
import { noContent } from './restrictions.ts'

const targets = ['view', 'export_view', 'styled_view']
const keptFor = 5 * 60_000
const mostConversions = 10
const mostResults = 50

interface Conversion {
  readonly to?: string
  readonly value?: string
  readonly representation?: string
  readonly contentIdContext?: string | undefined
  readonly spaceKeyContext?: string | undefined
}

interface BulkInput extends Omit<Conversion, 'value' | 'representation'> {
  readonly body?: Pick<Conversion, 'value' | 'representation'>
}

interface Converted {
  readonly value: string
  readonly representation: string
  readonly expires: number
}

export function addConversion(app: FastifyInstance, context: SandboxContext): void {
  const results = new Map<string, Converted>()

  const start = (conversion: Conversion, viewer: Viewer) => {
    const asyncId = randomUUID()
    for (const [id, { expires }] of results) if (expires < Date.now()) results.delete(id)
    results.set(asyncId, convert(context, conversion, viewer))
    return { asyncId }
  }

  const resultOf = (id: string) => {
    const converted = results.get(id)
    if (converted === undefined) return { error: `No conversion found with id ${id}`, status: 'FAILED' }
    const { value, representation } = converted
    return { value, representation, renderTaskId: id, status: 'COMPLETED', embeddedContent: [] }
  }

  app.post<{ Params: { to: string }; Body: Conversion | undefined }>(
    '/contentbody/convert/async/:to',
    (request) => {
      const query = queryOf(request)
      const [contentIdContext, spaceKeyContext] = [
        query.text('contentIdContext'),
        query.text('spaceKeyContext'),
      ]
      const conversion = { ...request.body, to: request.params.to, contentIdContext, spaceKeyContext }
      return start(conversion, request.viewer)
    },
  )

  app.get<{ Params: { id: string } }>('/contentbody/convert/async/:id', (request) =>
    resultOf(request.params.id),
  )

  app.post<{ Body: { conversionInputs?: readonly BulkInput[] } | undefined }>(
    '/contentbody/convert/async/bulk/tasks',
    (request) => {
      const inputs = request.body?.conversionInputs ?? []
      if (inputs.length === 0 || inputs.length > mostConversions)
        throw badRequest(
          `Between 1 and ${mostConversions} conversions can be asked for, not ${inputs.length}`,
        )
      return inputs.map((input) => start(bulkInput(input), request.viewer))
    },
  )

  app.get('/contentbody/convert/async/bulk/tasks', (request) => {
    const ids = queryOf(request).list('ids')
    if (ids.length > mostResults) throw badRequest(`At most ${mostResults} results can be asked for at once`)
    return ids.map(resultOf)
  })
}

/** In bulk, the body comes as an object of its own. */
const bulkInput = (input: BulkInput): Conversion => ({ ...input, ...input.body })

function convert(context: SandboxContext, conversion: Conversion, viewer: Viewer): Converted {
  const { to = '', value = '', representation = 'storage' } = conversion
  if (representation !== 'storage' || !targets.includes(to))
    throw badRequest(`The sandbox converts storage to ${targets.join(', ')}, not ${representation} to ${to}`)
  const node = surroundingsOf(context.world, conversion)
  if (conversion.contentIdContext !== undefined && !viewer.may('read', node)) throw noContent(node.id)
  const expires = Date.now() + keptFor
  return { value: viewOf({ context, viewer }, node, value), representation: to, expires }
}

/** The page in whose place the body is read: one in the named space, or nowhere, if none is named. */
function surroundingsOf(world: World, { contentIdContext, spaceKeyContext }: Conversion): WorldNode {
  if (contentIdContext !== undefined) {
    const node = world.node(contentIdContext)
    if (node === undefined)
      throw new Problem(500, 'INTERNAL_SERVER_ERROR', `There is no content ${contentIdContext}`)
    return node
  }
  const version = { number: 1, createdAt: new Date(), authorId: '', message: '', minorEdit: false }
  const unrestricted = { users: [], groups: [] }
  return {
    id: '0',
    type: 'page',
    spaceId: world.spaces.find(({ key }) => key === spaceKeyContext)?.id ?? '',
    title: '',
    status: 'current',
    position: 0,
    createdAt: version.createdAt,
    authorId: '',
    version,
    labels: [],
    readRestriction: unrestricted,
    updateRestriction: unrestricted,
  }
}
