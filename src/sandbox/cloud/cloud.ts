/**
 * Confluence Cloud: the site, and the gateway through which scoped tokens reach the same API.
 *
 * @module
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SandboxContext } from '../context.ts'
import { Problem } from '../problem.ts'
import { addSignIn, type SignInRules } from '../sign-in.ts'
import type { World } from '../world.ts'
import { answerUnknown, refuseUnknown, shapeErrors, v1Error, v2Error } from './errors.ts'
import { addConversion } from './v1/convert.ts'
import { addDownload, addLegacyDownload } from './v1/download.ts'
import { addGroups, addUsers } from './v1/people.ts'
import { addRemoved } from './v1/removed.ts'
import { addPermissionCheck, addRestrictions } from './v1/restrictions.ts'
import { addSearch } from './v1/search.ts'
import { addUserSearch } from './v1/user-search.ts'
import { addAttachments } from './v2/attachments.ts'
import { addComments } from './v2/comments.ts'
import { addContent } from './v2/content.ts'
import { addDetails } from './v2/details.ts'
import { addLabels } from './v2/labels.ts'
import { addRoles, addSpaces } from './v2/spaces.ts'
import { addTree } from './v2/tree.ts'
import { addUsers as addUsersByIds } from './v2/users.ts'

/** The site itself: API tokens with an e-mail address, or nobody at all. */
export function registerCloud(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  answerUnknown(app)
  app.get('/_edge/tenant_info', () => ({ cloudId: world.cloudId }))
  app.register(apiWith(context, siteRules(context)), { prefix: context.contextPath })
}

/** The gateway: scoped and OAuth tokens only, each site under its cloud id. */
export function registerGateway(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  const rules = gatewayRules(world)
  shapeErrors(app, gatewayError)
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      timestamp: new Date().toISOString(),
      status: 404,
      error: 'Not Found',
      message: 'No message available',
      path: request.url,
    }),
  )
  app.register(async (resources) => {
    addSignIn(resources, context, rules)
    resources.get('/oauth/token/accessible-resources', () => [
      {
        id: world.cloudId,
        url: context.origin,
        name: world.name,
        scopes: ['read:confluence-content.all', 'read:confluence-space.summary', 'search:confluence'],
        avatarUrl: '',
      },
    ])
  })
  app.register(apiWith(context, rules), {
    prefix: `/ex/confluence/${world.cloudId}${context.contextPath}`,
  })
}

const gatewayError = ({ status, message }: Problem) => ({ code: status, message })

/** The whole API, under whatever prefix and for whatever credentials it is registered. */
function apiWith(context: SandboxContext, rules: SignInRules) {
  return async (app: FastifyInstance) => {
    addSignIn(app, context, rules)
    shapeErrors(app, v1Error)
    addLegacyDownload(app, context)
    app.register(async (v1) => addV1(v1, context), { prefix: '/rest/api' })
    app.register(async (v2) => addV2(v2, context), { prefix: '/api/v2' })
  }
}

function addV1(app: FastifyInstance, context: SandboxContext): void {
  refuseUnknown(app)
  addSearch(app, context)
  addUserSearch(app, context)
  addRestrictions(app, context)
  addPermissionCheck(app, context)
  addDownload(app, context)
  addGroups(app, context)
  addUsers(app, context)
  addConversion(app, context)
  addRemoved(app)
}

function addV2(app: FastifyInstance, context: SandboxContext): void {
  shapeErrors(app, v2Error)
  refuseUnknown(app)
  addSpaces(app, context)
  addRoles(app, context)
  addContent(app, context)
  addTree(app, context)
  addAttachments(app, context)
  addComments(app, context)
  addDetails(app, context)
  addLabels(app, context)
  addUsersByIds(app, context)
}

function siteRules({ world, origin, contextPath }: SandboxContext): SignInRules {
  const realm = encodeURIComponent(`${origin}${contextPath}`)
  return {
    get anonymous() {
      return world.anonymousAccess
    },
    user: (credentials) => {
      if (credentials.type !== 'basic') return undefined
      return world.users.find(
        ({ email, apiToken }) => email === credentials.name && apiToken === credentials.secret,
      )
    },
    refusal: (request) =>
      request.headers.authorization === undefined
        ? new Problem(403, 'FORBIDDEN', 'Current user not permitted to use Confluence')
        : new Problem(401, 'UNAUTHORIZED', 'Unauthorized', { 'www-authenticate': `OAuth realm="${realm}"` }),
  }
}

function gatewayRules(world: World): SignInRules {
  return {
    anonymous: false,
    user: (credentials) => {
      if (credentials.type === 'bearer')
        return world.users.find(({ personalAccessToken }) => personalAccessToken === credentials.token)
      if (credentials.type !== 'basic') return undefined
      return world.users.find(
        ({ email, personalAccessToken }) =>
          email === credentials.name && personalAccessToken === credentials.secret,
      )
    },
    refusal: (_request: FastifyRequest) => new Problem(401, 'UNAUTHORIZED', 'Unauthorized'),
  }
}
