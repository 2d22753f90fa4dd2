/**
 * Reads a large part of an office document block by block: only one paragraph or table is held at a time.
 *
 * @module
 */

import { usualNames } from './namespaces.ts'
import { createTrees, readXml, type XmlNode, type XmlSink } from './xml.ts'

/** @param takers by the name of an element: is given each of its children as a tree @throws {OutflowError} kind `content` */
export function readBlocks(
  text: string,
  what: string,
  takers: Readonly<Record<string, (block: XmlNode) => void>>,
): void {
  let depth = 0
  let trees: XmlSink | undefined
  /** How deep the element is whose children are being read. */
  let container = 0
  readXml(
    text,
    what,
    usualNames({
      open(name, attributes) {
        depth += 1
        if (trees) return trees.open(name, attributes)
        const take = Object.hasOwn(takers, name) ? takers[name] : undefined
        if (!take) return
        trees = createTrees(take)
        container = depth
      },
      text: (part) => trees?.text(part),
      close(name) {
        if (depth === container) trees = undefined
        trees?.close(name)
        depth -= 1
      },
    }),
  )
}
