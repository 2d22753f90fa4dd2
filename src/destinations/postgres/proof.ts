/**
 * The proof that documents can be written: one is, twice, and taken back.
 *
 * @module
 */

import { DatabaseError } from 'pg'
import type { Document } from '../../model/document.ts'
import type { Element } from '../../model/element.ts'
import { OutflowError } from '../../model/errors.ts'
import { unknownPermissions } from '../../model/permissions.ts'
import type { Query } from './database.ts'
import { replaceDocument } from './statements.ts'
import type { Layout, Tables } from './tables.ts'

/** For nobody, should it ever be seen. */
const probe: Document = {
  id: 'outflow:probe',
  kind: 'page',
  title: 'Probe',
  url: 'https://example.com/probe',
  space: 'PROBE',
  place: { site: 'outflow:probe', objectId: '0', spaceId: '0', parentIds: [] },
  path: 'PROBE/0.html',
  filename: '0.html',
  mediaType: 'text/html',
  version: '1',
  ancestors: [],
  labels: [],
  recordLocator: { document_id: '0' },
  permissions: unknownPermissions('A probe.'),
}

const element: Element = {
  type: 'NarrativeText',
  element_id: '0'.repeat(32),
  text: 'Probe',
  metadata: {
    filename: probe.filename,
    filetype: probe.mediaType,
    languages: ['eng'],
    data_source: {
      url: probe.url,
      version: probe.version,
      record_locator: probe.recordLocator,
      date_created: '0',
      date_modified: '0',
      date_processed: '0',
    },
  },
}

/** @throws {OutflowError} `config`: rights, constraints or policies of the tables stand against it */
export async function proveWritable(query: Query, tables: Tables, layout: Layout): Promise<void> {
  await query('savepoint proof')
  try {
    // Twice, because replacing needs more rights than adding.
    for (let time = 0; time < 2; time++) await replaceDocument(query, tables, layout, 1, probe, [element])
  } catch (thrown) {
    if (!isAboutTheTable(thrown)) throw thrown
    throw thrown.code === uniqueViolation ? hidden(tables) : refused(tables, thrown)
  }
  const { rows } = await query(
    `select (select count(*) from ${tables.elements} where record_id = $1)::integer as elements,
            (select count(*) from ${tables.documents} where id = $1)::integer as documents`,
    [probe.id],
  )
  await query('rollback to savepoint proof')
  if (rows[0]!.elements !== 1 || rows[0]!.documents !== 1) throw hidden(tables)
}

/** Codes of the classes "data exception" and "integrity constraint violation". */
const isAboutTheTable = (thrown: unknown): thrown is DatabaseError =>
  thrown instanceof DatabaseError && /^2[23]/.test(thrown.code ?? '')

/** The second time, of a row that should have been deleted. */
const uniqueViolation = '23505'

function refused({ elements, documents }: Tables, cause: DatabaseError): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'postgres.table_refuses',
    message: `The tables ${elements} and ${documents} refuse an ordinary document: ${cause.message}.`,
    fix: 'Drop the constraint, give the column a default or another type, or name another table with table_name.',
    cause,
  })
}

function hidden({ elements, documents }: Tables): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'postgres.rows_hidden',
    message: `This role does not see, or cannot take back, its own rows in ${elements} and ${documents}.`,
    fix: 'Row-level security, a rule or a trigger stands between: let this role own both tables, or have BYPASSRLS.',
  })
}
