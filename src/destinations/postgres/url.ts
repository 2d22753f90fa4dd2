/**
 * `postgres://user:password@host:port/database?sslmode=…`, as libpq reads it.
 *
 * @module
 */

export const sslModes = ['disable', 'prefer', 'require', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

export interface UrlParts {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string
  readonly password?: string
  readonly sslmode?: SslMode
  /** File with the certificates to trust. */
  readonly caFile?: string
  /** Start-up options of the session: `-c statement_timeout=60s`. */
  readonly options?: string
}

/** What of the query string means something here. The last two change nothing that we could answer for. */
const parameters: ReadonlySet<string> = new Set([
  'host',
  'sslmode',
  'sslrootcert',
  'options',
  'application_name',
  'channel_binding',
])

const defaultPort = 5432

/** @returns the parts, or what is wrong with it: a sentence that holds nothing of the URL but names of parameters */
export function parseUrl(url: string): UrlParts | string {
  if (!URL.canParse(url)) return 'not a URL; special characters of the password have to be percent-encoded'
  const { protocol, hostname, port, pathname, username, password, searchParams } = new URL(url)
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') return 'must begin with postgres://'
  const unknown = [...searchParams.keys()].find((name) => !parameters.has(name))
  if (unknown !== undefined)
    return `the parameter "${unknown}" is not known; known: ${[...parameters].join(', ')}`
  const sslmode = searchParams.get('sslmode') ?? undefined
  if (sslmode !== undefined && !isSslMode(sslmode)) return `sslmode is none of ${sslModes.join(', ')}`
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  const database = decodeURIComponent(pathname.slice(1))
  if (host === '') return 'names no host'
  if (database === '') return 'names no database'
  if (username === '') return 'names no user'
  const caFile = searchParams.get('sslrootcert')
  const options = searchParams.get('options')
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    database,
    username: decodeURIComponent(username),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(sslmode !== undefined && { sslmode }),
    ...(caFile !== null && { caFile }),
    ...(options !== null && { options }),
  }
}

const isSslMode = (word: string): word is SslMode => sslModes.some((mode) => mode === word)
