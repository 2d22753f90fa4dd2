/**
 * Comments as API v1 answers them, on Cloud and Data Center alike, as far as we read them.
 *
 * @module
 */

import type { CommentItem, ConfluenceApi, Resolution } from '../api.ts'
import { authorOf, dates } from '../cloud-wire.ts'
import type { WireUser } from '../restrictions.ts'
import { idOf, textIn } from '../wire-values.ts'

export type CommentCalls = Pick<ConfluenceApi, 'comments' | 'commentsByIds' | 'commentsOn' | 'commentStatus'>

interface WireRef {
  readonly id: number | string
}

export interface WireComment extends WireRef {
  readonly status?: string
  readonly space?: WireRef
  readonly container?: WireRef
  /** The comments that it answers, the first one first. */
  readonly ancestors?: readonly WireRef[]
  readonly version?: { readonly number?: number; readonly when?: string }
  readonly history?: { readonly createdDate?: string; readonly createdBy?: WireUser }
  readonly extensions?: {
    /** Data Center may say `resolved` of an inline comment that is. */
    readonly location?: string
    readonly resolution?: { readonly status?: string }
    readonly inlineProperties?: { readonly originalSelection?: string }
  }
  readonly body?: { readonly storage?: { readonly value?: string } }
  readonly _links?: { readonly webui?: string }
}

/** Everything but the body. */
export const commentParts = [
  'space',
  'container',
  'ancestors',
  'version',
  'history',
  'extensions.inlineProperties',
  'extensions.resolution',
].join(',')

/** @throws {TypeError} when it does not say what it is on, where, and which comments it answers */
export function commentItem(wire: WireComment, webUrl: string): CommentItem {
  const { version, history, extensions } = wire
  const id = idOf(wire.id)
  const containerId = idOf(wire.container?.id)
  const above = answeredBy(wire)
  const selection = textIn(extensions?.inlineProperties?.originalSelection)
  const body = textIn(wire.body?.storage?.value)
  const parentId = above.at(-1)
  return {
    id,
    spaceId: idOf(wire.space?.id),
    containerId,
    rootId: above[0] ?? id,
    ...(parentId === undefined ? {} : { parentId }),
    location: locationIn(wire),
    resolution: resolutions.find((each) => each === extensions?.resolution?.status) ?? 'open',
    ...(selection ? { selection } : {}),
    version: version?.number ?? 1,
    ...dates(history?.createdDate, version?.when),
    ...personIn(history?.createdBy),
    url: `${webUrl}${wire._links?.webui ?? `/pages/viewpage.action?pageId=${containerId}&focusedCommentId=${id}`}`,
    ...(body === undefined ? {} : { body }),
  }
}

export const locationIn = ({ extensions }: Pick<WireComment, 'extensions'>) =>
  extensions?.location === 'footer' ? 'footer' : 'inline'

const resolutions: readonly Resolution[] = ['open', 'resolved', 'reopened', 'dangling']

/** Not said is not the same as none: an answer would begin a thread of its own. */
function answeredBy({ ancestors }: WireComment): readonly string[] {
  if (!Array.isArray(ancestors)) throw new TypeError('it is not said which comments it answers')
  return ancestors.map(({ id }: WireRef) => idOf(id))
}

function personIn(user: WireUser | undefined): Pick<CommentItem, 'author' | 'authorId'> {
  const authorId = user?.accountId ?? user?.userKey
  if (authorId === undefined) return {}
  const author = authorOf(authorId, user)
  return author ? { authorId, author } : { authorId }
}

/** All lists to their ends, one after the other: each asks only when it is read. */
export async function everyOne(
  lists: readonly AsyncIterable<readonly CommentItem[]>[],
): Promise<readonly CommentItem[]> {
  const all: CommentItem[] = []
  for (const list of lists) for await (const batch of list) all.push(...batch)
  return all
}
