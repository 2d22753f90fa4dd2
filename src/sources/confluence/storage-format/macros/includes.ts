/**
 * Content of other pages: whole, or one excerpt. The wiki around has decided whether every reader of this page may read it.
 *
 * @module
 */

import { findElement, isMacro, readMacro } from '../macro.ts'
import type {
  IncludedPage,
  IncludedPart,
  Macro,
  MacroRule,
  Question,
  Renderer,
  SourcePage,
} from '../renderer.ts'
import type { XmlElement, XmlNode } from '../tree.ts'
import { renderTitle } from './body.ts'

type IncludeQuestion = Extract<Question, { ask: 'include' }>

const include: MacroRule = {
  showsOtherPages: true,
  asks: (macro, page) => questions(macro, page, 'page'),
  render: (macro, renderer) => renderIncluded(macro, 'page', renderer),
}

const excerptInclude: MacroRule = {
  showsOtherPages: true,
  asks: (macro, page) => questions(macro, page, { excerpt: macro.text('name') }),
  render: (macro, renderer) => renderIncluded(macro, { excerpt: macro.text('name') }, renderer),
}

export const includeMacros: Readonly<Record<string, MacroRule>> = {
  include,
  includepage: include,
  'excerpt-include': excerptInclude,
}

/** The part of a page that an include takes; `undefined` when that excerpt is not there. */
export function partOf(tree: XmlElement, part: IncludedPart): readonly XmlNode[] | undefined {
  if (part === 'page') return tree.children
  const excerpts = excerptsIn(tree, [])
  const chosen = part.excerpt
    ? excerpts.find((excerpt) => excerpt.text('name') === part.excerpt)
    : (excerpts.find((excerpt) => excerpt.text('name') === '') ?? excerpts[0])
  return chosen && (chosen.richBody?.children ?? [])
}

function excerptsIn(element: XmlElement, found: Macro[]): Macro[] {
  for (const child of element.children) {
    if (typeof child === 'string') continue
    if (isMacro(child) && child.attributes['ac:name'] === 'excerpt') found.push(readMacro(child))
    excerptsIn(child, found)
  }
  return found
}

function questions(macro: Macro, page: SourcePage, part: IncludedPart): readonly IncludeQuestion[] {
  const wanted = wantedPage(macro, page)
  return wanted ? [{ ask: 'include', part, ...wanted }] : []
}

/** Named by a link, or by `SPACE:Title` in old pages. */
function wantedPage(macro: Macro, page: SourcePage): { spaceKey: string; title: string } | undefined {
  const parameter = [macro.parameter(''), macro.parameter('page'), macro.parameter('pageTitle')].find(
    (each) => each !== undefined,
  )
  const linked = findElement(parameter, 'ri:page') ?? findElement(parameter, 'ri:blog-post')
  const spaceKey = linked?.attributes['ri:space-key'] ?? macro.text('spaceKey')
  const title = linked?.attributes['ri:content-title']
  if (title) return { title, spaceKey: spaceKey || page.spaceKey }
  const text = macro.text('') || macro.text('page') || macro.text('pageTitle')
  const [, space, rest] = /^(~?[\w.-]+):(.+)$/s.exec(text) ?? []
  if (rest !== undefined) return { title: rest.trim(), spaceKey: space! }
  return text === '' ? undefined : { title: text, spaceKey: spaceKey || page.spaceKey }
}

function renderIncluded(macro: Macro, part: IncludedPart, renderer: Renderer): void {
  const wanted = wantedPage(macro, renderer.page)
  if (!wanted) renderer.lose('include_missing', macro.name)
  else {
    const included = renderer.answers.included(wanted.spaceKey, wanted.title)
    const nodes = included.outcome === 'found' ? partOf(included.tree, part) : undefined
    if (included.outcome === 'found' && nodes) {
      const titled = part !== 'page' && macro.text('nopanel') !== 'true'
      renderContent({ included, nodes, titled, spaceKey: wanted.spaceKey }, renderer)
    } else renderStub(wanted, included, renderer)
  }
}

interface FoundContent {
  readonly spaceKey: string
  readonly included: Extract<IncludedPage, { outcome: 'found' }>
  readonly nodes: readonly XmlNode[]
  /** An excerpt stands in a panel that bears its page's title, unless its author said otherwise. */
  readonly titled: boolean
}

function renderContent({ spaceKey, included, nodes, titled }: FoundContent, renderer: Renderer): void {
  const { id, title, url } = included.page
  const page: SourcePage = { id, title, url, spaceKey, inHand: false }
  const { out } = renderer
  const start = out.mark()
  out.open('div', { 'data-included-from': id })
  if (titled) renderTitle(title, renderer)
  const rendered = renderer.renderPage(page, nodes)
  out.close('div')
  if (rendered) return
  out.rewind(start)
  renderer.lose('include_stopped', title)
}

/** Losses by what became of the other page; found, it lacks the excerpt. */
const losses: Readonly<Record<IncludedPage['outcome'], string>> = {
  found: 'include_missing',
  missing: 'include_missing',
  failed: 'include_failed',
  not_permitted: 'include_not_permitted',
}

/**
 * A link in place of the text. The title is in the including page, for every reader of it, unless the wiki says otherwise; a page
 * that the crawling account cannot see is missing to it, and the reader may well be able to open it.
 */
function renderStub(
  wanted: { spaceKey: string; title: string },
  included: IncludedPage,
  renderer: Renderer,
): void {
  renderer.lose(losses[included.outcome], wanted.title)
  const url =
    included.outcome === 'not_permitted' ? included.url : renderer.pageUrl(wanted.spaceKey, wanted.title)
  if (url === undefined) return
  renderer.out.element('p', {}, () => renderer.out.phrase('a', { href: url }, wanted.title))
}
