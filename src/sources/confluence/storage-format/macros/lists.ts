/**
 * Macros that list pages: built from the known tree, as far as every reader of this page may see it.
 *
 * @module
 */

import type { PageLink } from '../../surroundings.ts'
import { findElement } from '../macro.ts'
import type { Macro, MacroRule, PageRoot, Question, Renderer, SourcePage } from '../renderer.ts'
import { readLabelQuery } from './label-query.ts'

/** `all` in a macro means the whole tree below; nobody's is deeper. */
const wholeTree = 100

const children: MacroRule = listRule((macro, page) => ({
  ask: 'children',
  root: rootOf(macro, 'page', page, '@self'),
  depth: macro.text('all') === 'true' ? wholeTree : positive(macro.text('depth'), 1),
}))

/** The browser shows as much of the tree as `startDepth` opens. */
const pageTree: MacroRule = listRule((macro, page) => ({
  ask: 'children',
  root: rootOf(macro, 'root', page, '@home'),
  depth: positive(macro.text('startDepth'), 1),
}))

const labelled: MacroRule = listRule((macro) => {
  const query = readLabelQuery(macro)
  return query && { ask: 'labelled', query }
})

/** Where no space is named, Confluence looks in all of them; what is known here is this one. */
const contentByLabel: MacroRule = {
  ...labelled,
  render(macro, renderer) {
    labelled.render(macro, renderer)
    if (readLabelQuery(macro)?.spaceKeys.length === 0) renderer.lose('partial_list', macro.name)
  },
}

export const listMacros: Readonly<Record<string, MacroRule>> = {
  children,
  pagetree: pageTree,
  contentbylabel: contentByLabel,
}

/** A rule for a list that one question answers; without a question, or an answer, the list is a loss. */
function listRule(question: (macro: Macro, page: SourcePage) => Question | undefined): MacroRule {
  return {
    showsOtherPages: true,
    asks(macro, page) {
      const asked = question(macro, page)
      return asked ? [asked] : []
    },
    render(macro, renderer) {
      const asked = question(macro, renderer.page)
      const pages = asked && renderer.answers.pages(asked)
      if (pages) renderLinks(arranged(pages, macro, renderer.page), renderer)
      else renderer.lose('unsupported_macro', macro.name)
    },
  }
}

/** Order by title, reversal and cut are known here; every other order is the tree's own. */
function arranged(pages: readonly PageLink[], macro: Macro, page: SourcePage): readonly PageLink[] {
  const wanted = macro.text('excludeCurrent') === 'true' ? pages.filter(({ id }) => id !== page.id) : pages
  const sorted =
    macro.text('sort') === 'title' ? wanted.toSorted((a, b) => a.title.localeCompare(b.title)) : wanted
  const ordered = macro.text('reverse') === 'true' ? sorted.toReversed() : sorted
  const first = positive(macro.text('first'), 0)
  return first > 0 ? ordered.slice(0, first) : ordered
}

function renderLinks(pages: readonly PageLink[], renderer: Renderer): void {
  if (pages.length === 0) return
  const { out } = renderer
  out.element('ul', {}, () => {
    for (const page of pages) {
      out.element('li', {}, () => {
        out.phrase('a', { href: page.url }, page.title)
        renderLinks(page.children, renderer)
      })
    }
  })
}

/** Relative to the page whose text holds the macro, which may be an included one. */
function rootOf(macro: Macro, parameter: string, page: SourcePage, otherwise: '@self' | '@home'): PageRoot {
  const linked = findElement(macro.parameter(parameter), 'ri:page')
  const named = linked?.attributes['ri:content-title'] ?? macro.text(parameter)
  const spaceKey = linked?.attributes['ri:space-key'] ?? (macro.text('spaceKey') || page.spaceKey)
  const special = named === '' ? otherwise : named
  if (special === '@self') return page.inHand ? { special } : { title: page.title, spaceKey: page.spaceKey }
  if (special === '@home') return { special, spaceKey }
  if (special === '@parent' && page.inHand) return { special }
  return { title: named, spaceKey }
}

function positive(text: string, otherwise: number): number {
  const number = Number.parseInt(text, 10)
  return number > 0 ? number : otherwise
}
