/**
 * Charts and diagrams of office documents as text: a chart is the table of its figures, a diagram the lines written in it.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { ElementMetadata } from '../../model/element.ts'
import { escapeValue } from '../../util/escape.ts'
import { drawnLines } from './drawing-text.ts'
import { createFormats } from './number-formats.ts'
import { type RichCell, richTable, type TableContent } from './rich-table.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlNode } from './xml.ts'

interface Chart {
  /** May be empty. */
  readonly title: string
  /** A column for each series, a row for each category; undefined when there are no figures. */
  readonly table: TableContent | undefined
}

/** @param node root of a part of type `chart` */
export function readChart(node: XmlNode): Chart {
  const title = childOf(childOf(node, 'c:chart'), 'c:title')
  const from1904 = /^(?:1|true)$/.test(childOf(node, 'c:date1904')?.attributes.val ?? '')
  const series = descendantsOf(node, 'c:ser')
  const names = series.map((each) => points(childOf(each, 'c:tx'), from1904).join(' '))
  const categories = points(childOf(series[0], 'c:cat') ?? childOf(series[0], 'c:xVal'), from1904)
  const values = series.map((each) => points(childOf(each, 'c:val') ?? childOf(each, 'c:yVal'), from1904))
  const rows = values.reduce((most, { length }) => Math.max(most, length), 0)
  const body = Array.from({ length: rows }, (_, row) => [
    cell(categories[row] ?? '', true),
    ...values.map((each) => cell(each[row] ?? '', false)),
  ])
  const head = ['', ...names].map((name) => cell(name, true))
  return {
    title: title ? drawnLines(title).join(' ') : '',
    table: rows === 0 || series.length > mostSeries ? undefined : richTable([head, ...body]),
  }
}

/** Adds an element. */
type Add = (
  type: 'FigureCaption' | 'Table' | 'UncategorizedText',
  text: string,
  metadata: ElementMetadata,
) => void

/** A chart: its title as a caption, its figures as a table. @param node root of a part of type `chart` */
export function tellChart(node: XmlNode, add: Add): void {
  const { title, table } = readChart(node)
  if (title !== '') add('FigureCaption', title, {})
  if (table) add('Table', table.text, { text_as_html: table.html })
}

/** A diagram: the lines in it, where there are any. @param node root of a part of type `diagramData` */
export function tellDiagram(node: XmlNode, add: Add): void {
  const text = readDiagram(node)
  if (text !== '') add('UncategorizedText', text, {})
}

/** Far more than a chart can show. */
const mostPoints = 10_000
const mostSeries = 500

/** @param node root of a part of type `diagramData` */
export const readDiagram = (node: XmlNode): string =>
  descendantsOf(node, 'dgm:pt')
    .map((point) => drawnLines(point).join(' '))
    .filter((line) => line !== '')
    .join('\n')

const cell = (text: string, heading: boolean): RichCell => ({
  columns: 1,
  rows: 1,
  heading,
  content: { text, html: escapeValue(text), pages: 0 },
})

/** Texts of the points as they are cached, each at its number: one that is blank is left out there, and empty here. */
function points(node: XmlNode | undefined, from1904: boolean): string[] {
  if (!node) return []
  const levels = descendantsOf(node, 'c:lvl')
  if (levels.length > 0) return levelPoints(levels.map((level) => pointsIn(level, from1904)))
  const cache = ['c:strCache', 'c:numCache', 'c:strLit', 'c:numLit'].flatMap((name) =>
    descendantsOf(node, name),
  )[0]
  return cache ? pointsIn(cache, from1904) : descendantsOf(node, 'c:v').map(cachedIn)
}

function pointsIn(cache: XmlNode, from1904: boolean): string[] {
  const shown = shownBy(textOf(childOf(cache, 'c:formatCode')), from1904)
  const texts: string[] = []
  for (const point of childrenOf(cache)) {
    const place = Number(point.attributes.idx)
    if (point.name !== 'c:pt' || !(place >= 0 && place < mostPoints)) continue
    while (texts.length <= place) texts.push('')
    texts[place] = shown(cachedIn(childOf(point, 'c:v')))
  }
  return texts
}

/** The innermost level stands first; what stands above it is told once for all that it is above. */
function levelPoints([inner = [], ...outer]: readonly string[][]): string[] {
  const above = outer.toReversed().map((level) => carried(level, inner.length))
  return inner.map((text, place) =>
    [...above.map((level) => level[place]!), text].filter((each) => each !== '').join(' '),
  )
}

/** Each text again, until the next. */
function carried(level: readonly string[], length: number): string[] {
  let last = ''
  return Array.from({ length }, (_, place) => {
    last = level[place] || last
    return last
  })
}

const cachedIn = (node: XmlNode | undefined): string => collapseSpace(textOf(node))

/** Numbers as their axis shows them; texts as they are. */
function shownBy(code: string, from1904: boolean): (value: string) => string {
  if (code === '') return (value) => value
  const format = createFormats({ codes: new Map([[0, code]]), styles: [0], from1904 })(0)
  return (value) => (value === '' || Number.isNaN(Number(value)) ? value : format(Number(value)).text)
}
