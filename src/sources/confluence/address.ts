/**
 * Whatever a person pastes from the browser's address line: a site, a space or a page, on Cloud or Data Center.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'

export interface Address {
  /** Scheme, host, port and context path, no slash at the end: `https://acme.atlassian.net/wiki`, `https://wiki.acme.com/confluence`. */
  readonly baseUrl: string
  /** Certain for Atlassian's own domains; undefined means that the site has to be asked. */
  readonly deployment?: 'cloud'
  /** From an address of the API gateway; then `baseUrl` is the gateway's. */
  readonly cloudId?: string
  readonly spaceKey?: string
  readonly pageId?: string
  /** Where the address names a page by title: always together with `spaceKey`. */
  readonly title?: string
}

type Place = Pick<Address, 'spaceKey' | 'pageId' | 'title'>

/** Where Confluence's own paths begin; what stands before is the context path. */
const ownPath =
  /\/(?:(?:spaces|display|pages|x|rest|rpc|plugins|download|labels|label|people|users|admin|dosearchsite|s|login|logout|home|collector|questions|api\/v2)(?:\/|$)|[^/]*\.action$)/i

const cloudHost = /\.(?:atlassian\.net|atlassian-us-gov-mod\.net|jira-dev\.com)$/i
const gatewayPath = /^\/ex\/confluence\/([^/]+)/i

/**
 * @throws {OutflowError} `config` for what is no web address, or one with a password in it.
 */
export function parseAddress(text: string): Address {
  const url = toUrl(text.trim())
  const gateway = gatewayPath.exec(url.pathname)
  if (gateway) {
    const place = placeOf(
      url.pathname.slice(gateway[0].length).replace(/^\/wiki(?=\/|$)/, ''),
      url.searchParams,
    )
    const baseUrl = `${url.origin}${gateway[0]}/wiki`
    return { baseUrl, deployment: 'cloud', cloudId: gateway[1]!, ...place }
  }
  if (cloudHost.test(url.hostname)) {
    const place = placeOf(url.pathname.replace(/^\/wiki(?=\/|$)/, ''), url.searchParams)
    return { baseUrl: `${url.origin}/wiki`, deployment: 'cloud', ...place }
  }
  const start = ownPath.exec(url.pathname)?.index ?? url.pathname.length
  const contextPath = url.pathname.slice(0, start).replace(/\/+$/, '')
  return { baseUrl: url.origin + contextPath, ...placeOf(url.pathname.slice(start), url.searchParams) }
}

function toUrl(text: string): URL {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || !URL.canParse(withScheme)) throw notAnAddress(text)
  const url = new URL(withScheme)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notAnAddress(text)
  if (url.username === '' && url.password === '') return url
  throw new OutflowError({
    kind: 'config',
    code: 'confluence.url.credentials',
    message: `The address of ${url.host} holds a user name or password.`,
    fix: 'Take them out of `url` and give them as `username` and `password`, `api_token` or `token`.',
  })
}

function notAnAddress(text: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.invalid',
    message: text === '' ? 'No address of a Confluence site was given.' : `"${text}" is not a web address.`,
    fix: 'Copy the address from the browser while Confluence is open: https://acme.atlassian.net/wiki or https://wiki.acme.com.',
  })
}

/** The forms of page and space addresses, tried in order; `path` begins after the context path. */
const forms: readonly (readonly [form: RegExp, place: (parts: readonly string[]) => Place])[] = [
  [
    /^\/spaces\/([^/]+)\/(?:pages|blog|folder|whiteboard|database|embed)(?:\/\d{4}\/\d\d\/\d\d|\/[a-z][\w-]*)?\/(\d+)(?:\/.*)?$/,
    inSpace,
  ],
  [/^\/display\/([^/]+)\/\d{4}\/\d\d\/\d\d\/([^/]+)\/?$/, titled],
  [/^\/display\/([^/]+)\/([^/]+)\/?$/, titled],
  [/^\/display\/([^/]+)\/?$/, ([spaceKey]) => ({ spaceKey: spaceKey! })],
  [/^\/spaces\/([^/.]+)(?:\/.*)?$/, ([spaceKey]) => ({ spaceKey: spaceKey! })],
  [/^\/x\/([\w-]+)\/?$/, ([code]) => ({ pageId: idOfTinyLink(code!) })],
  [
    /^(?:\/rest\/api\/content|\/api\/v2\/(?:pages|blogposts|folders))\/(\d+)/,
    ([pageId]) => ({ pageId: pageId! }),
  ],
]

function placeOf(path: string, query: URLSearchParams): Place {
  const pageId = query.get('pageId')
  if (pageId !== null && /^\d+$/.test(pageId)) return { pageId }
  const spaceKey = query.get('spaceKey') ?? query.get('key')
  if (spaceKey) return { spaceKey, ...(query.get('title') ? { title: query.get('title')! } : {}) }
  for (const [form, place] of forms) {
    const parts = form.exec(path)
    if (parts) return place(parts.slice(1).map(decoded))
  }
  return {}
}

function inSpace([spaceKey, pageId]: readonly string[]): Place {
  return { spaceKey: spaceKey!, pageId: pageId! }
}

function titled([spaceKey, title]: readonly string[]): Place {
  return { spaceKey: spaceKey!, title: title! }
}

/** In paths Confluence writes spaces as plus signs and everything else percent-encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}

/** A tiny link is the page's id: little-endian bytes in base64, `/` and `+` spelled `-` and `_`, without trailing `A`s. */
function idOfTinyLink(code: string): string {
  const base64 = code.replaceAll('-', '/').replaceAll('_', '+').padEnd(11, 'A')
  return Buffer.from(base64, 'base64').readBigUInt64LE().toString()
}
