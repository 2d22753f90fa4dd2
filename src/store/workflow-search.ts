/**
 * Workflows by what they are, in any order, page by page.
 *
 * @module
 */

import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from './schema.ts'
import { storable } from './storable-text.ts'

export interface WorkflowSearch {
  readonly createdBefore?: Date
  readonly createdSince?: Date
  /** Id of a connector. */
  readonly source?: string
  readonly destination?: string
  readonly node?: string
  /** Part of the name, whatever its case. */
  readonly name?: string
  readonly state?: 'active' | 'inactive'
  readonly deleted: boolean
  readonly sortBy: 'id' | 'name' | 'created_at' | 'updated_at' | 'status'
  readonly descending: boolean
  readonly offset: number
  readonly limit: number
}

/** Whether a list in JSON has an id in it. */
export const holds = (column: 'sources' | 'destinations', id: string) =>
  sql<SqlBool>`${sql.ref(column)} @> ${JSON.stringify([storable(id)])}::jsonb`

const sortColumns = { id: 'id', name: 'name', created_at: 'created_at', status: 'state' } as const

/** The query, with what stands at the same place in the order in which it was made. */
export function searched(tables: Kysely<Tables>, workspace: string, search: WorkflowSearch) {
  const { createdBefore, createdSince, source, destination, node, name, state, sortBy } = search
  const direction = search.descending ? 'desc' : 'asc'
  let query = tables
    .selectFrom('workflows')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('ephemeral', '=', false)
    .where('deleted_at', search.deleted ? 'is not' : 'is', null)
  if (createdBefore) query = query.where('created_at', '<', createdBefore)
  if (createdSince) query = query.where('created_at', '>=', createdSince)
  if (source !== undefined) query = query.where(holds('sources', source))
  if (destination !== undefined) query = query.where(holds('destinations', destination))
  if (node !== undefined)
    query = query.where(sql<SqlBool>`nodes @> ${JSON.stringify([{ id: storable(node) }])}::jsonb`)
  if (name !== undefined) query = query.where(sql<SqlBool>`strpos(lower(name), lower(${storable(name)})) > 0`)
  if (state !== undefined) query = query.where('state', '=', state)
  const sorted =
    sortBy === 'updated_at'
      ? query.orderBy(sql`coalesce(updated_at, created_at)`, direction)
      : query.orderBy(sortColumns[sortBy], direction)
  return sorted.orderBy('number', direction).offset(search.offset).limit(search.limit)
}
