/**
 * Reads JSON and NDJSON: elements that somebody wrote come back as elements; anything else is text.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import { elementsFromJson } from '../model/element-json.ts'
import type { FileOptions, ReadFile } from './file.ts'
import { damaged } from './problems.ts'
import { textOfFile } from './text.ts'

/** An array of objects is that many pieces, anything else one. */
export const readJson: ReadFile = async (file, options) => {
  const text = textOfFile(file, options).trim()
  if (text === '') return []
  const value = parsed(text, 'JSON file', 'it is not JSON')
  return elementsOf(Array.isArray(value) && value.every(isObject) ? value : [value], options)
}

/** Each line is a piece. */
export const readNdjson: ReadFile = async (file, options) => {
  const lines = textOfFile(file, options).split(/\r?\n/)
  const values = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parsed(line, 'NDJSON file', `line ${index + 1} is not JSON`)],
  )
  return elementsOf(values, options)
}

function parsed(text: string, what: string, problem: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw damaged(what, problem, thrown)
  }
}

function elementsOf(values: readonly unknown[], { mode }: FileOptions): Element[] {
  if (values.length > 0 && values.every(isElement))
    return elementsFromJson(JSON.stringify(values)).map((element) => anew(element, mode))
  return values.map(asText)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function isElement(value: unknown): boolean {
  if (!isObject(value)) return false
  const { type, text, metadata, element_id: id } = value
  return (
    typeof type === 'string' &&
    typeof text === 'string' &&
    (metadata === undefined || typeof metadata === 'object') &&
    (id === undefined || typeof id === 'string')
  )
}

/** It is an element of this file from now on; where it came from and who may read it, whoever has the file says (the reference keeps it). */
function anew({ metadata, ...element }: Element, mode: FileOptions['mode']): Element {
  const { data_source, parent_id: _, ...kept } = metadata ?? {}
  const source = mode === 'compat' && data_source ? { data_source } : {}
  return { ...element, element_id: '', metadata: { ...kept, ...source } }
}

const asText = (value: unknown): Element => ({
  type: 'UncategorizedText',
  element_id: '',
  text: typeof value === 'string' ? value : JSON.stringify(sorted(value), null, 2),
  metadata: {},
})

/** Keys in order, as the reference prints them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}
