/**
 * Reads storage format as Confluence itself writes it: whole tags, quoted attributes, CDATA. Does in a third of the time what the
 * tolerant tokenizer does, and stops before the first thing that is not like that.
 *
 * @module
 */

export interface Nodes {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text(text: string): void
  close(name: string): void
  /** The element that is open last; `undefined`: none. */
  innermost(): string | undefined
}

const cdata = { start: '<![CDATA[', end: ']]>' } as const
const [slash, equals, greater, quote] = [47, 61, 62, 34]

/** Letters, digits and `-.:_`: a table, because this is asked for each character of each tag. */
const inName = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.:-]/.test(String.fromCharCode(code)) ? 1 : 0,
)

const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13 && code !== 11)

/** @returns the place after the name that begins there. */
function endOfName(source: string, start: number): number {
  let at = start
  while (at < source.length && inName[source.charCodeAt(at)] === 1) at++
  return at
}

/**
 * @param decode text with entities to text
 * @returns where it stopped: the end, or the beginning of what it leaves to others. What stands before has been given to `nodes`.
 */
export function readWellFormed(source: string, nodes: Nodes, decode: (raw: string) => string): number {
  /** Names as they are kept: the same name is the same string, which makes all comparing and looking up cheap. */
  const names = new Map<string, string>()

  function nameOf(start: number, end: number): string {
    const raw = source.slice(start, end)
    let name = names.get(raw)
    if (name === undefined) {
      name = raw.toLowerCase()
      names.set(raw, name)
    }
    return name
  }

  /** @returns the place after the tag or the like that begins there; -1 where it is not well-formed. */
  function readTag(start: number): number {
    const first = source.charCodeAt(start + 1)
    if (first === slash) return readClosing(start + 2)
    if (source.startsWith(cdata.start, start)) return readCdata(start + cdata.start.length)
    const lower = first | 32
    return lower >= 97 && lower <= 122 ? readOpening(start + 1) : -1
  }

  function readClosing(start: number): number {
    const innermost = nodes.innermost()
    if (innermost !== undefined && source.startsWith(innermost, start)) {
      const end = start + innermost.length
      if (source.charCodeAt(end) === greater) {
        nodes.close(innermost)
        return end + 1
      }
    }
    const end = endOfName(source, start)
    if (end === start || source.charCodeAt(end) !== greater) return -1
    nodes.close(nameOf(start, end))
    return end + 1
  }

  function readCdata(start: number): number {
    const end = source.indexOf(cdata.end, start)
    if (end < 0) return -1
    nodes.text(source.slice(start, end))
    return end + cdata.end.length
  }

  function readOpening(start: number): number {
    let at = endOfName(source, start)
    const name = nameOf(start, at)
    const attributes: Record<string, string> = {}
    for (;;) {
      const before = at
      while (isSpace(source.charCodeAt(at))) at++
      const code = source.charCodeAt(at)
      if (code === greater) {
        nodes.open(name, attributes)
        return at + 1
      }
      if (code === slash) {
        if (source.charCodeAt(at + 1) !== greater) return -1
        nodes.open(name, attributes)
        nodes.close(name)
        return at + 2
      }
      if (at > before) at = readAttribute(at, attributes)
      else return -1
      if (at < 0) return -1
    }
  }

  function readAttribute(start: number, attributes: Record<string, string>): number {
    const end = endOfName(source, start)
    if (end === start || source.charCodeAt(end) !== equals || source.charCodeAt(end + 1) !== quote) return -1
    const close = source.indexOf('"', end + 2)
    if (close < 0) return -1
    attributes[nameOf(start, end)] ??= decode(source.slice(end + 2, close))
    return close + 1
  }

  for (let at = 0; ; ) {
    const tag = source.indexOf('<', at)
    const end = tag < 0 ? source.length : tag
    if (end > at) nodes.text(decode(source.slice(at, end)))
    if (tag < 0) return end
    at = readTag(tag)
    if (at < 0) return tag
  }
}
