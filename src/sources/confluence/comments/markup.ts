/**
 * A thread as one document's markup: the title, the words it is about, and each comment below a heading that says whose it is and of
 * when. Answers stand one heading deeper than what they answer, and headings that a comment holds below its own.
 *
 * @module
 */

import type { Markup, MarkupSink } from '../../../model/markup.ts'

interface ThreadPart {
  /** `Ada Lindqvist, 2024-03-05`. */
  readonly heading: string
  readonly depth: number
  /** As a page of the wiki is rendered: its title as `<h1>`, then the body. */
  readonly page: Markup
}

interface ThreadText {
  readonly title: string
  readonly quote: string | undefined
  readonly parts: readonly ThreadPart[]
}

export function threadMarkup({ title, quote, parts }: ThreadText): Markup {
  return (sink) => {
    phrase(sink, 'h1', title)
    if (quote) phrase(sink, 'blockquote', `“${quote}”`)
    for (const { heading, depth, page } of parts) {
      const level = Math.min(depth + 2, deepest)
      phrase(sink, `h${level}`, heading)
      page(belowTitle(sink, level))
    }
  }
}

const deepest = 6

function phrase(sink: MarkupSink, name: string, text: string): void {
  sink.open(name, {})
  sink.text(text)
  sink.close(name)
}

/** Hands on what comes after the page's title. */
function belowTitle(sink: MarkupSink, level: number): MarkupSink {
  const lowered = (name: string) => `h${Math.min(Number(name[1]) + level, deepest)}`
  let inBody = false
  return {
    open(name, attributes) {
      if (!inBody) return
      // The page itself has no such anchors.
      if (isHeading(name)) sink.open(lowered(name), {})
      else sink.open(name, attributes)
    },
    text(text) {
      if (inBody) sink.text(text)
    },
    close(name) {
      if (inBody) sink.close(isHeading(name) ? lowered(name) : name)
      else inBody = name === 'h1'
    },
  }
}

const isHeading = (name: string) => /^h[1-6]$/.test(name)
