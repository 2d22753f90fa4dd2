/**
 * Charts and diagrams of office documents as text: a chart is the table of its figures, a diagram the lines written in it.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import { escapeValue } from '../../util/escape.ts'
import { type RichCell, richTable, type TableContent } from './rich-table.ts'
import { childOf, descendantsOf, textOf, type XmlNode } from './xml.ts'

export interface Chart {
  /** May be empty. */
  readonly title: string
  /** A column for each series, a row for each category; undefined when there are no figures. */
  readonly table: TableContent | undefined
}

/** @param node root of a part of type `chart` */
export function readChart(node: XmlNode): Chart {
  const title = descendantsOf(node, 'c:title')[0]
  const series = descendantsOf(node, 'c:ser')
  const names = series.map((each) => points(childOf(each, 'c:tx'))[0] ?? '')
  const categories = points(childOf(series[0], 'c:cat') ?? childOf(series[0], 'c:xVal'))
  const values = series.map((each) => points(childOf(each, 'c:val') ?? childOf(each, 'c:yVal')))
  const rows = Math.min(
    mostRows,
    values.reduce((most, { length }) => Math.max(most, length), 0),
  )
  const body = Array.from({ length: rows }, (_, row) => [
    cell(categories[row] ?? '', true),
    ...values.map((each) => cell(each[row] ?? '', false)),
  ])
  const head = ['', ...names].map((name) => cell(name, true))
  return {
    title: title ? linesOf(title).join(' ') : '',
    table: rows === 0 || series.length > mostSeries ? undefined : richTable([head, ...body]),
  }
}

/** Far more than a chart can show. */
const mostRows = 10_000
const mostSeries = 500

/** @param node root of a part of type `diagramData` */
export const readDiagram = (node: XmlNode): string =>
  descendantsOf(node, 'dgm:pt')
    .map((point) => linesOf(point).join(' '))
    .filter((line) => line !== '')
    .join('\n')

const cell = (text: string, heading: boolean): RichCell => ({
  columns: 1,
  rows: 1,
  heading,
  content: { text, html: escapeValue(text), pages: 0 },
})

/** Texts of the points, as they are cached, in the order of their numbers as written. */
const points = (node: XmlNode | undefined): string[] =>
  node ? descendantsOf(node, 'c:v').map((value) => collapseSpace(textOf(value))) : []

/** Each paragraph of DrawingML that says something. */
const linesOf = (node: XmlNode): string[] =>
  descendantsOf(node, 'a:p')
    .map((paragraph) => collapseSpace(descendantsOf(paragraph, 'a:t').map(textOf).join('')))
    .filter((line) => line !== '')
