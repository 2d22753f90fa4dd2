/**
 * The elements that a chunk was made of, in one short text: JSON as Python writes it, deflated by zlib, in base64.
 *
 * @module
 */

import { deflateSync, inflateSync } from 'node:zlib'
import type { Element } from '../model/element.ts'
import { elementsFromJson, roundedElement } from '../model/element-json.ts'
import { damagedOriginals } from './problems.ts'

/** More than any document's chunk has: what unpacks to more bytes was made to do harm. */
const mostBytes = 200_000_000

/** Packs elements for `metadata.orig_elements`. What they were made of themselves is not kept. */
export function packElements(elements: readonly Element[]): string {
  const json = pythonJson(elements.map(withoutOriginals))
  return deflateSync(json).toString('base64')
}

/** Reads `metadata.orig_elements`. @throws {OutflowError} kind `content`, code `chunk.orig_elements`, when it is damaged or too large */
export function unpackElements(packed: string): Element[] {
  try {
    const json = inflateSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes })
    return elementsFromJson(json.toString())
  } catch (error) {
    throw damagedOriginals(error)
  }
}

function withoutOriginals(element: Element): Element {
  const { orig_elements, ...metadata } = element.metadata
  return roundedElement(orig_elements === undefined ? element : { ...element, metadata })
}

/** As `json.dumps(…, sort_keys=True)`: a space behind commas and colons, nothing but ASCII. */
function pythonJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([key, each]) => `${quoted(key)}: ${pythonJson(each)}`).join(', ')}}`
}

const beyondAscii = /[\u007f-\uffff]/g

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    beyondAscii,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
