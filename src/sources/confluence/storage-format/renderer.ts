/**
 * What the parts of the renderer know of one another: a page, its macros, what they ask of the wiki, and the renderer that each
 * of them writes with.
 *
 * @module
 */

import type { Included, PageLink } from '../surroundings.ts'
import type { Tape } from './tape.ts'
import type { XmlElement, XmlNode } from './tree.ts'

/** The page whose storage is being rendered: links, pictures and macros in it are relative to it. */
export interface SourcePage {
  readonly id: string
  readonly title: string
  readonly spaceKey: string
  readonly url: string
  /** Whether it is the page in hand itself, not one that it includes. */
  readonly inHand: boolean
}

/** A macro, of either spelling: `ac:structured-macro` or the older `ac:macro`. */
export interface Macro {
  /** As written. */
  readonly name: string
  readonly id: string | undefined
  readonly element: XmlElement
  /** Text of a parameter, trimmed; `''` when it is absent. The one without a name has the name `''`. */
  readonly text: (parameter: string) => string
  /** The parameter itself, where it holds more than text. */
  parameter(name: string): XmlElement | undefined
  readonly parameters: readonly XmlElement[]
  readonly richBody: XmlElement | undefined
  readonly plainBody: string | undefined
  /** What stands where nothing may stand, because some tag was never closed. */
  readonly stray: readonly XmlNode[]
}

/** What rendering asks of the wiki; asked beforehand, in bulk. */
export type Question =
  | {
      readonly ask: 'include'
      readonly spaceKey: string
      readonly title: string
      readonly part: IncludedPart
    }
  | { readonly ask: 'children'; readonly root: PageRoot; readonly depth: number }
  | { readonly ask: 'labelled'; readonly query: LabelQuery }
  | PropertiesQuestion
  | { readonly ask: 'view' }

/** The page properties of labelled pages of one space; of macros with that id alone, unless it is `''`. */
interface PropertiesQuestion {
  readonly ask: 'properties'
  readonly query: LabelQuery
  readonly spaceKey: string
  readonly id: string
}

/** All of a page, or one of its excerpts (`''`: the default one). */
export type IncludedPart = 'page' | { readonly excerpt: string }

export interface PageRoot {
  readonly title?: string
  readonly spaceKey?: string
  readonly special?: '@self' | '@parent' | '@home'
}

export interface LabelQuery {
  readonly labels: readonly string[]
  readonly any: boolean
  readonly spaceKeys: readonly string[]
  readonly limit: number
}

/** Another page's content, parsed; or why there is none. `failed`: the wiki could not say. */
export type IncludedPage =
  | { readonly outcome: 'found'; readonly page: PageLink; readonly tree: XmlElement }
  | Exclude<Included, { readonly outcome: 'found' }>
  | { readonly outcome: 'failed' }

/** All answers, known before rendering begins. */
export interface Answers {
  userName(id: string): string | undefined
  included(spaceKey: string, title: string): IncludedPage
  /** `undefined`: could not be known. */
  pages(question: Question): readonly PageLink[] | undefined
  /** A macro as the server renders it; `undefined` where there is no such rendering. */
  fragment(macro: Macro): XmlElement | undefined
}

/** How one macro is rendered, and what it has to know for it. */
export interface MacroRule {
  render(macro: Macro, renderer: Renderer): void
  asks?(macro: Macro, page: SourcePage): readonly Question[]
  /** It shows what other pages hold, so the server's rendering, made for the crawling account, is never used. */
  readonly showsOtherPages?: true
}

export interface Renderer {
  readonly out: Tape
  readonly page: SourcePage
  readonly answers: Answers
  /** Base of web links, no slash at the end. */
  readonly webUrl: string
  readonly deployment: 'cloud' | 'data-center'
  /** Web address of a page by its title. */
  pageUrl(spaceKey: string, title: string): string
  readonly render: (nodes: readonly XmlNode[]) => void
  /** The anchor of a heading with this text; each call makes another one. */
  anchor(headingText: string): string
  /** Renders another page's content in place. @returns whether it did: not within itself, nor without end. */
  renderPage(page: SourcePage, nodes: readonly XmlNode[]): boolean
  /** Records what does not show, once for each name. */
  lose(code: string, name: string): void
}
