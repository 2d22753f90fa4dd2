/**
 * Names in office documents by their namespaces: whatever prefixes a writer chose, and whether it wrote the transitional or the strict
 * kind of OOXML, a reader meets the usual ones (`w:p`, `a:t`, `text:p`).
 *
 * @module
 */

import { parseXml, type XmlNode, type XmlSink } from './xml.ts'

const ooxml: Readonly<Record<string, string>> = {
  'wordprocessingml/main': 'w',
  'presentationml/main': 'p',
  'spreadsheetml/main': '',
  'officeDocument/relationships': 'r',
  'officeDocument/math': 'm',
  'drawingml/main': 'a',
  'drawingml/chart': 'c',
  'drawingml/diagram': 'dgm',
  'drawingml/picture': 'pic',
  'drawingml/wordprocessingDrawing': 'wp',
  'drawingml/spreadsheetDrawing': 'xdr',
}

const openDocument = ['office', 'text', 'table', 'style', 'drawing:draw', 'svg-compatible:svg', 'meta']

/** Namespace to the prefix that our readers know it by; empty = names stand alone. */
const usualPrefixes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ooxml).flatMap(([path, prefix]): [string, string][] => [
    [`http://schemas.openxmlformats.org/${path.replace('/', '/2006/')}`, prefix],
    [`http://purl.oclc.org/ooxml/${path}`, prefix],
  ]),
  ...openDocument.map((each): [string, string] => {
    const [name, prefix = name] = each.split(':') as [string, string?]
    return [`urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`, prefix]
  }),
  ['urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0', 'fo'],
  ['http://www.w3.org/1999/xlink', 'xlink'],
  ['http://www.w3.org/1998/Math/MathML', 'math'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://schemas.openxmlformats.org/markup-compatibility/2006', 'mc'],
  ['http://schemas.openxmlformats.org/package/2006/relationships', ''],
  ['http://schemas.openxmlformats.org/package/2006/content-types', ''],
  ['http://schemas.openxmlformats.org/package/2006/metadata/core-properties', 'cp'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingShape', 'wps'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingGroup', 'wpg'],
  ['http://schemas.microsoft.com/office/word/2010/wordml', 'w14'],
  ['http://schemas.microsoft.com/office/powerpoint/2018/8/main', 'p188'],
  ['http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments', ''],
  ['urn:schemas-microsoft-com:vml', 'v'],
  ['urn:schemas-microsoft-com:office:office', 'o'],
])
const usual: ReadonlySet<string> = new Set(usualPrefixes.values())

/** Scopes are copied, so that further declarations would cost more than they could mean. */
const mostPrefixes = 200

/** What the prefixes mean inside one element. */
interface Scope {
  /** Prefix as written to the usual one; only those that differ. */
  readonly renamed: ReadonlyMap<string, string>
  /** Names as written to the usual ones, as they are met. */
  readonly elements: Map<string, string>
}

/** Puts the usual prefixes on all names before `sink` is told. */
export function usualNames(sink: XmlSink): XmlSink {
  let scope: Scope = { renamed: new Map(), elements: new Map() }
  /** For each open element: the scope around it, where it declares one of its own. */
  const around: (Scope | undefined)[] = []

  return {
    open(name, attributes) {
      const inner = scopeWithin(scope, attributes)
      around.push(inner && scope)
      scope = inner ?? scope
      sink.open(elementName(scope, name), scope.renamed.size === 0 ? attributes : rename(scope, attributes))
    },
    text: (text) => sink.text(text),
    close(name) {
      sink.close(elementName(scope, name))
      scope = around.pop() ?? scope
    },
  }
}

/** The scope that an element's attributes declare; undefined when they declare nothing. */
function scopeWithin(outer: Scope, attributes: Readonly<Record<string, string>>): Scope | undefined {
  let renamed: Map<string, string> | undefined
  for (const key in attributes) {
    if (!key.startsWith('xmlns')) continue
    if (key.length > 5 && key[5] !== ':') continue
    renamed ??= new Map(outer.renamed)
    const written = key.slice(6)
    const meant = usualPrefixes.get(attributes[key]!) ?? (usual.has(written) ? `other-${written}` : written)
    if (meant === written) renamed.delete(written)
    else if (renamed.size < mostPrefixes) renamed.set(written, meant)
  }
  return renamed && { renamed, elements: new Map() }
}

function elementName({ renamed, elements }: Scope, name: string): string {
  if (renamed.size === 0) return name
  let usualName = elements.get(name)
  if (usualName === undefined) {
    usualName = withPrefix(renamed, name)
    elements.set(name, usualName)
  }
  return usualName
}

function withPrefix(renamed: Scope['renamed'], name: string): string {
  const colon = name.indexOf(':')
  const prefix = renamed.get(colon < 0 ? '' : name.slice(0, colon))
  if (prefix === undefined) return name
  const local = name.slice(colon + 1)
  return prefix === '' ? local : `${prefix}:${local}`
}

/** An attribute without prefix is in no namespace. */
function rename({ renamed }: Scope, attributes: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const key in attributes) result[key.includes(':') ? withPrefix(renamed, key) : key] = attributes[key]!
  return result
}

/** As `parseXml`, with the usual prefixes. @throws as `parseXml` */
export const parseOffice = (text: string, what: string): XmlNode => parseXml(text, what, usualNames)
