/**
 * What can be wrong with an export, said to a person.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import { messageOf, slim } from '../folder-problems.ts'

export function unwritable(file: string, cause: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.export_not_written',
    message: `The export ${file} could not be written: ${messageOf(cause)}.`,
    fix: 'Name a file in a folder that exists, that this user may write to and that has room. What was there before is untouched.',
    cause,
  })
}

export function unreadable(file: string, cause: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.export_unreadable',
    message: `The export ${file} cannot be read: ${messageOf(cause)}.`,
    fix: 'Check the path, and that this user may read it.',
    cause,
  })
}

export function noExport(file: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.export_unknown',
    message: `The file ${file} is no export of Outflow's.`,
    fix: 'Name a file that "outflow db export" has written, as it wrote it.',
  })
}

/** @param line counted from 1, after unpacking */
export function damagedExport(
  file: string,
  line: number | string,
  why: string,
  cause?: unknown,
): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.export_damaged',
    message: `The export ${file} is damaged at line ${line}: ${why}.`,
    fix: 'Copy it here again, or export again. Nothing was changed.',
    ...(cause !== undefined && { cause: slim(cause) }),
  })
}

/** @param what this program does not know */
export function newerExport(file: string, what: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'state.export_newer',
    message: `The export ${file} was written by a newer Outflow (${what}).`,
    fix: 'Import it with that newer Outflow. Nothing was changed.',
  })
}

/** @param name of the state @param found how many rows which tables hold */
export function notEmpty(name: string, found: ReadonlyMap<string, number>): OutflowError {
  const tables = [...found].map(([table, rows]) => `${table} ${rows}`).join(', ')
  return new OutflowError({
    kind: 'config',
    code: 'state.not_empty',
    message: `${name} is not empty: it has rows in ${tables}.`,
    fix: 'Name another state, or say --replace: what is there is then given up for what the export holds.',
  })
}
