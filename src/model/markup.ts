/**
 * Markup as a stream of calls: what a source that renders its own pages hands to the HTML partitioner, without an HTML
 * string in between. A parser of HTML text makes the very same calls, so one set of rules serves both.
 *
 * @module
 */

/** Receives markup in document order. Names are lower case; every `open` has its `close`, void elements included. */
export interface MarkupSink {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  /** Text with entities already decoded. */
  text(text: string): void
  close(name: string): void
}

/** Replays a document into a sink. May be called more than once; each call gives the same stream. */
export type Markup = (sink: MarkupSink) => void
