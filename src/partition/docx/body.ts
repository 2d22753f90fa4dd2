/**
 * Reads the main part of a Word document block by block: only one paragraph or table is held at a time.
 *
 * @module
 */

import { usualNames } from '../office/namespaces.ts'
import { createTrees, readXml, type XmlNode } from '../office/xml.ts'

/** @param take is given each child of the body @throws {OutflowError} kind `content` */
export function readBody(text: string, what: string, take: (block: XmlNode) => void): void {
  const trees = createTrees(take)
  let depth = 0
  let inBody = false
  readXml(
    text,
    what,
    usualNames({
      open(name, attributes) {
        if (inBody) trees.open(name, attributes)
        else if (depth === 1 && name === 'w:body') inBody = true
        depth += 1
      },
      text: (part) => trees.text(part),
      close(name) {
        depth -= 1
        if (inBody && depth === 1) inBody = false
        else if (inBody) trees.close(name)
      },
    }),
  )
}
