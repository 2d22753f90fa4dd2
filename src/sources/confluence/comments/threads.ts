/**
 * Comments as threads: one that began it, and what was answered.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { CommentItem } from '../api.ts'

export interface Thread {
  /** Id of the comment that began it, also when that one is gone and answers remained. */
  readonly rootId: string
  readonly spaceId: string
  /** The page or post that it is on. */
  readonly containerId: string
  /** As they are read: each before its answers, those by date. At least one. */
  readonly comments: readonly ThreadComment[]
}

export interface ThreadComment {
  readonly item: CommentItem
  /** 0 for what begins a thread, 1 for an answer to it, … */
  readonly depth: number
}

/** The threads that these comments are, oldest first. A comment whose answered one is not among them is taken as one that begins. */
export function threadsIn(items: readonly CommentItem[]): readonly Thread[] {
  const groups = Map.groupBy(items.toSorted(byDate), ({ containerId, rootId }) => `${containerId} ${rootId}`)
  return [...groups.values()].map((group) => {
    const { rootId, spaceId, containerId } = group[0]!
    return { rootId, spaceId, containerId, comments: inReadingOrder(group) }
  })
}

/** @param group a thread's comments by date */
function inReadingOrder(group: readonly CommentItem[]): readonly ThreadComment[] {
  const ids = new Set(group.map(({ id }) => id))
  const isFirst = ({ parentId }: CommentItem) => parentId === undefined || !ids.has(parentId)
  const answers = Map.groupBy(group, ({ parentId }) => parentId)
  const inOrder = new Map<string, ThreadComment>()
  // What answers itself in a circle is not below any first one: it comes at the end.
  for (const first of [...group.filter(isFirst), ...group]) {
    const open: ThreadComment[] = [{ item: first, depth: 0 }]
    for (let next = open.pop(); next; next = open.pop()) {
      const { item, depth } = next
      if (inOrder.has(item.id)) continue
      inOrder.set(item.id, next)
      const below = (answers.get(item.id) ?? []).map((answer) => ({ item: answer, depth: depth + 1 }))
      open.push(...below.toReversed())
    }
  }
  return [...inOrder.values()]
}

/**
 * Changes with every edit, answer, deletion and resolution, and when somebody in it is renamed: what a reader of the whole thread would
 * see. The sum of all versions, and a digest.
 */
export function versionOf({ comments }: Thread): string {
  const sum = comments.reduce((total, { item }) => total + item.version, 0)
  const facts = comments.map(({ item }) => [item.id, item.version, item.resolution, item.author?.name ?? ''])
  return `${sum}-${hash('sha256', JSON.stringify(facts), 'hex').slice(0, 8)}`
}

function byDate(one: CommentItem, other: CommentItem): number {
  const dates = (one.createdAt?.getTime() ?? 0) - (other.createdAt?.getTime() ?? 0)
  // Ids are whole numbers of any length.
  return dates || one.id.length - other.id.length || (one.id < other.id ? -1 : 1)
}
