/**
 * Asks the wiki around everything that a page needs to be rendered: round by round, because the pages that it shows ask in turn;
 * within a round all at once, people in bulk.
 *
 * @module
 */

import type { Surroundings } from '../surroundings.ts'
import { createLists, createPages, createPeople, createViewDesk, type Lists, type Pages } from './desks.ts'
import { tellsOfOthers } from './elsewhere.ts'
import { partOf } from './macros/includes.ts'
import { propertyNodes } from './macros/properties.ts'
import { type Gathered, gather, placesOf } from './questions.ts'
import { deepestInclude } from './render.ts'
import type { Answers, Question } from './renderer.ts'
import type { XmlElement, XmlNode } from './tree.ts'

/** Answers for the page in hand and everything that it shows. */
export async function askAll(inHand: Gathered, surroundings: Surroundings): Promise<Answers> {
  const people = createPeople(surroundings)
  const pages = createPages(surroundings)
  const lists = createLists(surroundings)
  const view = createViewDesk(surroundings)
  const places = placesOf(inHand.macros)

  async function ask(question: Question, page: Gathered): Promise<void> {
    if (question.ask === 'include') return pages.ask(question.spaceKey, question.title)
    // The view shows the page in hand: what another page holds is in it only as far as the crawling account may see it.
    if (question.ask === 'view') return page === inHand ? view.ask() : undefined
    const links = await lists.ask(question)
    if (question.ask !== 'properties') return
    await Promise.all(links.map(({ title }) => pages.ask(question.spaceKey, title)))
  }

  const seen = new Set<string>()
  for (let round = [inHand], depth = 0; round.length > 0 && depth <= deepestInclude; depth++) {
    const asked = round.flatMap((page) => page.questions.map((question) => ask(question, page)))
    await Promise.all([people.ask(round.flatMap(({ users }) => [...users])), ...asked])
    round = shownBy(round, { seen, pages, lists })
  }

  return {
    userName: people.get,
    included: pages.get,
    pages: lists.get,
    fragment(macro) {
      const place = places.get(macro.element)
      // What stands in its body is rendered here: the server does not always mark what it puts in there.
      if (!place || macro.richBody) return undefined
      const fragment = view.get()?.fragment(macro, place)
      return fragment && !tellsOfOthers(fragment, surroundings.page) ? fragment : undefined
    },
  }
}

interface Desks {
  readonly pages: Pages
  readonly lists: Lists
}

/** What the parts of other pages that a round shows ask in turn; each part once. */
function shownBy(round: readonly Gathered[], { seen, ...desks }: Desks & { seen: Set<string> }): Gathered[] {
  return round.flatMap(({ questions }) =>
    questions.flatMap((question) => {
      const key = JSON.stringify(question)
      if (seen.has(key)) return []
      seen.add(key)
      return partsOf(question, desks)
    }),
  )
}

function partsOf(question: Question, { pages, lists }: Desks): Gathered[] {
  const gatherFrom = (spaceKey: string, title: string, part: (tree: XmlElement) => readonly XmlNode[]) => {
    const found = pages.get(spaceKey, title)
    return found.outcome === 'found'
      ? [gather(part(found.tree), { ...found.page, spaceKey, inHand: false })]
      : []
  }
  if (question.ask === 'include')
    return gatherFrom(question.spaceKey, question.title, (tree) => partOf(tree, question.part) ?? [])
  if (question.ask !== 'properties') return []
  return (lists.get(question) ?? []).flatMap(({ title }) =>
    gatherFrom(question.spaceKey, title, (tree) => propertyNodes(tree, question.id)),
  )
}
