/**
 * The text in vector drawings (SVG). They are never painted, and nothing that they refer to is followed.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { readXml } from '../office/xml.ts'

const textual: ReadonlySet<string> = new Set(['title', 'desc', 'text', 'foreignObject'])
/** Of a metadata block or a style sheet nobody sees anything. */
const unseen: ReadonlySet<string> = new Set(['style', 'script', 'metadata'])

/**
 * Titles, descriptions and labels, in their order, with one space between.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.too_much`
 */
export function svgText(bytes: Uint8Array): string {
  const drawing = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  let inside = 0
  let hidden = 0
  let text = ''
  // What stands before the root, such as a list of entities, concerns no text.
  readXml(drawing.slice(Math.max(0, drawing.search(/<(?:svg:)?svg[\s>]/))), 'drawing', {
    open(name) {
      // A line of a label is a tag of its own.
      if (inside > 0) text += ' '
      if (textual.has(local(name))) inside += 1
      if (unseen.has(local(name))) hidden += 1
    },
    text(part) {
      if (inside > 0 && hidden === 0) text += part
    },
    close(name) {
      if (inside > 0) text += ' '
      if (textual.has(local(name))) inside -= 1
      if (unseen.has(local(name))) hidden -= 1
    },
  })
  return text.trim().split(/\s+/).join(' ')
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)
