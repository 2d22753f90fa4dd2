/**
 * What of the metadata of several elements holds for the chunk that they become (source: unstructured 0.27, consolidation strategies of
 * `ElementMetadata`). What is not named here does not hold for a chunk and is left out.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import type { Element, ElementMetadata } from '../model/element.ts'

/** One value of several, in the order of their elements; undefined = none. */
type Consolidate = (values: readonly unknown[], elements: readonly Element[]) => unknown

const first: Consolidate = ([value]) => value
const concatenated: Consolidate = (values) => values.flat()
const spaced: Consolidate = (values) => values.join(' ')
const union: Consolidate = (values) => [...new Set(values.flat())]

/** The value that all elements share. */
const agreed: Consolidate = (values, elements) =>
  values.length === elements.length && values.every((value) => isDeepStrictEqual(value, values[0]))
    ? values[0]
    : undefined

/** Of lists, what all of them begin with. An element that has text and no list has an empty one. */
const commonBeginning: Consolidate = (values, elements) => {
  const telling = elements.filter(({ text, metadata }) => text !== '' || metadata.heading_path !== undefined)
  if (values.length < telling.length) return undefined
  const [beginning = [], ...others] = values as readonly (readonly string[])[]
  const differs = beginning.findIndex((each, at) => others.some((other) => other[at] !== each))
  return differs === -1 ? beginning : beginning.slice(0, differs)
}

/** Of objects of lists, the union of each list. */
const unionOfLists: Consolidate = (values) => {
  const lists = new Map<string, readonly unknown[]>()
  for (const value of values as readonly Record<string, readonly unknown[]>[])
    for (const [name, list] of Object.entries(value))
      lists.set(name, [...new Set([...(lists.get(name) ?? []), ...list])])
  return Object.fromEntries(lists)
}

const strategies: ReadonlyMap<string, Consolidate> = new Map(
  Object.entries({
    attached_to_filename: first,
    bcc_recipient: first,
    cc_recipient: first,
    data_source: first,
    email_message_id: first,
    emphasized_text_contents: concatenated,
    emphasized_text_tags: concatenated,
    enrichment_origins: unionOfLists,
    file_directory: first,
    filename: first,
    filetype: first,
    languages: union,
    last_modified: first,
    link_texts: concatenated,
    link_urls: concatenated,
    page_name: first,
    page_number: first,
    sent_from: first,
    sent_to: first,
    signature: first,
    subject: first,
    table_as_cells: first,
    table_extraction_method: first,
    text_as_html: spaced,
    url: first,
    // Ours.
    ancestors: first,
    anchor_url: first,
    author: first,
    code_language: agreed,
    heading_path: commonBeginning,
    labels: first,
    rendered_by: first,
  }),
)

const isNothing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)

/** The metadata of a chunk of these elements. */
export function consolidate(elements: readonly Element[]): ElementMetadata {
  const metadata: ElementMetadata = {}
  for (const [name, values] of valuesByName(elements)) {
    const value = strategies.get(name)?.(values, elements)
    if (!isNothing(value)) metadata[name] = value
  }
  return metadata
}

/** What elements have, by the names that hold for a chunk. */
function valuesByName(elements: readonly Element[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const { metadata } of elements)
    for (const name of Object.keys(metadata)) {
      const value = metadata[name]
      if (value === undefined || value === null || !strategies.has(name)) continue
      const values = found.get(name)
      if (values === undefined) found.set(name, [value])
      else values.push(value)
    }
  return found
}
