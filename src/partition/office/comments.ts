/**
 * Comments on sheets and slides, which stand in parts of their own: those of today's Excel and PowerPoint with their replies, and those of
 * before ([MS-XLSX] 2.1.29, [MS-PPTX] 2.1.1).
 *
 * @module
 */

import type { ElementMetadata } from '../../model/element.ts'
import { drawnLines } from './drawing-text.ts'
import { parseOffice } from './namespaces.ts'
import { type Relationships, relatedPart } from './relationships.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlNode } from './xml.ts'
import type { Zip } from './zip.ts'

export interface Comment {
  /** May be empty, as may be the text. */
  readonly author: string
  readonly text: string
}

/** What the element of a comment tells of it. */
export const commentMetadata = (author: string): ElementMetadata => ({
  comment: true,
  ...(author !== '' && { comment_author: author }),
})

interface CommentSource {
  readonly archive: Zip
  /** Of the workbook or the presentation, which knows the authors. */
  readonly main: Relationships
  /** Of the sheet or the slide. */
  readonly own: Relationships
  /** The format, for messages. */
  readonly what: string
}

/** Excel keeps a thread also as an old comment by this author, for programs that know no threads. */
const threadAuthor = /^tc=\{/

/** @throws {OutflowError} kind `content` */
export async function readSheetComments(source: CommentSource): Promise<readonly Comment[]> {
  const notes = await rootOf(source, source.own, 'comments')
  const authors = childrenOf(childOf(notes, 'authors')).map(textOf)
  const classic = childrenOf(childOf(notes, 'commentList')).map((comment) => ({
    author: authors[Number(comment.attributes.authorId)] ?? '',
    text: descendantsOf(comment, 't').map(textOf).join(''),
  }))
  const threads = await rootOf(source, source.own, 'threadedComment')
  if (!threads) return classic
  const people = namesIn(await rootOf(source, source.main, 'person'), 'displayName')
  const threaded = childrenOf(threads).map((comment) => ({
    author: people.get(comment.attributes.personId ?? '') ?? '',
    text: textOf(childOf(comment, 'text')),
  }))
  return [...classic.filter(({ author }) => !threadAuthor.test(author)), ...threaded]
}

/** @throws {OutflowError} kind `content` */
export async function readSlideComments(source: CommentSource): Promise<readonly Comment[]> {
  const list = await rootOf(source, source.own, 'comments')
  if (!list) return []
  const authors = new Map([
    ...namesIn(await rootOf(source, source.main, 'commentAuthors'), 'name'),
    ...namesIn(await rootOf(source, source.main, 'authors'), 'name'),
  ])
  const told = (node: XmlNode): Comment => ({
    author: authors.get(node.attributes.authorId ?? '') ?? '',
    text: textOf(childOf(node, 'p:text')) || saidIn(childOf(node, 'p188:txBody')),
  })
  return childrenOf(list).flatMap((comment) => [
    told(comment),
    ...childrenOf(childOf(comment, 'p188:replyLst')).map(told),
  ])
}

const saidIn = (body: XmlNode | undefined): string => (body ? drawnLines(body).join('\n') : '')

async function rootOf(
  { archive, what }: CommentSource,
  relationships: Relationships,
  type: string,
): Promise<XmlNode | undefined> {
  const part = relatedPart(relationships, type)
  const text = part === undefined ? undefined : await archive.text(part)
  return text === undefined ? undefined : parseOffice(text, what)
}

/** Names of people by their ids. */
const namesIn = (list: XmlNode | undefined, attribute: string): ReadonlyMap<string, string> =>
  new Map(childrenOf(list).map(({ attributes }) => [attributes.id ?? '', attributes[attribute] ?? '']))
