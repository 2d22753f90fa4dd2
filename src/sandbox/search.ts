/**
 * Content search over the index. The index lags behind the world by up to `indexLagMs`: until it is brought up to date, new pages are
 * not found and deleted ones still are.
 *
 * The answer to a query is kept for the pages that follow its first one, as a cursor has to see one and the same order.
 *
 * @module
 */

import type { Viewer } from './access.ts'
import { type Clause, parseCql } from './cql.ts'
import { matcherOf, sorted } from './cql-match.ts'
import type { World, WorldNode, WorldNodeType } from './world.ts'

export interface SearchRequest {
  readonly cql: string
  /** Archived pages are found only when asked for; drafts and trash never. Default: current ones alone. */
  readonly statuses?: readonly WorldNode['status'][]
  readonly archivedSpaces?: boolean
}

export interface Search {
  /** Everything the query finds for this caller, in order. @throws {Problem} 400 for a query that is not CQL. */
  find(request: SearchRequest, viewer: Viewer): readonly WorldNode[]
  close(): void
}

const everyType: readonly WorldNodeType[] = [
  'page',
  'blogpost',
  'folder',
  'whiteboard',
  'database',
  'embed',
  'comment',
  'attachment',
]

export function createSearch(world: World, lagMs: number): Search {
  const index = lagMs > 0 ? laggingIndex(world, lagMs) : liveIndex(world)
  return {
    find: ({ cql, statuses = ['current'], archivedSpaces = false }, viewer) => {
      const query = parseCql(cql)
      const asker = { world, user: viewer.user, now: new Date() }
      const matches = matcherOf(query.clause, asker)
      const found: WorldNode[] = []
      for (const space of world.spaces) {
        if (!viewer.sees(space) || (space.status === 'archived' && !archivedSpaces)) continue
        if (!mayHold(query.clause, 'space', space.key)) continue
        for (const type of everyType.filter((each) => mayHold(query.clause, 'type', each)))
          for (const { node, status } of index.entries(space.id, type))
            if (status !== 'draft' && statuses.includes(status) && matches(node) && viewer.may('read', node))
              found.push(node)
      }
      return sorted(found, query, asker)
    },
    close: () => index.close(),
  }
}

/** False only where a condition that every hit has to meet rules the value out: spares looking at whole spaces and types. */
function mayHold(clause: Clause | undefined, field: string, value: string): boolean {
  if (clause?.type === 'and') return clause.clauses.every((part) => mayHold(part, field, value))
  if (clause?.type !== 'compare' || clause.field !== field) return true
  if (clause.operator !== '=' && clause.operator !== 'in') return true
  return clause.operands.some((operand) => operand.type === 'call' || operand.text === value)
}

interface Entry {
  readonly node: WorldNode
  /** As it was when the node was indexed. */
  readonly status: WorldNode['status']
}

interface Index {
  entries(spaceId: string, type: WorldNodeType): Iterable<Entry>
  close(): void
}

function liveIndex(world: World): Index {
  return { entries: (spaceId, type) => entriesOf(world, spaceId, type), close: () => {} }
}

function* entriesOf(world: World, spaceId: string, type: WorldNodeType): Generator<Entry> {
  const list = world.list(spaceId, type)
  for (let index = 0; index < list.length; index += 1) {
    const node = list.at(index)
    yield { node, status: node.status }
  }
}

function laggingIndex(world: World, lagMs: number): Index {
  const snapshot = () =>
    new Map(
      world.spaces.flatMap(({ id }) =>
        everyType.map((type) => [`${id}/${type}`, [...entriesOf(world, id, type)]] as const),
      ),
    )
  let indexed = snapshot()
  const timer = setInterval(() => {
    indexed = snapshot()
  }, lagMs)
  timer.unref()
  return {
    entries: (spaceId, type) => indexed.get(`${spaceId}/${type}`) ?? [],
    close: () => clearInterval(timer),
  }
}
