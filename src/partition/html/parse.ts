/**
 * HTML text as a stream of calls, and only the part of a document that counts.
 *
 * @module
 */

import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'
import { Parser } from 'htmlparser2'
import { OutflowError } from '../../model/errors.ts'
import type { Markup, MarkupSink } from '../../model/markup.ts'
import type { Attributes } from './hints.ts'

/** Text that any JSON can hold: lone surrogates and NUL become U+FFFD. */
function wholesome(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed
}

/** Attributes that mean something to the rules; no others are kept. */
const wanted: ReadonlySet<string> = new Set(
  `alt class colspan data-decision data-emoji-fallback data-emoji-short-name data-file data-inline-task-id
  data-language data-page-number data-rendered-by data-src data-syntaxhighlighter-params data-task href id rowspan src`.split(
    /\s+/,
  ),
)

const none: Attributes = Object.freeze({})

/** Open tags at a time. The parser's own cost grows with the square of the depth; no page that a person wrote comes near. */
const deepest = 100_000

/**
 * HTML text as markup. Broken HTML is read as well as can be.
 *
 * The parser is given as little to do as can be: its attribute objects cost a tenth of its time and looking for entities a third.
 * So attributes are picked one by one (a tag is passed on with whatever comes after it), and entities are decoded where there are any.
 *
 * @throws {OutflowError} kind `content`, code `html.too_deep`: on replay, when tags are nested deeper than any page is
 */
export function parseHtml(html: string): Markup {
  const text = wholesome(html)
  const hasEntities = text.includes('&')
  return (sink) => {
    let tag: string | undefined
    let attributes: Record<string, string> | undefined
    let depth = 0
    const passTag = () => {
      if (tag === undefined) return
      const name = tag
      tag = undefined
      sink.open(name, attributes ?? none)
    }
    const parser = new Parser(
      {
        onopentagname(name) {
          passTag()
          if (++depth > deepest) throw tooDeep()
          tag = name
          attributes = undefined
        },
        onattribute(name, value) {
          if (!wanted.has(name)) return
          attributes ??= {}
          attributes[name] ??= hasEntities && value.includes('&') ? decodeHTMLAttribute(value) : value
        },
        ontext(data) {
          passTag()
          sink.text(hasEntities && data.includes('&') ? decodeHTML(data) : data)
        },
        onclosetag(name) {
          passTag()
          depth--
          sink.close(name)
        },
      },
      { recognizeSelfClosing: true, decodeEntities: false },
    )
    parser.end(text)
    passTag()
  }
}

function tooDeep(): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'html.too_deep',
    message: `Tags are nested more than ${deepest} deep.`,
    fix: 'Look at the page in Confluence; it was hardly written by a person.',
  })
}

const isWholesome = (attributes: Attributes): boolean => {
  for (const name in attributes) if (wholesome(attributes[name]!) !== attributes[name]) return false
  return true
}

const madeWholesome = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, wholesome(value)]))

/** Markup that a source made, its texts and attributes made wholesome. */
export function wholesomeMarkup(markup: Markup): Markup {
  return (sink) =>
    markup({
      open: (name, attributes) =>
        sink.open(name, isWholesome(attributes) ? attributes : madeWholesome(attributes)),
      text: (text) => sink.text(wholesome(text)),
      close: (name) => sink.close(name),
    })
}

/** The first `<main>` of a document, content only; the whole document when it has none. */
export function mainOf(markup: Markup): Markup {
  return (sink) => {
    if (replayMain(markup, sink) === 0) markup(sink)
  }
}

/** Passes on what is inside the first `<main>`. Answers how many there are, nested ones not counted. */
function replayMain(markup: Markup, sink: MarkupSink): number {
  let found = 0
  let inside = 0
  markup({
    open(name, attributes) {
      if (name === 'main' && inside === 0) found++
      if (found !== 1) return
      if (inside > 0) sink.open(name, attributes)
      if (inside > 0 || name === 'main') inside++
    },
    text(text) {
      if (found === 1 && inside > 0) sink.text(text)
    },
    close(name) {
      if (found !== 1 || inside === 0) return
      inside--
      if (inside > 0) sink.close(name)
    },
  })
  return found
}
