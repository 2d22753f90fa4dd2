/**
 * HTML text as a stream of calls, and only the part of a document that counts.
 *
 * @module
 */

import { Parser } from 'htmlparser2'
import type { Markup, MarkupSink } from '../../model/markup.ts'

/** Text that any JSON can hold: lone surrogates and NUL become U+FFFD. */
export function wholesome(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed
}

/** HTML text as markup. Broken HTML is read as well as can be; nothing throws. */
export function parseHtml(html: string): Markup {
  const text = wholesome(html)
  return (sink) => {
    const parser = new Parser(
      {
        onopentag: (name, attributes) => sink.open(name, attributes),
        ontext: (data) => sink.text(data),
        onclosetag: (name) => sink.close(name),
      },
      { recognizeSelfClosing: true },
    )
    parser.end(text)
  }
}

/** Markup that a source made, its texts and attributes made wholesome. */
export function wholesomeMarkup(markup: Markup): Markup {
  return (sink) =>
    markup({
      open(name, attributes) {
        const values = Object.entries(attributes)
        const fine = values.every(([, value]) => wholesome(value) === value)
        sink.open(
          name,
          fine ? attributes : Object.fromEntries(values.map(([key, value]) => [key, wholesome(value)])),
        )
      },
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
