/**
 * A state in a file, to take it somewhere else: from a folder to a server, back, or to an Outflow that brings another PostgreSQL. The file is
 * ours, and does not depend on where it comes from.
 *
 * Secrets stay sealed in it; the key that opens them is in none of the tables. Tasks of the queues are left out: what is to be done next
 * follows from the state of jobs and from the schedules of workflows.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Database } from './database.ts'
import { type Exported, exportState } from './transfer/export.ts'
import { type Imported, type ImportOptions, importState } from './transfer/import.ts'

export interface Transfer {
  /**
   * Writes everything to a file, as it is at one moment.
   *
   * @throws {OutflowError} `config`, code `state.export_not_written`
   */
  exportTo(file: string, context: CallContext): Promise<Exported>
  /**
   * Takes in what an export holds, all of it or nothing. Only into an empty state, unless what is there may be given up.
   *
   * @throws {OutflowError} `config`: `state.not_empty`, `state.export_unreadable`, `state.export_unknown`, `state.export_damaged`,
   *   `state.export_newer`
   */
  importFrom(file: string, options: ImportOptions): Promise<Imported>
}

export function createTransfer(database: Database): Transfer {
  return {
    exportTo: (file, context) => exportState(database, file, context),
    importFrom: (file, options) => importState(database, file, options),
  }
}
