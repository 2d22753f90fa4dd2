/**
 * Reads XML from strangers: no document types, no entities beyond the five, no depth or number of nodes without end.
 *
 * @module
 */

import { Parser } from 'htmlparser2'
import { damaged, tooMuch } from '../problems.ts'

export interface XmlNode {
  /** With its prefix, as written: `w:p`. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (XmlNode | string)[]
}

export interface XmlSink {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text(text: string): void
  close(name: string): void
}

const deepest = 2000
/** About 100 bytes each: a document of some hundred thousand paragraphs. */
const mostNodes = 5_000_000

/**
 * Tells a document's tags and text in their order.
 *
 * @param what the format, for messages
 * @throws {OutflowError} codes `file.damaged` (a document type that declares something), `file.too_much`
 */
export function readXml(text: string, what: string, sink: XmlSink): void {
  let depth = 0
  let nodes = 0
  const parser = new Parser(
    {
      onprocessinginstruction(name, data) {
        if (name.toUpperCase() === '!DOCTYPE' && data.includes('['))
          throw damaged(what, 'it declares entities of its own, which are not followed')
      },
      onopentag(name, attributes) {
        depth += 1
        nodes += 1
        if (depth > deepest) throw tooMuch(what, `tags nested more than ${deepest.toLocaleString('en')} deep`)
        if (nodes > mostNodes)
          throw tooMuch(what, `more than ${mostNodes.toLocaleString('en')} tags in one part`)
        sink.open(name, attributes)
      },
      ontext: (part) => sink.text(part),
      onclosetag(name) {
        depth -= 1
        sink.close(name)
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(text)
}

type GrowingNode = {
  name: string
  attributes: Readonly<Record<string, string>>
  children: (XmlNode | string)[]
}

/**
 * The whole document as a tree; the node returned is the root element.
 *
 * @param through what stands between reader and tree, such as a renaming
 * @throws as `readXml`; `file.damaged` without a root
 */
export function parseXml(
  text: string,
  what: string,
  through: (sink: XmlSink) => XmlSink = asWritten,
): XmlNode {
  const roots: XmlNode[] = []
  readXml(text, what, through(createTrees((node) => void roots.push(node))))
  const root = roots[0]
  if (!root) throw damaged(what, 'a part of it is empty')
  return root
}

const asWritten = (sink: XmlSink): XmlSink => sink

/** Makes a tree of each outermost element that it is told, and hands it over when that closes. */
export function createTrees(take: (node: XmlNode) => void): XmlSink {
  const open: GrowingNode[] = []
  return {
    open(name, attributes) {
      const node: GrowingNode = { name, attributes, children: [] }
      open.at(-1)?.children.push(node)
      open.push(node)
    },
    text: (part) => void open.at(-1)?.children.push(part),
    close() {
      const node = open.pop()!
      if (open.length === 0) take(node)
    },
  }
}

export const childrenOf = (node: XmlNode | undefined): readonly XmlNode[] =>
  node ? node.children.filter((child): child is XmlNode => typeof child !== 'string') : []

export const childOf = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  childrenOf(node).find((child) => child.name === name)

/** All text below, in order. */
export function textOf(node: XmlNode | undefined): string {
  if (!node) return ''
  let text = ''
  const pending: (XmlNode | string)[] = [node]
  while (pending.length > 0) {
    const next = pending.pop()!
    if (typeof next === 'string') text += next
    else
      for (let index = next.children.length - 1; index >= 0; index -= 1) pending.push(next.children[index]!)
  }
  return text
}

/** Everything of this name in the node, itself included, in order. */
export function descendantsOf(node: XmlNode, name: string): XmlNode[] {
  const found: XmlNode[] = []
  const pending: XmlNode[] = [node]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.name === name) found.push(next)
    const children = childrenOf(next)
    for (let index = children.length - 1; index >= 0; index -= 1) pending.push(children[index]!)
  }
  return found
}
