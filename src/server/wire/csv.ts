/**
 * Elements as a table: one line an element, one column for each field that any of them has.
 * Source of the form: rfc-editor.org/rfc/rfc4180.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'

const first = ['type', 'element_id', 'text'] as const

export function elementsAsCsv(elements: readonly Element[]): string {
  const columns = [...new Set(elements.flatMap(({ metadata }) => Object.keys(metadata)))]
  const lines = elements.map((element) =>
    [...first.map((name) => element[name]), ...columns.map((name) => element.metadata[name])]
      .map(cell)
      .join(','),
  )
  return [[...first, ...columns].map(cell).join(','), ...lines, ''].join('\r\n')
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
