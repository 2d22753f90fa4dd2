/**
 * A page's body to clean markup: parse, ask the wiki around what the page needs, render.
 *
 * @module
 */

import type { Loss } from '../../../model/content.ts'
import type { Markup } from '../../../model/markup.ts'
import type { Surroundings } from '../surroundings.ts'
import { askAll } from './answers.ts'
import { orElse } from './desks.ts'
import { macroShowsOtherPages, showsOtherPages } from './macros/rules.ts'
import { type Gathered, gather, placesOf } from './questions.ts'
import { renderPage } from './render.ts'
import type { SourcePage } from './renderer.ts'
import { parseStorage, type XmlElement } from './tree.ts'
import { readWholeView } from './view.ts'

export interface ReadPage {
  /** The page's title as `<h1>`, then its body. */
  readonly markup: Markup
  /** Everything that the page holds and the markup does not, or not as its author meant it; each once. */
  readonly losses: readonly Loss[]
}

/**
 * Renders one page or post.
 *
 * Never throws for what the page holds, however broken.
 *
 * @param storage the body in storage format
 * @throws {OutflowError} `credentials`, `throttled` or `config`, from the surroundings; and when aborted
 */
export async function readPage({
  storage,
  surroundings,
}: {
  readonly storage: string
  readonly surroundings: Surroundings
}): Promise<ReadPage> {
  const tree = parseStorage(storage)
  const page: SourcePage = { ...surroundings.page, inHand: true }
  const gathered = gather(tree.children, page)
  const answers = await askAll(gathered, surroundings)
  const whole =
    surroundings.bodyMode === 'view'
      ? await wholeView({ page, storage: tree, gathered }, surroundings)
      : undefined
  const { tape, losses } = renderPage((whole ?? tree).children, { page, surroundings, answers })
  if (surroundings.bodyMode !== 'view') return { markup: tape.replay, losses }
  const code = whole ? 'rendered_by_server' : 'view_not_used'
  return { markup: tape.replay, losses: [...losses, { code, name: page.title }] }
}

/** The server's rendering of the page, with the page's own macros where it may show other pages; `undefined`: cannot be used. */
async function wholeView(
  { page, storage, gathered }: { page: SourcePage; storage: XmlElement; gathered: Gathered },
  surroundings: Surroundings,
): Promise<XmlElement | undefined> {
  const html = await orElse(surroundings.view(), undefined)
  if (html === undefined) return undefined
  const places = placesOf(gathered.macros)
  const macros = gathered.macros.map((macro) => ({
    macro,
    place: places.get(macro.element)!,
    guarded: macroShowsOtherPages(macro),
  }))
  return readWholeView(html, { page, storage, macros, showsOtherPages })
}
