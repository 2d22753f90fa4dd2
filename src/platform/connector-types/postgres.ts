/**
 * The API's destination type `postgres`.
 *
 * @module
 */

import { parseUrl } from '../../destinations/postgres/url.ts'
import type { FieldProblem } from '../../model/errors.ts'
import { loadPlugin } from '../../registry.ts'

import type { ConnectorType } from './connector-type.ts'

/** Whoever set the connector up signs in as whom they can name, never as this server could: by its files, its sockets, its user. */
export const postgres: ConnectorType = {
  name: 'postgres',
  role: 'destination',
  plugin: 'postgres',
  load: async () => (await loadPlugin('destination', 'postgres')).definition,
  closed: {
    ca_file:
      'files of the server are not read for a connector: whoever runs it can trust a certificate by NODE_EXTRA_CA_CERTS',
  },
  aims: ['host', 'port', 'url'],
  shown: { port: 5432, table_name: 'elements', batch_size: 100 },
  translate: (settings) => ({ settings }),
  problems({ url, host, password }) {
    if (typeof url === 'string') return problemsOfUrl(url)
    return [
      ...(password === undefined ? [{ field: 'password', message: noPassword }] : []),
      ...(typeof host === 'string' && isSocket(host) ? [{ field: 'host', message: noSocket }] : []),
    ]
  },
  calls: (settings) => [
    typeof settings.url === 'string'
      ? { field: 'url', host: partsOf(settings.url)?.host ?? '' }
      : { field: 'host', host: String(settings.host) },
  ],
}

const noPassword = 'missing: what this server itself could sign in with is not used'
const noSocket = 'sockets of the server’s machine are not open to connectors: name a host'

const isSocket = (host: string) => host.trim().startsWith('/')

function partsOf(url: string) {
  const parts = parseUrl(url)
  return typeof parts === 'string' ? undefined : parts
}

/** What cannot be read as one is for the plugin to refuse. */
function problemsOfUrl(url: string): readonly FieldProblem[] {
  const parts = partsOf(url.trim())
  if (parts === undefined) return []
  const messages = [
    ...(parts.password === undefined ? [`has no password: ${noPassword}`] : []),
    ...(isSocket(parts.host) ? [noSocket] : []),
    ...(parts.caFile === undefined ? [] : [`sslrootcert: ${postgresFiles}`]),
  ]
  return messages.map((message) => ({ field: 'url', message }))
}

const postgresFiles = 'files of the server are not read for a connector'
