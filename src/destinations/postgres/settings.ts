/**
 * The settings of the PostgreSQL destination: names and defaults of Unstructured's connector first, then our own.
 *
 * @module
 */

import { z } from 'zod'
import { setting } from '../../kit/define.ts'
import { parseUrl, sslModes } from './url.ts'

/** Empty text, as forms and the environment send it, counts as not given. */
const text = () =>
  z
    .string()
    .nullish()
    .transform((given) => given?.trim() || undefined)

/** PostgreSQL cuts longer names in silence. */
const longestName = 63
/** Ends the name of the table that has one row a document. */
export const documentsSuffix = '_documents'
const longestTableName = longestName - documentsSuffix.length

const name = (most: number) =>
  z
    .string()
    .min(1)
    .refine((given) => Buffer.byteLength(given) <= most, `longer than ${most} bytes`)

export const settings = z
  .strictObject({
    host: setting(text(), {
      description: 'Host of the server, or the folder of its socket (/var/run/postgresql).',
      env: 'OUTFLOW_POSTGRES_HOST',
      example: 'db.acme.com',
    }),
    port: setting(z.int().min(1).max(65_535).default(5432), {
      description: 'Port of the server.',
      env: 'OUTFLOW_POSTGRES_PORT',
    }),
    database: setting(text(), {
      description: 'Name of the database.',
      env: 'OUTFLOW_POSTGRES_DATABASE',
      example: 'wiki',
    }),
    username: setting(text(), {
      description: 'The role to sign in as.',
      env: 'OUTFLOW_POSTGRES_USERNAME',
      example: 'outflow',
    }),
    password: setting(text(), {
      description: 'Its password. When left out, ~/.pgpass counts.',
      secret: true,
      env: 'OUTFLOW_POSTGRES_PASSWORD',
    }),
    url: setting(text(), {
      description:
        'In place of host, port, database, username and password: postgres://user:password@host/database?sslmode=require.',
      secret: true,
      env: 'OUTFLOW_POSTGRES_URL',
    }),
    table_name: setting(name(longestTableName).default('elements'), {
      description: `Table of the elements; made when it is missing. Beside it stands a table of the documents, its name with ${documentsSuffix}.`,
      env: 'OUTFLOW_POSTGRES_TABLE_NAME',
    }),
    batch_size: setting(z.int().min(1).max(10_000).default(100), {
      description: 'Rows sent in one statement, at most.',
      env: 'OUTFLOW_POSTGRES_BATCH_SIZE',
    }),
    schema: setting(name(longestName).default('public'), {
      description: 'Schema of the tables; made when it is missing.',
      env: 'OUTFLOW_POSTGRES_SCHEMA',
    }),
    sslmode: setting(z.enum(sslModes).optional(), {
      description:
        'TLS: never (disable), where the server offers it (prefer, when neither this nor the URL says anything), always, but with any certificate (require), always, and with a certificate for this host (verify-full).',
      env: 'OUTFLOW_POSTGRES_SSLMODE',
    }),
    ca_file: setting(text(), {
      description:
        'File (PEM) with the certificate of the authority that verify-full trusts in place of the usual ones.',
      env: 'OUTFLOW_POSTGRES_CA_FILE',
      advanced: true,
    }),
    connections: setting(z.int().min(1).max(64).default(4), {
      description: 'Connections to the server at the same time, at most.',
      env: 'OUTFLOW_POSTGRES_CONNECTIONS',
      advanced: true,
    }),
  })
  .superRefine((given, context) => {
    for (const [path, message] of addressProblems(given)) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })

export type PostgresSettings = z.output<typeof settings>

type Given = Pick<PostgresSettings, 'url' | 'host' | 'database' | 'username' | 'password'>

function addressProblems({ url, ...parts }: Given): readonly (readonly [keyof Given, string])[] {
  const named = (['host', 'database', 'username', 'password'] as const).filter(
    (part) => parts[part] !== undefined,
  )
  if (url !== undefined) {
    if (named.length > 0) return [['url', `give url or ${named.join(', ')}, not both`]]
    const parsed = parseUrl(url)
    return typeof parsed === 'string' ? [['url', parsed]] : []
  }
  return (['host', 'database', 'username'] as const)
    .filter((part) => parts[part] === undefined)
    .map((part) => [part, 'missing'])
}
