/**
 * The ways to sign in: which credential goes to which host, and what a site makes of it.
 *
 * @module
 */

import type { HttpClient } from '../../kit/http.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Account } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { type Ground, isLoopback } from './ground.ts'

/** One way to try. */
export interface Way {
  readonly origin: string
  /** In front of `/rest/api` and `/api/v2`. */
  readonly apiPath: string
  readonly authorization: string
  /** For people: `API token of bot@acme.com at acme.atlassian.net`. */
  readonly name: string
}

type SignInSettings = Pick<
  ConfluenceSettings,
  'username' | 'password' | 'api_token' | 'token' | 'gateway_url'
>

/**
 * All ways that make sense, the likeliest first.
 *
 * An API token of Cloud may have scopes; such a token is refused by the site itself and taken by the gateway, with the same user name.
 *
 * @throws {OutflowError} `config` for a credential that this kind of site does not know
 */
export function waysIn(settings: SignInSettings, ground: Ground): readonly Way[] {
  return ground.deployment === 'cloud' ? cloudWays(settings, ground) : dataCenterWays(settings, ground)
}

function cloudWays(settings: SignInSettings, ground: Ground): readonly Way[] {
  const { username = '', api_token, token } = settings
  if (settings.password !== undefined) throw passwordOnCloud()
  const gateway = gatewayOf(settings, ground)
  if (token !== undefined) {
    if (gateway === undefined) throw cloudIdUnknown(ground.baseUrl)
    return [
      { ...gateway, authorization: `Bearer ${token}`, name: `OAuth access token at ${hostOf(gateway)}` },
    ]
  }
  const authorization = basic(username, api_token ?? '')
  const named = (place: Pick<Way, 'origin' | 'apiPath'>): Way => ({
    ...place,
    authorization,
    name: `API token of ${username} at ${hostOf(place)}`,
  })
  const site = ground.isGateway ? [] : [named(placeOf(ground.baseUrl))]
  return gateway === undefined ? site : [...site, named(gateway)]
}

function dataCenterWays(settings: SignInSettings, { baseUrl, assumed }: Ground): readonly Way[] {
  const { username = '', password = '', api_token, token } = settings
  if (api_token !== undefined) throw assumed ? unknownSite(baseUrl) : apiTokenOnDataCenter()
  const place = placeOf(baseUrl)
  if (token !== undefined)
    return [{ ...place, authorization: `Bearer ${token}`, name: `personal access token at ${hostOf(place)}` }]
  return [
    {
      ...place,
      authorization: basic(username, password),
      name: `password of ${username} at ${hostOf(place)}`,
    },
  ]
}

/** Undefined when the site's id is not known, or when a site on this machine would be looked for on the internet. */
function gatewayOf(
  { gateway_url }: SignInSettings,
  { baseUrl, cloudId, isGateway }: Ground,
): Pick<Way, 'origin' | 'apiPath'> | undefined {
  if (isGateway) return placeOf(baseUrl)
  if (cloudId === undefined) return undefined
  const gateway = new URL(gateway_url)
  if (isLoopback(new URL(baseUrl).hostname) && !isLoopback(gateway.hostname)) return undefined
  return { origin: gateway.origin, apiPath: `/ex/confluence/${encodeURIComponent(cloudId)}/wiki` }
}

function placeOf(baseUrl: string): Pick<Way, 'origin' | 'apiPath'> {
  const { origin, pathname } = new URL(baseUrl)
  return { origin, apiPath: pathname.replace(/\/$/, '') }
}

const hostOf = ({ origin }: Pick<Way, 'origin'>) => new URL(origin).host

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

interface WireUser {
  readonly type?: string
  readonly accountId?: string
  readonly userKey?: string
  readonly displayName?: string
  readonly publicName?: string
}

/**
 * Asks who we are: the one question whose answer tells a wrong credential from an anonymous visitor.
 *
 * @throws {OutflowError} `credentials` when the site refuses, or takes us for anonymous; `permission` when the account may not use
 * Confluence; `config` when there is no Confluence at this path
 */
export async function whoAmI(http: HttpClient, way: Way, signal: AbortSignal): Promise<Account> {
  const path = `${way.apiPath}/rest/api/user/current`
  const { status, body } = await http.json<WireUser | undefined>({ path, signal, accept: [404] })
  if (status === 404) throw notConfluence(way)
  const id = body?.accountId ?? body?.userKey
  if (id === undefined || id === '' || body?.type === 'anonymous') throw takenForAnonymous(way)
  return { id, name: body?.displayName ?? body?.publicName ?? id }
}

export function takenForAnonymous(way: Way): OutflowError {
  return new OutflowError({
    kind: 'credentials',
    code: 'confluence.sign_in.anonymous',
    message: `The site took no notice of the ${way.name} and answered as to an anonymous visitor.`,
    fix: 'Check the credential. Personal access tokens exist since Data Center 7.9; below, use user name and password.',
  })
}

function notConfluence({ origin, apiPath }: Way): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.not_confluence',
    message: `There is no Confluence at ${origin}${apiPath}.`,
    fix: 'Open any page of the wiki in a browser and give its whole address as `url`.',
  })
}

function unknownSite(baseUrl: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.unknown_site',
    message: `${baseUrl} answers, but neither as Confluence Cloud nor as Data Center.`,
    fix: 'Open any page of the wiki in a browser and give its whole address as `url`. Where a sign-in page stands in front of a Cloud site, set `cloud` to true, and `cloud_id`.',
  })
}

function passwordOnCloud(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.sign_in.password_on_cloud',
    message: 'This is a Cloud site, and Cloud takes no passwords.',
    fix: 'Make an API token at id.atlassian.com (Security, API tokens) and give it as `api_token`.',
  })
}

function apiTokenOnDataCenter(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.sign_in.api_token_on_data_center',
    message: 'This is a Data Center site, and API tokens exist on Cloud alone.',
    fix: 'Make a personal access token in your Confluence profile and give it as `token`, without `username`.',
  })
}

function cloudIdUnknown(baseUrl: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.sign_in.cloud_id_unknown',
    message: `An OAuth token goes through the gateway, and that needs the cloud id of ${baseUrl}, which the site did not tell.`,
    fix: 'Set `cloud_id`; a site administrator finds it in the address of admin.atlassian.com.',
  })
}
