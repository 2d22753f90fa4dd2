/**
 * Storage format as a tree, and text back to HTML. Broken markup is read as far as it goes.
 *
 * @module
 */

import { Parser } from 'htmlparser2'
import { escapeValue } from '../../util/escape.ts'

export interface Tag {
  /** With its prefix: `ac:structured-macro`. Empty: the root. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Tag | string)[]
}

export function readMarkup(storage: string): Tag {
  const root: Tag = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const tag: Tag = { name, attributes, children: [] }
        open.at(-1)!.children.push(tag)
        open.push(tag)
      },
      ontext: (text) => open.at(-1)!.children.push(text),
      onclosetag: () => {
        if (open.length > 1) open.pop()
      },
    },
    {
      lowerCaseTags: false,
      lowerCaseAttributeNames: false,
      recognizeSelfClosing: true,
      recognizeCDATA: true,
    },
  )
  parser.end(storage)
  return root
}

export const isTag = (child: Tag | string): child is Tag => typeof child !== 'string'

/** The first child tag of this name. */
export const childOf = ({ children }: Tag, name: string): Tag | undefined =>
  children.filter(isTag).find((child) => child.name === name)

/** All text below, as it stands. */
export const textOf = (tag: Tag): string =>
  tag.children.map((child) => (isTag(child) ? textOf(child) : child)).join('')

/** Everything below with this name, in document order. */
export function* everyTag(tag: Tag, name: string): Generator<Tag> {
  for (const child of tag.children.filter(isTag)) {
    if (child.name === name) yield child
    yield* everyTag(child, name)
  }
}

const emptyElements = ['br', 'hr', 'img', 'col']

/** One HTML element; `inside` is HTML already. Attributes without a value are left out. */
export function html(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  inside = '',
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeValue(value!)}"`)
    .join('')
  return emptyElements.includes(name) ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`
}
