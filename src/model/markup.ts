/**
 * Markup as a stream of calls: what a source that renders its own pages hands to the HTML partitioner, without an HTML
 * string in between. A parser of HTML text makes the very same calls, so one set of rules serves both.
 *
 * Beyond plain HTML, a source may say more by these hints. A partitioner that does not know one loses nothing but the hint:
 * whatever a reader sees is text between the tags, `alt` alone excepted.
 *
 * - `<h1 id>` … `<h6 id>`: the anchor of the heading on the source's own page, for deep links, without `#`.
 * - `<pre data-language data-title>`: code. Both optional; the title, where there is one, also stands as text before it.
 * - `<li data-task="complete|incomplete">`: a task and its state.
 * - `<li data-decision="decided|undecided">`: a decision and its state.
 * - `<img class="emoticon" alt>`: part of the sentence; `alt` is its text. No `src`.
 * - `<img src alt data-file>`: a picture; `data-file` is the file's name when it is an attachment of a page.
 * - `<img data-image data-image-type>`: the picture itself in Base64, and its MIME type, where the source has fetched it.
 * - `<a href data-file>`: a link to an attachment. `<a data-user>`: a mention; the text is `@Name`; `href` may be absent.
 * - `<span data-status="green">`: a status lozenge, with its colour.
 * - `<time datetime>`: a date; the text is the date too.
 * - `<aside data-panel="info|note|tip|warning|panel">`: a call-out. Its title, if any, is the first `<p>` in it, in `<strong>`.
 * - `<figure>` with `<figcaption>`, `<details>` with `<summary>`: as in HTML; all of it is content.
 * - `<code data-math>`, `<pre data-language="latex">`: a formula's source, inline and as a block.
 * - `data-included-from="page id"` on a `<div>`: content of another page, shown here.
 * - `data-rendered-by="server"` on a `<div>` or `<span>`: taken from the server's own rendering.
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
