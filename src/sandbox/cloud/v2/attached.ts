/**
 * What hangs on pages and blog posts: attachments, comments, labels, versions.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { notFound } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'
import type { WorldNode } from '../../world.ts'
import { bodiesOf, operationsOf, visible } from './content.ts'
import { cut, sendById, sendList, windowOf } from './lists.ts'
import { orderBy, select } from './nodes.ts'
import { attachmentShape, commentShape, labelShape, versionShape } from './shapes.ts'

interface ById {
  readonly Params: { readonly id: string }
}

const holders = [
  { path: 'pages', type: 'page' },
  { path: 'blogposts', type: 'blogpost' },
] as const

const bodyFormats = ['storage', 'atlas_doc_format'] as const

export function addAttached(app: FastifyInstance, context: SandboxContext): void {
  for (const { path, type } of holders) {
    addAttachmentsOf(app, context, { path, type })
    addCommentsOf(app, context, { path, type, location: 'footer' })
    addCommentsOf(app, context, { path, type, location: 'inline' })
    addDetails(app, context, { path, types: [type] })
  }
  addDetails(app, context, { path: 'attachments', types: ['attachment'] })
  addAttachments(app, context)
  addComments(app, context, 'footer')
  addComments(app, context, 'inline')
}

interface Holder {
  readonly path: string
  readonly type: WorldNode['type']
}

const attachmentWindow = (query: Query) => windowOf(query, 50)

function attachmentFilter(query: Query): (node: WorldNode) => boolean {
  const asked = query.list('status')
  const statuses = asked.length === 0 ? ['current', 'archived'] : asked
  const [mediaType, filename] = [query.text('mediaType'), query.text('filename')]
  return (node) =>
    statuses.includes(node.status) &&
    (mediaType === undefined || node.attachment?.mediaType === mediaType) &&
    (filename === undefined || node.title === filename)
}

function addAttachmentsOf(app: FastifyInstance, context: SandboxContext, { path, type }: Holder): void {
  const { world } = context
  app.get<ById>(`/${path}/:id/attachments`, (request, reply) => {
    const query = queryOf(request)
    const { id } = visible(world, request.viewer, request.params.id, [type])
    const attachments = world.attached(id, 'attachment').filter(attachmentFilter(query))
    const { items, next } = cut(attachments, orderBy(query.text('sort')), attachmentWindow(query))
    return sendList(
      context,
      { request, reply },
      { items: items.map((node) => attachmentShape(world, node)), next },
    )
  })
}

function addAttachments(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  app.get('/attachments', (request, reply) => {
    const query = queryOf(request)
    const matches = attachmentFilter(query)
    const { items, next } = select({
      lists: world.spaces.map(({ id }) => world.list(id, 'attachment')),
      keep: (node) => matches(node) && request.viewer.may('read', node),
      sort: query.text('sort'),
      window: attachmentWindow(query),
    })
    return sendList(
      context,
      { request, reply },
      { items: items.map((node) => attachmentShape(world, node)), next },
    )
  })
  app.get<ById>('/attachments/:id', (request) =>
    attachmentShape(world, visible(world, request.viewer, request.params.id, ['attachment'])),
  )
}

/** The comments that start a thread; replies are children of theirs. */
function addCommentsOf(
  app: FastifyInstance,
  context: SandboxContext,
  { path, type, location }: Holder & { readonly location: 'footer' | 'inline' },
): void {
  const { world } = context
  app.get<ById>(`/${path}/:id/${location}-comments`, (request, reply) => {
    const query = queryOf(request)
    const { id } = visible(world, request.viewer, request.params.id, [type])
    const resolutions = query.list('resolution-status')
    const asked = query.list('status')
    const statuses = asked.length === 0 ? ['current'] : asked
    const roots = world
      .attached(id, 'comment')
      .filter(
        (node) =>
          node.comment!.location === location &&
          node.parentId === undefined &&
          statuses.includes(node.status) &&
          (resolutions.length === 0 || resolutions.includes(node.comment!.resolution)),
      )
    const { items, next } = cut(roots, orderBy(query.text('sort')), windowOf(query))
    const format = query.choice('body-format', bodyFormats)
    const shaped = items.map((node) =>
      commentShape(world, node, bodiesOf({ context, viewer: request.viewer }, node, format)),
    )
    return sendList(context, { request, reply }, { items: shaped, next })
  })
}

function addComments(app: FastifyInstance, context: SandboxContext, location: 'footer' | 'inline'): void {
  const { world } = context

  app.get(`/${location}-comments`, (request, reply) => {
    const query = queryOf(request)
    const { items, next } = select({
      lists: world.spaces.map(({ id }) => world.list(id, 'comment')),
      keep: (node) =>
        node.comment!.location === location && node.status === 'current' && request.viewer.may('read', node),
      sort: query.text('sort'),
      window: windowOf(query),
    })
    const format = query.choice('body-format', bodyFormats)
    const shaped = items.map((node) =>
      commentShape(world, node, bodiesOf({ context, viewer: request.viewer }, node, format)),
    )
    return sendList(context, { request, reply }, { items: shaped, next })
  })

  app.get<ById>(`/${location}-comments/:id`, (request) => {
    const node = visible(world, request.viewer, request.params.id, ['comment'])
    if (node.comment!.location !== location) throw notFound()
    const format = queryOf(request).choice('body-format', [...bodyFormats, 'view', 'export_view'])
    return commentShape(world, node, bodiesOf({ context, viewer: request.viewer }, node, format))
  })

  app.get<ById>(`/${location}-comments/:id/children`, (request, reply) => {
    const query = queryOf(request)
    const node = visible(world, request.viewer, request.params.id, ['comment'])
    const replies = world
      .attached(node.containerId!, 'comment')
      .filter(({ parentId, status }) => parentId === node.id && status === 'current')
    const { items, next } = cut(replies, orderBy(query.text('sort')), windowOf(query))
    const format = query.choice('body-format', bodyFormats)
    const shaped = items.map((each) =>
      commentShape(world, each, bodiesOf({ context, viewer: request.viewer }, each, format)),
    )
    return sendList(context, { request, reply }, { items: shaped, next })
  })
}

/** In version lists the version names what it is a version of. */
function versionEntry(node: WorldNode) {
  const { ncsStepVersion: _, ...version } = versionShape(node.version)
  return { ...version, [node.type]: { id: node.id, title: node.title } }
}

/** Labels, versions and permitted operations of one page, post or attachment. */
function addDetails(
  app: FastifyInstance,
  context: SandboxContext,
  { path, types }: { readonly path: string; readonly types: readonly WorldNode['type'][] },
): void {
  const { world } = context

  app.get<ById>(`/${path}/:id/labels`, (request, reply) => {
    const node = visible(world, request.viewer, request.params.id, types)
    const prefix = queryOf(request).text('prefix')
    const labels = prefix === undefined || prefix === 'global' ? node.labels.map(labelShape) : []
    return sendById(context, { request, reply }, labels)
  })

  app.get<ById>(`/${path}/:id/versions`, (request, reply) => {
    const node = visible(world, request.viewer, request.params.id, types)
    return sendList(context, { request, reply }, { items: [versionEntry(node)] })
  })

  app.get<ById>(`/${path}/:id/operations`, (request) => ({
    operations: operationsOf(request.viewer, visible(world, request.viewer, request.params.id, types)),
  }))
}
