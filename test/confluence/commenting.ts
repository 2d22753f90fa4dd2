/**
 * Comments of a sandbox over HTTP, as the walk asks for them: after the pages and posts of each space.
 *
 * @module
 */

import type { Content } from '../../src/model/content.ts'
import type { IndexContext, Listed } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import { asOutflowError } from '../../src/model/errors.ts'
import { partitionHtml } from '../../src/partition/html.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Space } from '../../src/sources/confluence/api.ts'
import type { PageInHand } from '../../src/sources/confluence/around.ts'
import { createCloud } from '../../src/sources/confluence/cloud.ts'
import { commentsFailed, createComments, listThread } from '../../src/sources/confluence/comments.ts'
import { settings } from '../../src/sources/confluence/config.ts'
import { connect } from '../../src/sources/confluence/connect.ts'
import { createDataCenter } from '../../src/sources/confluence/data-center.ts'
import { shapeGuarded } from '../../src/sources/confluence/misshapen.ts'
import { listDocument } from '../../src/sources/confluence/render.ts'
import { pageInHand } from '../../src/sources/confluence/single.ts'
import { createWiki, type Wiki } from '../../src/sources/confluence/wiki.ts'
import { type Flavour, signIn } from './walking.ts'

export interface Visit {
  readonly wiki: Wiki
  readonly spaces: readonly Space[]
  /** Pages and posts, by title. */
  readonly pages: ReadonlyMap<string, { readonly page: PageInHand; readonly document: Document }>
  readonly signal: AbortSignal
  close(): Promise<void>
}

/** Signs in and looks at all pages and posts. */
export async function visit(sandbox: Sandbox, flavour: Flavour): Promise<Visit> {
  const { signal } = new AbortController()
  const connection = await connect(settings.parse(signIn(sandbox, flavour)), {
    signal,
    onWait: () => undefined,
  })
  const api = shapeGuarded(flavour === 'cloud' ? createCloud(connection) : createDataCenter(connection))
  const wiki = createWiki({ api, signal, emit: () => undefined })
  const spaces: Space[] = []
  for await (const space of api.spaces({ archived: true }, { signal })) spaces.push(space)
  const pages = new Map<string, { page: PageInHand; document: Document }>()
  const lists = [
    ...spaces.map((space) => api.content(space, { body: true, archived: false }, { signal })),
    api.blogPosts(spaces, { body: true, everywhere: true }, { signal }),
  ]
  for (const list of lists)
    for await (const batch of list)
      for (const item of batch) {
        const page = await pageInHand(wiki, item, 'auto', { signal })
        pages.set(item.title, { page, document: (await listDocument(page)).document })
      }
  return { wiki, spaces, pages, signal, close: () => connection.http.close() }
}

export interface Gathered {
  readonly listed: readonly Listed[]
  readonly documents: readonly Document[]
  /** By the title of the document. */
  readonly contents: ReadonlyMap<string, Content>
}

interface GatherOptions {
  readonly everywhere?: boolean
  readonly which?: 'none' | 'footer' | 'inline' | 'all'
  readonly recall?: IndexContext['recall']
  /** Whether the contents are read, too. Default: yes. */
  readonly read?: boolean
  /** Done after the comments were listed, and before any of them is read. */
  readonly meanwhile?: () => void
}

/** All threads on all pages, and what they say. */
export async function gather(
  { wiki, spaces, pages, signal }: Visit,
  { everywhere = true, which = 'all', recall, read = true, meanwhile }: GatherOptions = {},
): Promise<Gathered> {
  const context = { signal, emit: () => undefined, ...(recall ? { recall } : {}) }
  const comments = createComments({ wiki, spaces, everywhere, which, context })
  const listed: Listed[] = []
  for (const space of spaces)
    try {
      const threads = await comments.threadsOf(space)
      const here = [...pages.values()].filter(({ page }) => page.space.id === space.id)
      for (const { page, document } of here)
        for (const thread of threads.get(page.item.id) ?? [])
          listed.push(await listThread(thread, { page, document, bodies: comments.bodies, recall }))
    } catch (thrown) {
      listed.push(commentsFailed(wiki.api.site, space, asOutflowError(thrown)))
    }
  meanwhile?.()
  const contents = read ? await contentsOf(listed, signal) : new Map<string, Content>()
  const documents = listed.flatMap((each) => (each.type === 'document' ? [each.document] : []))
  return { listed, documents, contents }
}

async function contentsOf(listed: readonly Listed[], signal: AbortSignal): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>()
  await Promise.all(
    listed.map(async (each) => {
      if (each.type === 'document' && each.content)
        contents.set(each.document.title, await each.content({ signal }))
    }),
  )
  return contents
}

/** Type and text of each element of a content. */
export async function elementsOf({ body }: Content): Promise<readonly string[]> {
  if (!('markup' in body)) throw new Error('It did not come as markup.')
  const elements = await partitionHtml(body, { languages: [''] })
  return elements.map(({ type, text }) => `${type}: ${text}`)
}

/** Requests so far for paths like this. */
export function requestsTo({ stats }: Sandbox, like: RegExp): number {
  return stats.read().recorded.filter(({ path, query }) => {
    const asked = query.map(([name, value]) => `${name}=${value}`)
    return like.test(`${path}?${asked.join('&')}`)
  }).length
}
