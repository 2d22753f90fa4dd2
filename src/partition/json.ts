/**
 * Reads JSON and NDJSON: elements that somebody wrote come back as elements; anything else is text.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import { elementsFromJson } from '../model/element-json.ts'
import type { FileOptions, ReadFile } from './file.ts'
import { damaged, tooMuch } from './problems.ts'
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
    (metadata === undefined || isObject(metadata)) &&
    (id === undefined || typeof id === 'string')
  )
}

/** What whoever has the file says of it, and what stands in no relation any more. */
const ofTheDocument: ReadonlySet<string> = new Set([
  ...['parent_id', 'attached_to_filename'],
  ...['ancestors', 'anchor_url', 'author', 'labels'],
])

/**
 * It is an element of this file from now on; where it came from and who may read it, whoever has the file says (the reference keeps it).
 * Metadata that is not as it should be is left out, since everything behind relies on it.
 */
function anew({ type, text, metadata, checked }: Element, mode: FileOptions['mode']): Element {
  const { data_source, ...given } = metadata ?? {}
  const kept = Object.entries(given).filter(([name, value]) => !ofTheDocument.has(name) && isFit(name, value))
  const source = mode === 'compat' && data_source ? { data_source } : {}
  return {
    ...{ type, element_id: '', text, metadata: { ...Object.fromEntries(kept), ...source } },
    ...(typeof checked === 'boolean' && { checked }),
  }
}

const isText = (value: unknown): boolean => typeof value === 'string'
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value)
const isPlace = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value.points) && value.points.every(isPoint)
const isPoint = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number')

type Test = (value: unknown) => boolean

const names = (test: Test, list: string): (readonly [string, Test])[] =>
  list.split(/\s+/).map((name) => [name, test])

/** What values have to be, by name; of other names, anything goes that is not null. */
const fit: ReadonlyMap<string, Test> = new Map([
  ...names(isText, 'text_as_html page_name image_url image_base64 image_mime_type last_modified url'),
  ...names(isText, 'orig_elements table_id code_language filename filetype file_directory'),
  ...names(areTexts, 'emphasized_text_contents emphasized_text_tags languages'),
  ...names(areTexts, 'link_texts link_urls heading_path'),
  ...names(isCount, 'category_depth page_number chunk_index num_carried_over_header_rows'),
  ...names((value) => Array.isArray(value) && value.every(isObject), 'links'),
  ...names(isPlace, 'coordinates'),
])

const isFit = (name: string, value: unknown): boolean => value !== null && (fit.get(name)?.(value) ?? true)

const asText = (value: unknown): Element => ({
  type: 'UncategorizedText',
  element_id: '',
  text: typeof value === 'string' ? value : printed(value),
  metadata: {},
})

/** @throws {OutflowError} code `file.too_much` */
function printed(value: unknown): string {
  try {
    return JSON.stringify(sorted(value), null, 2)
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooMuch('JSON file', 'values in values without end')
    throw thrown
  }
}

/** Keys in order, as the reference prints them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}
