/**
 * Where the server is and how to sign in to it, out of the settings.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { OutflowError } from '../../model/errors.ts'
import type { PostgresSettings } from './settings.ts'
import { parseUrl, type SslMode, type UrlParts } from './url.ts'

export interface Address extends Omit<UrlParts, 'sslmode'> {
  readonly sslmode: SslMode
}

/** Settings win over what the URL says. They have been validated: one of the two forms is there, whole. */
export function addressOf(settings: PostgresSettings): Address {
  const { sslmode, caFile, ...parts } = partsOf(settings)
  const trusted = settings.ca_file ?? caFile
  return {
    ...parts,
    sslmode: settings.sslmode ?? sslmode ?? 'prefer',
    ...(trusted !== undefined && { caFile: trusted }),
  }
}

function partsOf({
  url = '',
  host = '',
  port,
  database = '',
  username = '',
  password,
}: PostgresSettings): UrlParts {
  const parsed = parseUrl(url)
  if (typeof parsed === 'object') return parsed
  return { host, port, database, username, ...(password !== undefined && { password }) }
}

/** `postgres://host:port/database`: names it to people and in the ledger; no user, no password. */
export function placeOf({ host, port, database }: Address): string {
  return `postgres://${host.toLowerCase()}:${port}/${database}`
}

/** What the driver is told of TLS. A socket on this machine needs none. @throws {OutflowError} `config`: the file is no use */
export async function tlsOf({ host, sslmode, caFile }: Address): Promise<ConnectionOptions | false> {
  if (sslmode === 'disable' || host.startsWith('/')) return false
  if (sslmode !== 'verify-full') return { rejectUnauthorized: false }
  return caFile === undefined ? {} : { ca: await certificates(caFile) }
}

async function certificates(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(path, 'cannot be read', cause)
  })
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unusable(path, 'holds no certificate in PEM form')
  return text
}

function unusable(path: string, why: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'postgres.ca_file_unusable',
    message: `The file ${path} ${why}.`,
    fix: 'Give the certificate of the authority that signed the server’s, in PEM form.',
    cause,
  })
}
