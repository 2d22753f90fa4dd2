/**
 * Who may read a page at this moment: for comments and files that came after its readers had been established, and may be for fewer.
 *
 * @module
 */

import type { Document } from '../../model/document.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import type { ContentItem } from './api.ts'
import type { PageInHand } from './around.ts'
import { changedMeanwhile } from './changed.ts'
import { accessPath, treeNode } from './tree.ts'

interface PageNow {
  readonly page: PageInHand
  readonly permissions: DocumentPermissions
}

/**
 * The page with its way read anew, by single requests, and the permissions that follow.
 *
 * @throws {OutflowError} `content` when the page is not where it was: in another space, or not to be seen
 */
async function asOfNow(page: PageInHand): Promise<PageNow> {
  const { wiki, space, item } = page
  const type = item.type === 'blogpost' ? 'blogpost' : 'page'
  const [now] = await wiki.api.contentByIds([item.id], type, { signal: wiki.signal })
  if (!now || now.spaceId !== space.id) throw changedMeanwhile(item)
  const own = await wiki.own(now, undefined)
  const way = [...(await wiki.above(late(now), new Map())), treeNode(now, own)]
  const permissions = await wiki.permissions.of(accessPath(await wiki.access(space), way))
  return { page: { ...page, way }, permissions }
}

/** A page in hand, as it was listed. */
interface ListedPage {
  readonly page: PageInHand
  readonly document: Document
}

/**
 * Whom something on a page is for: what was written lately may be for fewer than those who could read the page when it was listed.
 *
 * @param modifiedAt when it was written; without a date, it may have been now
 * @throws {OutflowError} as `asOfNow`
 */
export async function readersOf(
  modifiedAt: Date | undefined,
  { page, document }: ListedPage,
): Promise<PageNow> {
  const { modifiedAt: _, ...undated } = page.item
  const isLate = page.wiki.isLate(modifiedAt ? { ...undated, modifiedAt } : undated)
  return isLate ? asOfNow(page) : { page, permissions: document.permissions }
}

/** Whether the readers of a page are those that one of its threads was listed for. */
export async function hasSameReaders(page: PageInHand, thread: Document): Promise<boolean> {
  const { permissions } = await asOfNow(page)
  return JSON.stringify(permissions) === JSON.stringify(thread.permissions)
}

/** As if just written, so that nothing that was read before counts. */
function late({ modifiedAt: _, ...item }: ContentItem): ContentItem {
  return item
}
