/**
 * The server's own rendering of a page (`view`): where single macros are taken from, and whole pages on demand. It shows what the
 * crawling account may see, so whatever in it includes or lists other pages is cut out first.
 *
 * In it, each macro's root carries `data-macro-name` and mostly `data-macro-id` (`class="conf-macro output-block"`).
 *
 * @module
 */

import { leadsElsewhere, tellsOfOthers, wordsOn, wordsOnLinks } from './elsewhere.ts'
import type { Macro, Renderer, SourcePage } from './renderer.ts'
import { parseView, type XmlElement, type XmlNode } from './tree.ts'

/** Whether a macro of this name may show what other pages hold. */
export type ShowsOtherPages = (macroName: string) => boolean

export interface ServerView {
  readonly tree: XmlElement
  /** A macro's rendering, by its id, else as the nth of its name when there are as many here as in the page. */
  fragment(macro: Macro, place: MacroPlace): XmlElement | undefined
}

/** Which of how many macros of its name one is, in the order of the page. */
export interface MacroPlace {
  readonly nth: number
  readonly of: number
}

/** Reads a view for single macros: what may show other pages is gone from it. */
export function readView(html: string, showsOtherPages: ShowsOtherPages): ServerView {
  const tree = parseView(html)
  replaceMacros(tree, ({ name }) => (showsOtherPages(name) ? [] : undefined))
  return indexed(tree)
}

/** A macro of the page in hand. */
interface PlacedMacro {
  readonly macro: Macro
  readonly place: MacroPlace
  /** May show what other pages hold, so that it is never taken from the view. */
  readonly guarded: boolean
}

/**
 * Reads a view as a whole: what may show other pages stands in it as the page's own macros, to be rendered like in storage format, and
 * links bear no words but the page's own.
 *
 * @param macros all macros of the page
 * @returns `undefined` when one that is guarded is not where it should be: then nobody can say what else shows other pages
 */
export function readWholeView(
  html: string,
  { page, storage, macros, showsOtherPages }: WholePage,
): XmlElement | undefined {
  const tree = parseView(html)
  const left = new Set(macros)
  const places = new Map<string, number>()
  const nameOf = ({ macro }: PlacedMacro) => macro.name.toLowerCase()
  const guardedNames = new Set(macros.filter(({ guarded }) => guarded).map(nameOf))
  replaceMacros(tree, ({ name, id, element }) => {
    const nth = places.get(name) ?? 0
    places.set(name, nth + 1)
    const sameName = [...left].filter((each) => nameOf(each) === name)
    const found =
      sameName.find(({ macro }) => id !== undefined && macro.id === id) ??
      sameName.find(({ place }) => place.nth === nth)
    if (found) left.delete(found)
    const ownWords = found !== undefined && hasBody(found.macro)
    const kept = !guardedNames.has(name) && !showsOtherPages(name)
    if (kept && (ownWords || !tellsOfOthers(element, page))) return undefined
    return found ? [found.macro.element] : []
  })
  if ([...left].some(({ guarded }) => guarded)) return undefined
  return withOwnLinks(tree, page, wordsOnLinks(storage))
}

interface WholePage {
  readonly page: SourcePage
  /** The page in storage format. */
  readonly storage: XmlElement
  readonly macros: readonly PlacedMacro[]
  readonly showsOtherPages: ShowsOtherPages
}

const hasBody = ({ richBody, plainBody }: Macro) => richBody !== undefined || plainBody !== undefined

/**
 * Writes a macro as the server renders it, marked as such.
 *
 * @returns whether there was anything to see
 */
export function renderFragment(macro: Macro, fragment: XmlElement, renderer: Renderer): boolean {
  const { out } = renderer
  const start = out.mark()
  out.element(fragment.name === 'span' ? 'span' : 'div', { 'data-rendered-by': 'server' }, () =>
    renderer.render(fragment.children),
  )
  if (!out.visibleSince(start)) {
    out.rewind(start)
    return false
  }
  renderer.lose('rendered_by_server', macro.name)
  return true
}

function indexed(tree: XmlElement): ServerView {
  const byId = new Map<string, XmlElement[]>()
  const byName = new Map<string, XmlElement[]>()
  eachElement(tree, (element) => {
    const name = macroName(element)
    if (name === undefined) return
    put(byName, name, element)
    const id = element.attributes['data-macro-id']
    if (id) put(byId, id, element)
  })
  return {
    tree,
    fragment(macro, { nth, of }) {
      const sameId = macro.id === undefined ? [] : (byId.get(macro.id) ?? [])
      if (sameId.length === 1) return sameId[0]
      const sameName = byName.get(macro.name.toLowerCase()) ?? []
      return sameName.length === of ? sameName[nth] : undefined
    },
  }
}

function put(index: Map<string, XmlElement[]>, key: string, element: XmlElement): void {
  const there = index.get(key)
  if (there) there.push(element)
  else index.set(key, [element])
}

function macroName(element: XmlElement): string | undefined {
  return element.attributes['data-macro-name']?.toLowerCase()
}

function eachElement(element: XmlElement, visit: (element: XmlElement) => void): void {
  visit(element)
  for (const child of element.children) if (typeof child !== 'string') eachElement(child, visit)
}

interface MarkedMacro {
  readonly name: string
  readonly id: string | undefined
  readonly element: XmlElement
}

type Replace = (macro: MarkedMacro) => readonly XmlNode[] | undefined

function replaceMacros(element: XmlElement, replace: Replace): void {
  for (let i = 0; i < element.children.length; i++) {
    const child = element.children[i]!
    if (typeof child === 'string') continue
    const name = macroName(child)
    const id = child.attributes['data-macro-id']
    const replacement = name === undefined ? undefined : replace({ name, id, element: child })
    if (!replacement) replaceMacros(child, replace)
    else {
      element.children.splice(i, 1, ...replacement)
      i += replacement.length - 1
    }
  }
}

/**
 * Cards, and links by id alone, bear the title of the page they lead to, which not every reader may know: their address does instead.
 */
function withOwnLinks(tree: XmlElement, page: SourcePage, own: ReadonlySet<string>): XmlElement {
  eachElement(tree, (element) => {
    const { name, attributes, children } = element
    const { href = '', 'data-card-appearance': card } = attributes
    if (name !== 'a') return
    const words = wordsOn(element)
    const foreign = words !== '' && !own.has(words) && leadsElsewhere(href, page)
    if (card !== undefined || foreign) children.splice(0, children.length, absolute(href, page))
  })
  return tree
}

function absolute(href: string, { url }: SourcePage): string {
  return URL.canParse(href, url) ? new URL(href, url).href : href
}
