/**
 * Where runs remember what they delivered: a PostgreSQL database, or a state folder with a database of its own.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CallContext } from '../model/call.ts'
import type { Destination } from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'
import type { Memory } from '../pipeline/books.ts'
import { openStore, type Store } from '../store/index.ts'
import type { Environment } from './settings.ts'

export interface StateChoice {
  /** The state folder; default: `.outflow` beside the folder that the destination writes to, else in the working directory. */
  readonly stateDir?: string | undefined
  /** `DATABASE_URL` is used unless a folder is named. */
  readonly environment: Environment
  /** For whoever finds the folder in use meanwhile. What a flag holds does not belong in it: it may be a secret. */
  readonly command: string
  /** Only looks at what is remembered: a folder that is not there is not made. Default false. */
  readonly existing?: boolean
}

/** The state folder, or `undefined` where the state is in a database server. */
export function stateFolder(
  { stateDir, environment }: Pick<StateChoice, 'stateDir' | 'environment'>,
  folder: string | undefined,
): string | undefined {
  if (stateDir === undefined && environment.DATABASE_URL) return undefined
  const beside = folder === undefined ? process.cwd() : dirname(folder)
  return resolve(stateDir ?? join(beside, '.outflow'))
}

/** @throws {OutflowError} kind `config`, codes `state.…`: it cannot be opened, or another process is using it */
export async function openState(
  { stateDir, environment, command, existing = false }: StateChoice,
  folder: string | undefined,
  { signal }: CallContext,
): Promise<Store> {
  const chosen = stateFolder({ stateDir, environment }, folder)
  if (chosen === undefined) return openStore({ databaseUrl: environment.DATABASE_URL! }, { signal, command })
  if (existing && !existsSync(chosen)) throw nothingRemembered(chosen)
  return openStore({ stateDir: chosen }, { signal, command })
}

function nothingRemembered(folder: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.none',
    message: `There is no state in ${folder}: no run has remembered anything there.`,
    fix: 'Name the output folder of the run with --output-dir, or its state folder with --state.',
  })
}

/**
 * What goes to one place is one workflow, wherever it comes from: a document's id names its site. Where several workflows go to one place,
 * each has a name, and remembers for itself: what is none of its own, it neither removes nor holds.
 */
export function memoryOf({ ledger }: Store, destination: Destination, name?: string): Memory {
  const place = destination.identity ?? destination.name
  return { ledger, workflow: name === undefined ? place : `${name} → ${place}` }
}
