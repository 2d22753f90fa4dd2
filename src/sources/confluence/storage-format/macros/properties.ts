/**
 * Page properties (`details`) of other pages, and the report of them: a table with a row for each page that carries a label.
 *
 * @module
 */

import type { PageLink } from '../../surroundings.ts'
import { isMacro, readMacro, shownText } from '../macro.ts'
import type { Macro, MacroRule, Question, Renderer, SourcePage } from '../renderer.ts'
import type { XmlElement, XmlNode } from '../tree.ts'
import { readLabelQuery } from './label-query.ts'

type PropertiesQuestion = Extract<Question, { ask: 'properties' }>

/** As many rows as Confluence shows at once, unless told otherwise. */
const usualRows = 30

/** What a page's properties say, by name. */
type Properties = ReadonlyMap<string, readonly XmlNode[]>

interface Row {
  readonly link: PageLink
  readonly page: SourcePage
  readonly properties: Properties
}

const report: MacroRule = {
  showsOtherPages: true,
  asks(macro, page) {
    const question = questionOf(macro, page)
    return question ? [question] : []
  },
  render(macro, renderer) {
    const question = questionOf(macro, renderer.page)
    const pages = question && renderer.answers.pages(question)
    if (!question || !pages) renderer.lose('unsupported_macro', macro.name)
    else {
      if (pages.length === question.query.limit) renderer.lose('partial_list', macro.name)
      renderReport(macro, rowsOf(pages, { macro, question, renderer }), renderer)
    }
  },
}

export const propertyMacros: Readonly<Record<string, MacroRule>> = { detailssummary: report }

/** The bodies of a page's property macros; of those with this id alone, when there is one. */
export function propertyNodes(tree: XmlElement, id: string): XmlElement[] {
  const found: XmlElement[] = []
  for (const child of tree.children) {
    if (typeof child === 'string') continue
    const macro = isMacro(child) && child.attributes['ac:name'] === 'details' ? readMacro(child) : undefined
    if (macro?.richBody && (id === '' || macro.text('id') === id)) found.push(macro.richBody)
    found.push(...propertyNodes(child, id))
  }
  return found
}

/** A report over several spaces cannot be asked for: a listed page does not say which of them it is in. */
function questionOf(macro: Macro, page: SourcePage): PropertiesQuestion | undefined {
  const query = readLabelQuery(macro, usualRows)
  if (!query || query.spaceKeys.length > 1) return undefined
  return { ask: 'properties', query, spaceKey: query.spaceKeys[0] ?? page.spaceKey, id: macro.text('id') }
}

function rowsOf(
  pages: readonly PageLink[],
  { macro, question, renderer }: { macro: Macro; question: PropertiesQuestion; renderer: Renderer },
): Row[] {
  const rows = pages.flatMap((link): Row[] => {
    const included = renderer.answers.included(question.spaceKey, link.title)
    const bodies = included.outcome === 'found' ? propertyNodes(included.tree, question.id) : []
    const page = { ...link, spaceKey: question.spaceKey, inHand: false }
    return bodies.length > 0 ? [{ link, page, properties: readProperties(bodies) }] : []
  })
  const key = macro.text('sortBy')
  const sorted = key === '' ? rows : rows.toSorted((a, b) => sortText(a, key).localeCompare(sortText(b, key)))
  return macro.text('reverseSort') === 'true' ? sorted.toReversed() : sorted
}

/** A column of the report; any other name is the first column's, the title. */
function sortText({ link, properties }: Row, column: string): string {
  return properties.get(column)?.map(shownText).join('').trim() ?? link.title
}

function renderReport(macro: Macro, rows: readonly Row[], renderer: Renderer): void {
  if (rows.length === 0) return
  const { out } = renderer
  const wanted = macro
    .text('headings')
    .split(',')
    .map((each) => each.trim())
  const columns = wanted[0] ? wanted : [...new Set(rows.flatMap(({ properties }) => [...properties.keys()]))]
  const headings = [macro.text('firstcolumn') || 'Title', ...columns]
  out.element('table', {}, () => {
    out.element('tr', {}, () => {
      for (const heading of headings) out.phrase('th', {}, heading)
    })
    for (const row of rows) {
      out.element('tr', {}, () => {
        out.element('td', {}, () => out.phrase('a', { href: row.link.url }, row.link.title))
        for (const column of columns) {
          out.element('td', {}, () => renderer.renderPage(row.page, row.properties.get(column) ?? []))
        }
      })
    }
  })
}

/** Names beside their values, or, where the first row holds nothing but names, above them. */
function readProperties(bodies: readonly XmlElement[]): Properties {
  const rows = bodies.flatMap((body) => elementsNamed(body, 'tr')).map((row) => cellsOf(row))
  const [names = [], values] = rows
  const above = values !== undefined && names.length > 1 && names.every((cell) => cell.name === 'th')
  const pairs = above
    ? names.map((name, i) => [name, values[i]] as const)
    : rows.map(([name, value]) => [name, value] as const)
  return new Map(
    pairs.flatMap(([name, value]) =>
      name ? [[shownText(name).trim(), value?.children ?? []] as const] : [],
    ),
  )
}

function cellsOf(row: XmlElement): XmlElement[] {
  return row.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (child.name === 'th' || child.name === 'td'),
  )
}

/** Not those within one another: a table in a cell is the cell's own. */
function elementsNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => {
    if (typeof child === 'string') return []
    return child.name === name ? [child] : elementsNamed(child, name)
  })
}
