/**
 * What a server says of itself, what it grants to anybody, its converter, its files, and the sandbox's own question about access.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { viewerOf } from '../access.ts'
import { uuidOf } from '../principals.ts'
import { badRequest, found, notFound } from '../problem.ts'
import { queryOf } from '../query.ts'
import { sendFile, versionOf } from '../send-file.ts'
import { convertBody } from './bodies.ts'
import { forbidden, noContent } from './problem.ts'
import { contentById, type DataCenterSite, visit } from './site.ts'

export function addServer(app: FastifyInstance, site: DataCenterSite): void {
  addIdentity(app, site)
  addGlobalPermissions(app, site)
  addConversion(app, site)
  addDownloads(app, site)
  addPermissionCheck(app, site)
}

/** A number that grows with the version, as build numbers do: 10.0.3 is 10003. */
function buildNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1000 + minor * 100 + patch
}

function addIdentity(app: FastifyInstance, { base, version, world, capabilities }: DataCenterSite): void {
  app.get('/rest/applinks/1.0/manifest', (_request, reply) =>
    reply
      .type('application/xml')
      .send(
        [
          '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><manifest>',
          `<id>${uuidOf(`server/${world.name}`)}</id><name>Confluence</name><typeId>confluence</typeId>`,
          `<version>${version}</version><buildNumber>${buildNumber(version)}</buildNumber>`,
          '<applinksVersion>9.0.0</applinksVersion><publicSignup>false</publicSignup>',
          `<url>${base}</url></manifest>`,
        ].join(''),
      ),
  )
  if (!capabilities.serverInformation) return
  app.get('/rest/api/server-information', (request) => {
    if (request.viewer.user === undefined) throw forbidden('Only signed-in users may see this.')
    const build = buildNumber(version)
    return {
      baseUrl: base,
      version,
      buildNumber: build,
      marketplaceBuildNumber: build,
      buildDate: '2025-01-15T00:00:00.000Z',
    }
  })
}

/** What the site grants to visitors who are not signed in: its use, or nothing. */
function addGlobalPermissions(app: FastifyInstance, site: DataCenterSite): void {
  if (!site.capabilities.globalPermissions) return
  app.get('/rest/api/permissions/anonymous', (request) => {
    const { viewer, world } = visit(site, request)
    if (!viewer.isAdmin) throw forbidden('Only Confluence administrators may see global permissions.')
    const use = { targetType: 'application', operationKey: 'use' }
    return world.anonymousAccess
      ? [{ operation: use, subject: { type: 'anonymous', displayName: 'Anonymous' } }]
      : []
  })
}

function addConversion(app: FastifyInstance, site: DataCenterSite): void {
  app.post<{ Params: { to: string } }>('/rest/api/contentbody/convert/:to', (request) => {
    const visitor = visit(site, request)
    const { to } = request.params
    const { value, representation, content } = (request.body ?? {}) as BodyToConvert
    const node = content === undefined ? {} : { node: contentById(visitor, `${content.id}`) }
    const converted = convertBody(visitor, { to, value, representation, ...node })
    return { value: converted, representation: to, _expandable: { content: '' } }
  })
}

interface BodyToConvert {
  readonly value?: unknown
  readonly representation?: unknown
  readonly content?: { readonly id: string | number }
}

function addDownloads(app: FastifyInstance, site: DataCenterSite): void {
  app.get<{ Params: { id: string; name: string } }>('/download/attachments/:id/:name', (request, reply) => {
    const visitor = visit(site, request)
    const { id } = contentById(visitor, request.params.id)
    const file = visitor.world
      .attached(id, 'attachment')
      .find(({ title, status }) => title === request.params.name && status === 'current')
    const node = found(file, 'Page Not Found')
    const version = found(versionOf(node, queryOf(request).text('version')), 'Page Not Found')
    return sendFile(request, reply, node, version)
  })
}

/** For tests: what the access rules say about anybody. Not part of any Confluence. */
function addPermissionCheck(app: FastifyInstance, { world }: DataCenterSite): void {
  const operations = ['read', 'update', 'delete'] as const
  app.post('/_sandbox/permission-check', (request) => {
    const asked = (request.body ?? {}) as { user?: string; contentId?: string; operation?: string }
    const user = world.users.find(({ userKey }) => userKey === asked.user)
    if (user === undefined && asked.user !== 'anonymous') throw notFound(`No user with key ${asked.user}`)
    const operation = operations.find((one) => one === asked.operation)
    if (operation === undefined) throw badRequest(`operation is one of ${operations.join(', ')}`)
    const node = world.node(String(asked.contentId).replace(/^att/, ''))
    if (node === undefined) throw noContent(String(asked.contentId))
    return { hasPermission: viewerOf(world, user).may(operation, node) }
  })
}
