/**
 * What can be wrong with a PostgreSQL server, said to a person. The URL is never in it: it holds the password.
 *
 * @module
 */

import { type ErrorDetails, OutflowError } from '../model/errors.ts'
import { codeOf, messageOf, refused, slim } from './folder-problems.ts'

export function badUrl(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.database_url',
    message: 'DATABASE_URL is not the address of a PostgreSQL database.',
    fix: 'Write it like postgres://user:password@host:5432/database. Special characters in the password are written %40 for @ and so on.',
  })
}

export function oldServer(name: string, found: number, wanted: number): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.server_too_old',
    message: `${name} is on PostgreSQL ${found}; at least ${wanted} is needed.`,
    fix: 'Name a newer server in DATABASE_URL, or leave it out: the state is then kept in a folder.',
  })
}

export function otherEncoding(name: string, found: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.encoding',
    message: `${name} keeps text as ${found}, which cannot hold all of it.`,
    fix: 'Make a database with encoding UTF8 and name that one in DATABASE_URL.',
  })
}

/** What `pg` threw: an answer of the server, or trouble on the way to it. */
export function serverTrouble(name: string, thrown: unknown): OutflowError {
  if (thrown instanceof OutflowError) return thrown
  const explain = explanations[codeOf(thrown)] ?? (isAnswer(thrown) ? undefined : unreachable)
  if (!explain) return refused(name, thrown)
  return new OutflowError({ ...explain(name, messageOf(thrown)), cause: slim(thrown) })
}

type Explain = (name: string, said: string) => ErrorDetails

const unreachable: Explain = (name, said) => ({
  kind: 'transient',
  code: 'state.database_unreachable',
  message: `${name} cannot be reached, or the connection broke: ${said}.`,
  fix: 'Check host and port in DATABASE_URL, and that the server is up; then run again.',
})

const signInRejected: Explain = (name) => ({
  kind: 'credentials',
  code: 'state.sign_in_rejected',
  message: `${name} refuses the sign-in.`,
  fix: 'Check user and password in DATABASE_URL, and that pg_hba.conf lets this machine in.',
})

const noRight: Explain = (name, said) => ({
  kind: 'config',
  code: 'state.no_right',
  message: `${name} lets this user do too little: ${said}.`,
  fix: 'Let an administrator run: create schema outflow authorization THE_USER; create schema outflow_queue authorization THE_USER;',
})

const full: Explain = (name, said) => ({
  kind: 'config',
  code: 'state.disk_full',
  message: `No room is left for ${name.charAt(0).toLowerCase()}${name.slice(1)}: ${said}.`,
  fix: 'Free some space on the server and run again; everything recorded so far is kept.',
})

const readOnly: Explain = (name, said) => ({
  kind: 'config',
  code: 'state.not_writable',
  message: `${name} cannot be written to: ${said}.`,
  fix: 'Name the primary server in DATABASE_URL, not a standby.',
})

const taken: Explain = (name, said) => ({
  kind: 'transient',
  code: 'state.locked',
  message: `${name} is held by another process: ${said}.`,
  fix: 'Another Outflow is changing or filling its tables. Wait until it is done, or see in pg_locks who holds them; then run again.',
})

const unknown: Explain = (name, said) => ({
  kind: 'config',
  code: 'state.database_unknown',
  message: `${name} does not exist: ${said}.`,
  fix: 'Check host and database in DATABASE_URL; the database has to be made first (createdb).',
})

/** By Node's code or PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const explanations: Readonly<Record<string, Explain>> = {
  ENOTFOUND: unknown,
  '3D000': unknown,
  '28P01': signInRejected,
  '28000': signInRejected,
  '42501': noRight,
  '53100': full,
  '25006': readOnly,
  '55P03': taken,
  // Too many connections, a transaction in which we stood still, and a server that starts, stops or was told to drop us.
  '53300': unreachable,
  '25P03': unreachable,
  '57P01': unreachable,
  '57P02': unreachable,
  '57P03': unreachable,
}

/** PostgreSQL's codes have five characters; without one, the server said nothing. The queue refuses by assertions what it would not take. */
function isAnswer(thrown: unknown): boolean {
  return /^(?:[0-9A-Z]{5}|ERR_ASSERTION)$/.test(codeOf(thrown))
}
