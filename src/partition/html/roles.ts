/**
 * What each tag does to the text around it. Source: unstructured 0.27's HTML parser (v1), section by section in
 * docs/partitioning.md.
 *
 * @module
 */

import type { ElementType } from '../../model/element.ts'

export type Role =
  /** Begins and ends paragraphs. */
  | { readonly kind: 'flow'; readonly type?: ElementType; readonly level?: number; readonly list?: true }
  /** Goes on with the paragraph it stands in. */
  | {
      readonly kind: 'phrasing'
      readonly emphasis?: 'b' | 'i'
      readonly link?: true
      readonly code?: true
      /** A block taken as part of its paragraph: what stands after it. */
      readonly separator?: string
    }
  | { readonly kind: 'lineBreak' }
  | { readonly kind: 'image' }
  | { readonly kind: 'table' }
  /** Goes with its content; the paragraph around it is cut in two or not. */
  | { readonly kind: 'dropped'; readonly cuts: boolean }
  /** Goes with its content as if it had never been there: the text nodes around it are one. */
  | { readonly kind: 'invisible' }

/** The roles of one mode. */
export interface Roles {
  readonly named: ReadonlyMap<string, Role>
  readonly unknown: Role
}

const flow: Role = { kind: 'flow' }
const phrasing: Role = { kind: 'phrasing' }
const invisible: Role = { kind: 'invisible' }
const code: Role = { kind: 'phrasing', code: true }

const assign = (role: Role, names: string): [string, Role][] => names.split(' ').map((name) => [name, role])

const common: readonly [string, Role][] = [
  ...assign(
    flow,
    'html head body address article aside blockquote center div footer header hgroup main section p',
  ),
  ...[0, 1, 2, 3, 4, 5].map((level): [string, Role] => [
    `h${level + 1}`,
    { kind: 'flow', type: 'Title', level },
  ]),
  ...assign({ kind: 'flow', list: true }, 'ol ul'),
  ['li', { kind: 'flow', type: 'ListItem' }],
  ['pre', { kind: 'flow', type: 'CodeSnippet' }],
  ...assign(
    phrasing,
    'abbr bdi bdo big cite data dfn mark meter q s small span strike sub sup time u var wbr',
  ),
  ...assign(code, 'code kbd samp tt'),
  ...assign({ kind: 'phrasing', emphasis: 'b' }, 'b strong'),
  ...assign({ kind: 'phrasing', emphasis: 'i' }, 'i em'),
  ['a', { kind: 'phrasing', link: true }],
  ['br', { kind: 'lineBreak' }],
  ['img', { kind: 'image' }],
  ['table', { kind: 'table' }],
  ...assign(invisible, 'link meta noscript script style'),
]

/** The reference's: what it does not name is lost, content and all. */
const compatRoles: Roles = {
  named: new Map([
    ...common,
    ['del', invisible],
    ...assign({ kind: 'dropped', cuts: true }, 'details dl dd dt figure hr nav template form input summary'),
    ...assign({ kind: 'dropped', cuts: false }, 'button label'),
  ]),
  unknown: { kind: 'dropped', cuts: false },
}

/** Ours: only what no reader sees is lost; an unknown tag is transparent. */
const enhancedRoles: Roles = {
  named: new Map([
    ...common,
    ...assign(flow, 'details summary figure dd dt nav form fieldset legend dialog menu search hr'),
    ...assign(flow, 'option optgroup caption thead tbody tfoot tr th td'),
    ['dl', { kind: 'flow', list: true }],
    ['figcaption', { kind: 'flow', type: 'FigureCaption' }],
    ...assign(
      invisible,
      'title template iframe object video audio canvas datalist noframes noembed rp annotation defs desc metadata',
    ),
  ]),
  unknown: phrasing,
}

export type Mode = 'compat' | 'enhanced'

/** The roles of a mode, page headers and footers left out on demand. */
export function rolesOf(mode: Mode, skipHeadersAndFooters: boolean): Roles {
  const roles = mode === 'compat' ? compatRoles : enhancedRoles
  if (!skipHeadersAndFooters) return roles
  return { ...roles, named: new Map([...roles.named, ...assign(invisible, 'header footer')]) }
}
