/**
 * Content search over the index, which may lag behind the world: for as long, new pages are not found and deleted ones still are.
 *
 * @module
 */

import type { Viewer } from './access.ts'
import { type Clause, parseCql } from './cql.ts'
import { matcherOf, sorted } from './cql-match.ts'
import { nodeTypes, type World, type WorldNode, type WorldNodeType } from './world.ts'

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

export function createSearch(world: World, lagMs: number): Search {
  const index = lagMs > 0 ? laggingIndex(world, lagMs) : liveIndex(world)
  return {
    find: ({ cql, statuses = ['current'], archivedSpaces = false }, viewer) => {
      const query = parseCql(cql)
      const asker = { world, user: viewer.user, now: new Date() }
      const matches = matcherOf(query.clause, asker)
      const isWanted = (status: WorldNode['status']) => status !== 'draft' && statuses.includes(status)
      const found: WorldNode[] = []
      for (const space of world.spaces) {
        if (!viewer.sees(space) || (space.status === 'archived' && !archivedSpaces)) continue
        if (!mayHold(query.clause, 'space', space.key)) continue
        for (const type of nodeTypes.filter((each) => mayHold(query.clause, 'type', each)))
          for (const { node, status, under } of index.entries(space.id, type))
            if (isWanted(status) && isWanted(under) && matches(node) && viewer.may('read', node))
              found.push(status === node.status ? node : { ...node, status })
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
  /** As what it belongs to was: comments and files go out of sight with their page. Else its own. */
  readonly under: WorldNode['status']
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
    const container = node.containerId === undefined ? node : world.node(node.containerId)
    yield { node, status: node.status, under: container?.status ?? 'trashed' }
  }
}

type Snapshot = ReadonlyMap<string, readonly Entry[]>

function snapshotOf(world: World): Snapshot {
  return new Map(
    world.spaces.flatMap(({ id }) =>
      nodeTypes.map((type) => [`${id}/${type}`, [...entriesOf(world, id, type)]] as const),
    ),
  )
}

/** Answers from the newest snapshot that is at least as old as the lag; four are taken in that time. */
function laggingIndex(world: World, lagMs: number): Index {
  let snapshots = [{ takenAt: 0, entries: snapshotOf(world) }]
  const served = () => {
    const newest = snapshots.findLastIndex(({ takenAt }) => takenAt <= performance.now() - lagMs)
    snapshots = snapshots.slice(Math.max(newest, 0))
    return snapshots[0]!.entries
  }
  const timer = setInterval(() => {
    snapshots.push({ takenAt: performance.now(), entries: snapshotOf(world) })
    served()
  }, lagMs / 4)
  timer.unref()
  return {
    entries: (spaceId, type) => served().get(`${spaceId}/${type}`) ?? [],
    close: () => clearInterval(timer),
  }
}
