/**
 * What it means when no answer comes at all: wrong host, nobody listening, certificates, a proxy, a broken connection.
 *
 * @module
 */

import { type ErrorKind, OutflowError } from '../model/errors.ts'

/** A failed try, and whether another one makes sense. */
export interface NetworkProblem {
  readonly error: OutflowError
  /** `settled`: this will not change by itself, so before the first answer of a site no further try is made. */
  readonly settled: boolean
}

interface Explanation {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: (host: string) => string
  readonly fix: (host: string) => string
  readonly settled?: boolean
}

const unknownCertificate: Explanation = {
  kind: 'config',
  code: 'http.certificate_unknown',
  message: (host) => `The certificate of ${host} is signed by an authority that this machine does not know.`,
  fix: () =>
    'Ask the site’s administrator for the certificate of your own authority (PEM) and name the file in `ca_file`.',
  settled: true,
}

const notTls: Explanation = {
  kind: 'config',
  code: 'http.not_tls',
  message: (host) => `${host} does not speak https on this port.`,
  fix: () => 'Check the port in `url`; if the site really has no https, write `http://`.',
  settled: true,
}

const broken: Explanation = {
  kind: 'transient',
  code: 'http.connection_broken',
  message: (host) => `The connection to ${host} broke before the answer was complete.`,
  fix: () =>
    'Run again. If it happens at once and every time, check that `url` says https where the site does, and the proxy.',
}

/** By the code of the underlying error. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: {
    kind: 'config',
    code: 'http.host_unknown',
    message: (host) => `${host} does not exist: its name is unknown.`,
    fix: () =>
      'Check the spelling of `url`, and that this machine can see the network the site is in (VPN, DNS).',
    settled: true,
  },
  EAI_AGAIN: {
    kind: 'transient',
    code: 'http.name_lookup_failed',
    message: (host) => `${host} could not be looked up: the name server does not answer.`,
    fix: () => 'Check this machine’s network and DNS, then run again.',
  },
  ECONNREFUSED: {
    kind: 'transient',
    code: 'http.connection_refused',
    message: (host) => `${host} refuses connections: nothing listens at this port.`,
    fix: () => 'Check host and port of `url`, and that the site is up.',
    settled: true,
  },
  EHOSTUNREACH: unreachable(),
  ENETUNREACH: unreachable(),
  ETIMEDOUT: unreachable(),
  UND_ERR_CONNECT_TIMEOUT: unreachable(),
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'config',
    code: 'http.certificate_other_host',
    message: (host) => `The certificate that ${host} shows belongs to another host.`,
    fix: () => 'Use the host name that the certificate is for in `url`.',
    settled: true,
  },
  CERT_HAS_EXPIRED: {
    kind: 'config',
    code: 'http.certificate_expired',
    message: (host) => `The certificate of ${host} has expired.`,
    fix: () => 'The site’s administrator has to renew it. Check this machine’s clock, too.',
    settled: true,
  },
  SELF_SIGNED_CERT_IN_CHAIN: unknownCertificate,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCertificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCertificate,
  UNABLE_TO_GET_ISSUER_CERT: unknownCertificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCertificate,
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
}

function unreachable(): Explanation {
  return {
    kind: 'transient',
    code: 'http.unreachable',
    message: (host) => `${host} cannot be reached from this machine.`,
    fix: () => 'Check the network (VPN, firewall, `proxy`), then run again.',
  }
}

/** Troubles of the first leg: with a proxy, they are the proxy's. */
const firstLeg: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * @param thrown Whatever the connection threw.
 * @param proxy Address of the proxy on the way, if there is one.
 */
export function networkProblem(thrown: unknown, url: URL, proxy?: string): NetworkProblem {
  const code = deepestCode(thrown)
  const explanation = isProxyRefusal(thrown) ? proxyRefusal : (explanations[code ?? ''] ?? broken)
  const atProxy = proxy !== undefined && firstLeg.has(code ?? '')
  const host = atProxy ? `the proxy ${new URL(proxy).host}` : url.host
  const message = sentence(explanation.message(host))
  const error = new OutflowError({
    kind: explanation.kind,
    code: explanation.code,
    message: code === undefined ? message : message.replace(/\.$/, ` (${code}).`),
    fix: atProxy ? 'Check host and port of `proxy`.' : explanation.fix(host),
    cause: thrown,
  })
  return { error, settled: explanation.settled ?? false }
}

const sentence = (text: string) => text.replace(/^the /, 'The ')

/** An answer that took longer than it may. */
export function timeoutError(url: URL, seconds: number): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'http.timeout',
    message: `${url.host} did not complete its answer to ${url.pathname} within ${seconds} s.`,
    fix: 'Run again when the site is less busy.',
  })
}

const proxyRefusal: Explanation = {
  kind: 'config',
  code: 'http.proxy_refused',
  message: (host) => `The proxy refuses to connect to ${host}.`,
  fix: () =>
    'Check `proxy`: its address, and user and password in it where it wants them (http://user:password@host:port).',
  settled: true,
}

/** undici says it in words alone. */
function isProxyRefusal(thrown: unknown): boolean {
  return chainOf(thrown).some((error) => /proxy response/i.test(error.message))
}

function deepestCode(thrown: unknown): string | undefined {
  return chainOf(thrown)
    .map((error) => ('code' in error && typeof error.code === 'string' ? error.code : undefined))
    .findLast((code) => code !== undefined)
}

/** An error, its causes, and the errors gathered in it (several addresses of one host). */
function chainOf(thrown: unknown): Error[] {
  if (!(thrown instanceof Error)) return []
  const gathered = thrown instanceof AggregateError ? thrown.errors : []
  return [thrown, ...gathered.flatMap(chainOf), ...chainOf(thrown.cause)]
}
