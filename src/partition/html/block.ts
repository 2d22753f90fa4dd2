/**
 * What is open while a document is walked: blocks, links, and the paragraph that is being collected.
 *
 * @module
 */

import { collapseSpace, isBlank } from '../../kit/whitespace.ts'
import type { ElementType } from '../../model/element.ts'

/** A task item: its first paragraph is the CheckBox, further ones are list items. */
export interface Task {
  readonly checked: boolean
  told: boolean
}

/** An open flow element, and what its paragraphs inherit from it. */
export interface Block {
  /** Type of its paragraphs; undefined = told from their text. */
  type: ElementType | undefined
  /** `category_depth` of its paragraphs. */
  depth: number | undefined
  page: number | undefined
  /** Anchor of a heading. */
  id: string | undefined
  /** Language of a code block. */
  language: string | undefined
  /** The task it is part of. */
  task: Task | undefined
  /** State of the decision it is part of: `decided`, `undecided`. */
  decision: string | undefined
  /** How many phrasing elements are open directly in it. */
  phrasing: number
  bold: number
  italic: number
  /** How many links were open when it began: those hold it, later ones it holds. */
  links: number
}

/** An open `<a href>`. */
export interface Link {
  readonly url: string
  /** Text inside it since it, or the paragraph, began. */
  text: string
  /** It has been put on something already. */
  used: boolean
}

/** A paragraph: text verbatim, with what was seen in it. */
export interface Run {
  text: string
  /** Whether there is more in it than white space. */
  seen: boolean
  /** Texts and kinds of what is emphasised; absent = nothing is. */
  emphasis?: { readonly texts: string[]; readonly tags: string[] }
  links?: { readonly texts: string[]; readonly urls: string[] }
  /** Whether the source's server rendered some of it. */
  rendered: boolean
}

export const emptyRun = (): Run => ({ text: '', seen: false, rendered: false })

export const rootBlock = (): Block => ({
  type: undefined,
  depth: undefined,
  page: undefined,
  id: undefined,
  language: undefined,
  task: undefined,
  decision: undefined,
  phrasing: 0,
  bold: 0,
  italic: 0,
  links: 0,
})

/** Adds one text node to the paragraph. */
export function addText(run: Run, block: Block, text: string): void {
  run.text += text
  if ((block.bold > 0 || block.italic > 0) && !isBlank(text)) {
    run.emphasis ??= { texts: [], tags: [] }
    run.emphasis.texts.push(collapseSpace(text))
    run.emphasis.tags.push((block.bold > 0 ? 'b' : '') + (block.italic > 0 ? 'i' : ''))
  }
}

/** Puts a link that is open in the paragraph on what it has collected so far. */
export function addLink(run: Run, link: Link): void {
  if (isBlank(link.text)) return
  run.links ??= { texts: [], urls: [] }
  run.links.texts.push(collapseSpace(link.text))
  run.links.urls.push(link.url)
  link.used = true
  link.text = ''
}
