/**
 * Storage format, and the server's rendering of it, as a light tree. Lenient to the end: whatever comes, nothing is thrown and no
 * text is lost. Broken nesting is mended by closing what is open; depth is bounded, so that walks over the tree may recurse.
 *
 * @module
 */

import { decodeHTML, decodeHTMLStrict } from 'entities'
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { type Nodes, readWellFormed } from './well-formed.ts'

export interface XmlElement {
  /** Lower case, with prefix: `ac:link`. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlNode[]
}

export type XmlNode = XmlElement | string

/** Elements deeper than this stay, but what is in them follows them instead. No page written by people comes near. */
const deepest = 400

const voidNames: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
)

/** These cannot stand in a parameter: an open one was never closed. */
const endsParameter: ReadonlySet<string> = new Set([
  'ac:parameter',
  'ac:rich-text-body',
  'ac:plain-text-body',
])

/** Parses storage format (XML with HTML's entities and CDATA). The root has no name. */
export function parseStorage(storage: string): XmlElement {
  return parse(storage, true)
}

/** Parses the HTML of the `view` representation. The root has no name. */
export function parseView(html: string): XmlElement {
  return parse(html, false)
}

function parse(source: string, xmlMode: boolean): XmlElement {
  const builder = treeBuilder()
  const decode = decoder(xmlMode)
  let rest = clean(source)
  if (xmlMode) rest = rest.slice(readWellFormed(rest, builder, decode))
  while (rest !== '') {
    const stoppedAt = tokenize(rest, builder, { xmlMode, decode })
    rest = afterBrokenTag(rest.slice(stoppedAt), builder)
  }
  return builder.root
}

/** Text with entities to text. */
function decoder(xmlMode: boolean): (raw: string) => string {
  const decode = xmlMode ? decodeHTMLStrict : decodeHTML
  return (raw) => (raw.includes('&') ? decode(raw) : raw)
}

/** Without NUL, and with lone surrogates replaced: neither survives a database or UTF-8. */
function clean(source: string): string {
  const whole = source.isWellFormed() ? source : source.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole
}

/** A tag that never ends would swallow the rest of the page: gives up that tag alone, and returns what follows it. */
function afterBrokenTag(unread: string, builder: TreeBuilder): string {
  if (unread === '') return ''
  const end = unread.indexOf('>')
  if (end < 0) builder.text(unread)
  return end < 0 ? '' : unread.slice(end + 1)
}

interface TreeBuilder extends Nodes {
  readonly root: XmlElement
}

function treeBuilder(): TreeBuilder {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const openNames: string[] = []
  const openChildren: XmlNode[][] = [root.children]
  const openCount = new Map<string, number>()

  function close(name: string): void {
    if (!openCount.get(name)) return
    for (let closed: string | undefined; closed !== name; ) {
      closed = openNames.pop()!
      openChildren.pop()
      openCount.set(closed, openCount.get(closed)! - 1)
    }
  }

  return {
    root,
    open(name, attributes) {
      if (openNames.at(-1) === 'ac:parameter' && endsParameter.has(name)) close('ac:parameter')
      const children: XmlNode[] = []
      const siblings = openChildren[openChildren.length - 1]!
      siblings.push({ name, attributes, children })
      if (voidNames.has(name)) return
      openNames.push(name)
      openChildren.push(openChildren.length < deepest ? children : siblings)
      openCount.set(name, (openCount.get(name) ?? 0) + 1)
    },
    text(text) {
      const siblings = openChildren[openChildren.length - 1]!
      const last = siblings.length - 1
      if (typeof siblings[last] === 'string') siblings[last] += text
      else siblings.push(text)
    },
    close,
    innermost: () => openNames.at(-1),
  }
}

/** @returns where reading stopped: the end, or the beginning of a tag or comment that never ends. */
function tokenize(
  source: string,
  builder: TreeBuilder,
  { xmlMode, decode }: { readonly xmlMode: boolean; readonly decode: (raw: string) => string },
): number {
  const decoded = (start: number, end: number) => decode(source.slice(start, end))
  let name = ''
  let attributes: Record<string, string> = {}
  let attribute = ''
  let value = ''
  let readTo = 0

  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      name = source.slice(start, end).toLowerCase()
      attributes = {}
    },
    onattribname(start, end) {
      attribute = source.slice(start, end).toLowerCase()
      value = ''
    },
    onattribdata(start, end) {
      value = decoded(start, end)
    },
    onattribend() {
      attributes[attribute] ??= value
    },
    onopentagend(end) {
      builder.open(name, attributes)
      readTo = end + 1
    },
    onselfclosingtag(end) {
      builder.open(name, attributes)
      builder.close(name)
      readTo = end + 1
    },
    onclosetag(start, end) {
      builder.close(source.slice(start, end).toLowerCase())
      const tagEnd = source.indexOf('>', end)
      readTo = tagEnd < 0 ? source.length : tagEnd + 1
    },
    ontext(start, end) {
      builder.text(decoded(start, end))
      readTo = end
    },
    oncdata(start, end, offset) {
      builder.text(source.slice(start, end - offset))
      readTo = end + 1
    },
    oncomment(_start, end, offset) {
      if (end < source.length || offset > 0) readTo = end + 1
    },
    ondeclaration(_start, end) {
      readTo = end + 1
    },
    onprocessinginstruction(_start, end) {
      readTo = end + 2
    },
    onattribentity() {},
    ontextentity() {},
    onend() {},
  }
  const tokenizer = new Tokenizer({ xmlMode, decodeEntities: false, recognizeSelfClosing: true }, callbacks)
  tokenizer.write(source)
  tokenizer.end()
  return Math.min(readTo, source.length)
}
