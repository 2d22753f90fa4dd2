/**
 * A recording of markup: what is rendered once is replayed to any sink, and what went wrong half-way is taken back.
 *
 * @module
 */

import type { Markup, MarkupSink } from '../../../model/markup.ts'

type Attributes = Record<string, string>

type Event =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Attributes> }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string }

export interface Tape extends MarkupSink {
  /** An element around whatever `content` writes. */
  element(name: string, attributes: Attributes, content?: () => void): void
  /** An element that holds nothing but text. */
  phrase(name: string, attributes: Attributes, text: string): void
  /** The place reached so far. */
  mark(): number
  /** Forgets everything written since. */
  rewind(mark: number): void
  /** All text written since, in one string. */
  textSince(mark: number): string
  /** Whether a reader would see anything of what was written since. */
  visibleSince(mark: number): boolean
  /** Plays everything that is recorded. */
  readonly replay: Markup
}

export function createTape(): Tape {
  const events: Event[] = []

  const open: MarkupSink['open'] = (name, attributes) => {
    events.push({ kind: 'open', name, attributes })
  }
  const text: MarkupSink['text'] = (written) => {
    if (written !== '') events.push({ kind: 'text', text: written })
  }
  const close: MarkupSink['close'] = (name) => {
    events.push({ kind: 'close', name })
  }

  return {
    open,
    text,
    close,
    element(name, attributes, content) {
      open(name, attributes)
      content?.()
      close(name)
    },
    phrase(name, attributes, written) {
      open(name, attributes)
      text(written)
      close(name)
    },
    mark: () => events.length,
    rewind(mark) {
      events.length = mark
    },
    textSince(mark) {
      let all = ''
      for (let i = mark; i < events.length; i++) {
        const event = events[i]!
        if (event.kind === 'text') all += event.text
      }
      return all
    },
    visibleSince: (mark) => events.slice(mark).some(isVisible),
    replay(sink) {
      for (const event of events) play(event, sink)
    },
  }
}

function isVisible(event: Event): boolean {
  if (event.kind === 'text') return event.text.trim() !== ''
  return event.kind === 'open' && event.name === 'img'
}

function play(event: Event, sink: MarkupSink): void {
  if (event.kind === 'text') sink.text(event.text)
  else if (event.kind === 'open') sink.open(event.name, event.attributes)
  else sink.close(event.name)
}
