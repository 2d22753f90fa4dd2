/**
 * Where one kind of question each is asked, nothing twice: people, pages, lists of pages, and the server's view.
 *
 * @module
 */

import { asOutflowError, type ErrorKind } from '../../../model/errors.ts'
import type { PageLink, Surroundings } from '../surroundings.ts'
import { showsOtherPages } from './macros/rules.ts'
import type { IncludedPage, Question } from './renderer.ts'
import { parseStorage } from './tree.ts'
import { readView, type ServerView } from './view.ts'

export function createPeople(surroundings: Surroundings) {
  const names = new Map<string, string>()
  const asked = new Set<string>()
  return {
    get: (id: string) => names.get(id),
    async ask(ids: Iterable<string>): Promise<void> {
      const wanted = [...new Set(ids)].filter((id) => !asked.has(id))
      if (wanted.length === 0) return
      for (const id of wanted) asked.add(id)
      const found = await orElse(surroundings.userNames(wanted), new Map<string, string>())
      for (const [id, name] of found) names.set(id, name)
    },
  }
}

export type Pages = ReturnType<typeof createPages>

export function createPages(surroundings: Surroundings) {
  const pages = new Map<string, Promise<IncludedPage>>()
  const known = new Map<string, IncludedPage>()
  const keyOf = (spaceKey: string, title: string) => `${spaceKey} ${title}`

  async function fetched(spaceKey: string, title: string): Promise<IncludedPage> {
    const answer = await orElse(surroundings.include(spaceKey, title), { outcome: 'failed' as const })
    return answer.outcome === 'found'
      ? { outcome: 'found', page: answer.page, tree: parseStorage(answer.storage) }
      : answer
  }

  return {
    get: (spaceKey: string, title: string): IncludedPage =>
      known.get(keyOf(spaceKey, title)) ?? { outcome: 'failed' },
    async ask(spaceKey: string, title: string): Promise<void> {
      const key = keyOf(spaceKey, title)
      const page = pages.get(key) ?? fetched(spaceKey, title)
      pages.set(key, page)
      known.set(key, await page)
    },
  }
}

export type ListQuestion = Extract<Question, { ask: 'children' | 'labelled' | 'properties' }>

export type Lists = ReturnType<typeof createLists>

export function createLists(surroundings: Surroundings) {
  const lists = new Map<string, Promise<readonly PageLink[] | undefined>>()
  const known = new Map<string, readonly PageLink[] | undefined>()

  function fetched(question: ListQuestion): Promise<readonly PageLink[] | undefined> {
    const { ask } = question
    const list =
      ask === 'children'
        ? surroundings.children(question.root, question.depth)
        : surroundings.labelled(question.query)
    return orElse(list, undefined)
  }

  return {
    get: (question: Question) => known.get(JSON.stringify(question)),
    async ask(question: ListQuestion): Promise<readonly PageLink[]> {
      const key = JSON.stringify(question)
      const list = lists.get(key) ?? fetched(question)
      lists.set(key, list)
      known.set(key, await list)
      return known.get(key) ?? []
    },
  }
}

/** Asked only when macros are to be taken from it. */
export function createViewDesk(surroundings: Surroundings) {
  let asked = surroundings.bodyMode !== 'auto'
  let view: ServerView | undefined
  return {
    get: () => view,
    async ask(): Promise<void> {
      if (asked) return
      asked = true
      const html = await orElse(surroundings.view(), undefined)
      if (html !== undefined) view = readView(html, showsOtherPages)
    },
  }
}

/** These stop the run; everything else costs one answer. */
const stopping: ReadonlySet<ErrorKind> = new Set(['credentials', 'throttled', 'config'])

/** A refused or broken answer is no answer; what must stop the run still does. */
export async function orElse<Answer, Fallback>(
  asked: Promise<Answer>,
  fallback: Fallback,
): Promise<Answer | Fallback> {
  try {
    return await asked
  } catch (thrown) {
    const aborted = thrown instanceof Error && thrown.name === 'AbortError'
    if (aborted || stopping.has(asOutflowError(thrown).kind)) throw thrown
    return fallback
  }
}
