/**
 * What attributes tell: page numbers, code languages, tasks, emoji. The hints of our own renderer stand in model/markup.ts; beside
 * them the marks that Confluence itself leaves in its rendered HTML are read.
 *
 * @module
 */

export type Attributes = Readonly<Record<string, string>>

const integer = /^\s*[+-]?\d+\s*$/

/** The page that a block says it is on. */
export function pageNumber(attributes: Attributes): number | undefined {
  const value = attributes['data-page-number']
  return value !== undefined && integer.test(value) ? Number.parseInt(value, 10) : undefined
}

const languageClass = /(?:^|\s)(?:language|lang)-(\S+)/
const brush = /(?:^|[\s;])brush:\s*([^;\s]+)/

/** The language of a code block, from our hint, from a `language-…` class or from Confluence's highlighter settings. */
export function codeLanguage(attributes: Attributes): string | undefined {
  const { class: names = '' } = attributes
  const highlighter = attributes['data-syntaxhighlighter-params'] ?? names
  return attributes['data-language'] || languageClass.exec(names)?.[1] || brush.exec(highlighter)?.[1]
}

const hasClass = (attributes: Attributes, name: string): boolean =>
  attributes.class?.split(/\s+/).includes(name) ?? false

/** Whether a list item is a task: ours, or Confluence's inline task. */
export function isTask(attributes: Attributes): boolean {
  return attributes['data-task'] !== undefined || attributes['data-inline-task-id'] !== undefined
}

/** Whether a task is done. */
export function isTicked(attributes: Attributes): boolean {
  const state = attributes['data-task']
  return state === undefined ? hasClass(attributes, 'checked') : state === 'complete'
}

/** The text that an emoticon stands for; undefined when the image is none. */
export function emojiOf(attributes: Attributes): string | undefined {
  if (!hasClass(attributes, 'emoticon')) return undefined
  return attributes['data-emoji-fallback'] || attributes.alt || attributes['data-emoji-short-name'] || ''
}
