/**
 * What the driver and the server throw, as errors that say what to do. PostgreSQL's codes: postgresql.org, appendix A.
 *
 * @module
 */

import { DatabaseError } from 'pg'
import { type ErrorDetails, OutflowError } from '../../model/errors.ts'

/**
 * An `OutflowError` for what went wrong; what came neither from the network nor from the server passes unchanged.
 *
 * @param place names the server without secrets
 */
export function problemOf(thrown: unknown, place: string): unknown {
  if (thrown instanceof OutflowError || !(thrown instanceof Error)) return thrown
  const details = thrown instanceof DatabaseError ? refusal(thrown, place) : trouble(thrown, place)
  return details === undefined ? thrown : new OutflowError({ ...details, cause: thrown })
}

/** The server hangs up on a request for TLS in these words of the driver; with `prefer` that is no problem. */
export const refusesTls = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.message === 'The server does not support SSL connections'

type Details = Omit<ErrorDetails, 'cause'>

const unreachable = (place: string, why: string): Details => ({
  kind: 'transient',
  code: 'postgres.unreachable',
  message: `${place} does not answer, or hung up (${why}).`,
  fix: 'See that the server runs, and that host and port are right; then run again.',
})

const gone: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])

/** What the driver says where the network gives no code. */
const hungUp = /^(Connection terminated|timeout expired|timeout exceeded|Client (has|was))/

function trouble(thrown: Error, place: string): Details | undefined {
  const code = 'code' in thrown ? String(thrown.code) : ''
  if (gone.has(code) || code === 'EAI_AGAIN') return unreachable(place, code)
  if (hungUp.test(thrown.message)) return unreachable(place, thrown.message)
  if (code === 'ENOTFOUND' || code === 'ENOENT')
    return {
      kind: 'config',
      code: 'postgres.no_such_host',
      message: `There is no host as in ${place} (${code}).`,
      fix: 'Correct host, or the URL.',
    }
  if (refusesTls(thrown))
    return tls(place, 'it offers no TLS', 'Set sslmode to disable, if the way to the server is safe.')
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(code))
    return tls(
      place,
      `its certificate is not trusted: ${code}`,
      'Name the certificate of its authority with ca_file, or set sslmode to require, which trusts any.',
    )
  return undefined
}

const tls = (place: string, why: string, fix: string): Details => ({
  kind: 'config',
  code: 'postgres.tls',
  message: `No TLS connection to ${place}: ${why}.`,
  fix,
})

/** By the whole code first, by its class (two characters) else. */
function refusal(error: DatabaseError, place: string): Details {
  const code = error.code ?? ''
  const details = refusals[code] ?? refusals[code.slice(0, 2)]
  return details?.(error, place) ?? notStored(error)
}

/** Texts of the wiki stand behind the colon of some messages, and in quotes; they are nobody's business but its readers'. */
const withoutValues = ({ message }: DatabaseError) => message.replace(/: ?".*$/s, '')

function notStored(error: DatabaseError): Details {
  const where = [error.table, error.column, error.constraint].filter((name) => name !== undefined).join('.')
  return {
    kind: 'content',
    code: 'postgres.not_stored',
    message: `The server refused the document: ${withoutValues(error)} (${[error.code, where].filter(Boolean).join(', ')}).`,
    fix: 'See which column of the table is too narrow for it.',
  }
}

const transient = (error: DatabaseError, place: string) => unreachable(place, withoutValues(error))

const signIn = (error: DatabaseError, place: string): Details => ({
  kind: 'credentials',
  code: 'postgres.sign_in',
  message: `${place} refuses the sign-in: ${withoutValues(error)}.`,
  fix: 'Correct username and password; what else decides stands in pg_hba.conf of the server.',
})

const changed = (error: DatabaseError, place: string): Details => ({
  kind: 'config',
  code: 'postgres.table_changed',
  message: `A table in ${place} is not as it was when the run began: ${error.message}.`,
  fix: 'Run again: missing tables are made anew, and the documents in them delivered again.',
})

const fitsNone = (error: DatabaseError): Details => ({
  kind: 'config',
  code: 'postgres.table_refuses',
  message: `The table refuses what every document has: ${withoutValues(error)}.`,
  fix: 'Drop the constraint, or give the column a default.',
})

const full = (_: DatabaseError, place: string): Details => ({
  kind: 'config',
  code: 'postgres.disk_full',
  message: `No room is left on the server of ${place}.`,
  fix: 'Make some room, and run again: what was delivered stays.',
})

const refusals: Readonly<Record<string, (error: DatabaseError, place: string) => Details>> = {
  '08': transient,
  '40': transient,
  '53': transient,
  '55': transient,
  '57': transient,
  '25P03': transient,
  '28': signIn,
  '53100': full,
  '23502': fitsNone,
  '3D': (_, place) => ({
    kind: 'config',
    code: 'postgres.no_such_database',
    message: `There is no database as in ${place}.`,
    fix: 'Make it with "create database", or correct its name.',
  }),
  '42501': (error, place) => ({
    kind: 'config',
    code: 'postgres.no_right',
    message: `This role may not write to ${place}: ${error.message}.`,
    fix: 'Let it own the tables, or grant it usage of the schema and select, insert, update and delete on both.',
  }),
  '25006': (_, place) => ({
    kind: 'config',
    code: 'postgres.read_only',
    message: `${place} takes no writes: a replica, or a session that only reads.`,
    fix: 'Name the primary server; see default_transaction_read_only of the role and the database.',
  }),
  '3F': changed,
  '42': changed,
  // Of pgvector; nothing else of ours raises this one.
  '22000': (error) => ({
    kind: 'config',
    code: 'postgres.dimensions',
    message: `The column embeddings is made for vectors of another length: ${error.message}.`,
    fix: 'After a change of the model: drop the column (it comes back by itself in a table that Outflow made) and run with --reprocess-all.',
  }),
}
