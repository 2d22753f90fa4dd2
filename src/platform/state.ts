/**
 * Where runs remember what they delivered: a PostgreSQL database, or a state folder with a database of its own.
 *
 * @module
 */

import { dirname, join, resolve } from 'node:path'
import type { CallContext } from '../model/call.ts'
import type { Destination } from '../model/contracts.ts'
import type { Memory } from '../pipeline/books.ts'
import { openStore, type Store } from '../store/index.ts'
import type { Environment } from './settings.ts'

export interface StateChoice {
  /** The state folder; default: `.outflow` beside the folder that the destination writes to, else in the working directory. */
  readonly stateDir?: string | undefined
  /** `DATABASE_URL` is used unless a folder is named. */
  readonly environment: Environment
}

/** @throws {OutflowError} kind `config`, codes `state.…`: it cannot be opened, or another process is using it */
export async function openState(
  { stateDir, environment }: StateChoice,
  folder: string | undefined,
  context: CallContext,
): Promise<Store> {
  const databaseUrl = environment.DATABASE_URL
  if (stateDir === undefined && databaseUrl) return openStore({ databaseUrl }, context)
  const beside = folder === undefined ? process.cwd() : dirname(folder)
  return openStore({ stateDir: resolve(stateDir ?? join(beside, '.outflow')) }, context)
}

/** What goes to one place is one workflow, wherever it comes from: a document's id names its site. */
export function memoryOf({ ledger }: Store, { identity, name }: Destination): Memory {
  return { ledger, workflow: identity ?? name }
}
