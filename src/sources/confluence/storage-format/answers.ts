/**
 * Asks the wiki around everything that a page needs to be rendered: round by round, because included pages ask too; within a round,
 * all at once, people in bulk, nothing twice.
 *
 * @module
 */

import { asOutflowError, type ErrorKind } from '../../../model/errors.ts'
import type { PageLink, Surroundings } from '../surroundings.ts'
import { partOf } from './macros/includes.ts'
import { propertyNodes } from './macros/properties.ts'
import { showsOtherPages } from './macros/rules.ts'
import { type Gathered, gather, placesOf } from './questions.ts'
import { deepestInclude } from './render.ts'
import type { Answers, IncludedPage, Question, SourcePage } from './renderer.ts'
import { parseStorage, type XmlElement, type XmlNode } from './tree.ts'
import { readView, type ServerView } from './view.ts'

/** Nodes of another page that are shown on the one in hand. */
interface Part {
  readonly page: SourcePage
  readonly nodes: readonly XmlNode[]
}

/** These stop the run; everything else costs one answer. */
const stopping: ReadonlySet<ErrorKind> = new Set(['credentials', 'throttled', 'config'])

/** Answers for the page in hand and everything that it includes. */
export async function askAll(gathered: Gathered, surroundings: Surroundings): Promise<Answers> {
  const book = createBook(gathered, surroundings)
  let round: readonly Gathered[] = [gathered]
  for (let depth = 0; round.length > 0 && depth <= deepestInclude; depth++) round = await book.ask(round)
  return book.answers
}

function createBook(inHand: Gathered, surroundings: Surroundings) {
  const names = new Map<string, string>()
  const included = new Map<string, IncludedPage>()
  const lists = new Map<string, readonly PageLink[] | undefined>()
  const gatheredParts = new Set<string>()
  const places = placesOf(inHand.macros)
  const viewWanted = surroundings.bodyMode === 'auto'
  let view: ServerView | undefined
  let viewAsked = !viewWanted

  async function askNames(round: readonly Gathered[]): Promise<void> {
    const ids = round.flatMap(({ users }) => [...users]).filter((id) => !names.has(id))
    if (ids.length === 0) return
    const found = await orElse(surroundings.userNames([...new Set(ids)]), new Map<string, string>())
    for (const [id, name] of found) names.set(id, name)
  }

  async function askInclude(spaceKey: string, title: string): Promise<void> {
    const key = pageKey(spaceKey, title)
    if (included.has(key)) return
    included.set(key, { outcome: 'failed' })
    const answer = await orElse(surroundings.include(spaceKey, title), undefined)
    if (answer?.outcome === 'found') {
      included.set(key, { outcome: 'found', page: answer.page, tree: parseStorage(answer.storage) })
    } else if (answer) included.set(key, answer)
  }

  async function askList(question: Question): Promise<void> {
    const key = JSON.stringify(question)
    if (lists.has(key)) return
    lists.set(key, undefined)
    if (question.ask === 'children') {
      lists.set(key, await orElse(surroundings.children(question.root, question.depth), undefined))
    } else if (question.ask === 'labelled' || question.ask === 'properties') {
      lists.set(key, await orElse(surroundings.labelled(question.query), undefined))
    }
    if (question.ask === 'properties') {
      await Promise.all((lists.get(key) ?? []).map(({ title }) => askInclude(question.spaceKey, title)))
    }
  }

  async function askView(): Promise<void> {
    if (viewAsked) return
    viewAsked = true
    const html = await orElse(surroundings.view(), undefined)
    if (html !== undefined) view = readView(html, showsOtherPages)
  }

  function askOne(question: Question, ofInHand: boolean): Promise<void> {
    if (question.ask === 'include') return askInclude(question.spaceKey, question.title)
    if (question.ask === 'view') return ofInHand ? askView() : Promise.resolve()
    return askList(question)
  }

  /** What the parts of other pages ask in turn; each part is looked at once. */
  function nextRound(round: readonly Gathered[]): Gathered[] {
    return round
      .flatMap(({ questions }) => questions)
      .filter((question) => isNew(gatheredParts, JSON.stringify(question)))
      .flatMap(partsOf)
      .map(({ page, nodes }) => gather(nodes, page))
  }

  function partsOf(question: Question): Part[] {
    if (question.ask === 'include') {
      return partFrom(question.spaceKey, question.title, (tree) => partOf(tree, question.part) ?? [])
    }
    if (question.ask !== 'properties') return []
    const pages = lists.get(JSON.stringify(question)) ?? []
    return pages.flatMap(({ title }) =>
      partFrom(question.spaceKey, title, (tree) => propertyNodes(tree, question.id)),
    )
  }

  function partFrom(spaceKey: string, title: string, part: (tree: XmlElement) => readonly XmlNode[]): Part[] {
    const found = included.get(pageKey(spaceKey, title))
    if (found?.outcome !== 'found') return []
    return [{ page: { ...found.page, spaceKey, inHand: false }, nodes: part(found.tree) }]
  }

  const answers: Answers = {
    userName: (id) => names.get(id),
    included: (spaceKey, title) => included.get(pageKey(spaceKey, title)) ?? { outcome: 'failed' },
    pages: (question) => lists.get(JSON.stringify(question)),
    fragment(macro) {
      const place = places.get(macro.element)
      return place && view?.fragment(macro, place)
    },
  }

  return {
    answers,
    async ask(round: readonly Gathered[]): Promise<readonly Gathered[]> {
      const asked = round.flatMap((gathered) =>
        gathered.questions.map((question) => askOne(question, gathered === inHand)),
      )
      await Promise.all([askNames(round), ...asked])
      return nextRound(round)
    },
  }
}

function isNew(seen: Set<string>, key: string): boolean {
  const before = seen.size
  return seen.add(key).size > before
}

function pageKey(spaceKey: string, title: string): string {
  return `${spaceKey} ${title}`
}

/** A refused or broken answer is no answer; what must stop the run still does. */
export async function orElse<Answer, Fallback>(
  asked: Promise<Answer>,
  fallback: Fallback,
): Promise<Answer | Fallback> {
  try {
    return await asked
  } catch (thrown) {
    if (
      stopping.has(asOutflowError(thrown).kind) ||
      (thrown instanceof Error && thrown.name === 'AbortError')
    )
      throw thrown
    return fallback
  }
}
