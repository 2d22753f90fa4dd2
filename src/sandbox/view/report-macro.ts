/**
 * The page properties report: a table of what other pages say in their `details` macros, for those that the caller may open.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import type { WorldNode } from '../world.ts'
import { queried } from './listing-macros.ts'
import { type Macro, type MacroRenderer, parameterOf, wrap } from './macro.ts'
import { everyTag, html, isTag, readMarkup, type Tag, textOf } from './markup.ts'
import type { Rendering } from './rendering.ts'

interface Row {
  readonly page: WorldNode
  readonly cells: ReadonlyMap<string, Tag>
}

export const propertiesReport: MacroRenderer = (macro, rendering) => {
  const rows = queried(macro, rendering).flatMap((page): Row[] => {
    const cells = propertiesOf(page, macro, rendering)
    return cells.size === 0 ? [] : [{ page, cells }]
  })
  const wanted = macro.parameter('headings')?.split(',')
  const columns = wanted?.map((name) => name.trim()) ?? [
    ...new Set(rows.flatMap(({ cells }) => [...cells.keys()])),
  ]
  const heading = [macro.parameter('firstcolumn') ?? 'Title', ...columns]
    .map((name) => html('th', { class: 'confluenceTh' }, escapeValue(name)))
    .join('')
  const table = html(
    'table',
    { class: 'confluenceTable' },
    html('tbody', {}, html('tr', {}, heading) + rows.map((row) => rowOf(row, columns, rendering)).join('')),
  )
  return wrap(macro, html('div', { class: 'table-wrap' }, table), { css: 'metadata-summary-macro' })
}

function rowOf({ page, cells }: Row, columns: readonly string[], rendering: Rendering): string {
  const href = `${rendering.context.contextPath}/pages/viewpage.action?pageId=${page.id}`
  const values = columns.map((name) => {
    const cell = cells.get(name)
    return cell === undefined ? '' : rendering.within(page).inside(cell)
  })
  return html(
    'tr',
    {},
    [html('a', { href }, escapeValue(page.title)), ...values]
      .map((inside) => html('td', { class: 'confluenceTd' }, inside))
      .join(''),
  )
}

/** What stands in the first two columns of the `details` tables, those with the report's id if it names one. */
function propertiesOf(page: WorldNode, macro: Macro, { context }: Rendering): ReadonlyMap<string, Tag> {
  const wanted = macro.parameter('id')
  const properties = new Map<string, Tag>()
  for (const details of everyTag(readMarkup(context.world.storage(page.id)), 'ac:structured-macro')) {
    if (details.attributes['ac:name'] !== 'details') continue
    if (wanted !== undefined && wanted !== parameterOf(details, 'id')) continue
    for (const row of everyTag(details, 'tr')) {
      const [name, value] = row.children.filter(isTag)
      if (name !== undefined && value !== undefined) properties.set(textOf(name).trim(), value)
    }
  }
  return properties
}
