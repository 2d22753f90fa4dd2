/**
 * One macro of a body, and the wrapper that Confluence puts around what it shows.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import type { WorldNode } from '../world.ts'
import { childOf, html, isTag, type Tag, textOf } from './markup.ts'
import type { Rendering } from './rendering.ts'

export interface Macro {
  readonly tag: Tag
  readonly name: string
  parameter(name: string): string | undefined
  /** The page that a parameter refers to, if the caller may read it. */
  page(rendering: Rendering): WorldNode | undefined
}

export type MacroRenderer = (macro: Macro, rendering: Rendering) => string

/** The text of a parameter. */
export function parameterOf(tag: Tag, wanted: string): string | undefined {
  const found = tag.children
    .filter(isTag)
    .find((child) => child.name === 'ac:parameter' && (child.attributes['ac:name'] ?? '') === wanted)
  return found === undefined ? undefined : textOf(found).trim()
}

/** The element around everything that a macro shows. */
export function wrap(
  { tag, name }: Macro,
  inside: string,
  { element = 'div', css = '' }: { readonly element?: 'div' | 'span'; readonly css?: string } = {},
): string {
  const hasBody = (bodyOf(tag) ?? plainBodyOf(tag)) !== undefined
  return html(
    element,
    {
      class: `${css} conf-macro output-${element === 'div' ? 'block' : 'inline'}`.trim(),
      'data-hasbody': String(hasBody),
      'data-macro-id': tag.attributes['ac:macro-id'],
      'data-macro-name': name,
    },
    inside,
  )
}

export const bodyOf = (tag: Tag) => childOf(tag, 'ac:rich-text-body')
export const plainBodyOf = (tag: Tag) => childOf(tag, 'ac:plain-text-body')

export function body({ tag }: Macro, rendering: Rendering): string {
  const rich = bodyOf(tag)
  return rich === undefined ? '' : rendering.inside(rich)
}

export const error = (text: string) => html('span', { class: 'error' }, escapeValue(text))
