/**
 * A small wiki in memory, for tests that render single pages: what it holds is what the test says.
 *
 * @module
 */

import type { Loss } from '../../src/model/content.ts'
import type { Markup } from '../../src/model/markup.ts'
import { readPage } from '../../src/sources/confluence/storage-format/read-page.ts'
import type { Included, PageLink, Surroundings } from '../../src/sources/confluence/surroundings.ts'

export interface Wiki {
  /** What is asked of it, in order. */
  readonly asked: string[]
  readonly surroundings: Surroundings
}

export interface WikiContent extends Partial<Omit<Surroundings, 'include' | 'userNames' | 'view'>> {
  readonly people?: Readonly<Record<string, string>>
  /** By `SPACE:Title`. */
  readonly pages?: Readonly<Record<string, string | Included>>
  readonly html?: string
}

/** The page in hand is `Plan` of the space `HR`. */
export function wiki({ people = {}, pages = {}, html, ...given }: WikiContent = {}): Wiki {
  const asked: string[] = []
  const surroundings: Surroundings = {
    page: { id: '1', title: 'Plan', spaceKey: 'HR', url: 'https://wiki.example/pages/1' },
    webUrl: 'https://wiki.example',
    deployment: 'cloud',
    bodyMode: 'auto',
    children: () => Promise.reject(new Error('no tree')),
    files: async () => new Map(),
    labelled: () => Promise.reject(new Error('no labels')),
    pageUrl: (space, title) => `https://wiki.example/${space}/${encodeURIComponent(title)}`,
    ...given,
    async userNames(ids) {
      asked.push(`users ${ids.join(' ')}`)
      return new Map(ids.filter((id) => id in people).map((id) => [id, people[id]!]))
    },
    async include(space, title) {
      asked.push(`include ${space}:${title}`)
      const page = pages[`${space}:${title}`] ?? { outcome: 'missing' as const }
      return typeof page === 'string' ? found(space, title, page) : page
    },
    async view() {
      asked.push('view')
      if (html === undefined) throw new Error('no view')
      return html
    },
  }
  return { asked, surroundings }
}

function found(space: string, title: string, storage: string): Included {
  const id = `${space}-${title}`
  return { outcome: 'found', version: 1, storage, page: pageLink(title, [], id) }
}

export function pageLink(title: string, children: readonly PageLink[] = [], id: string = title): PageLink {
  return { id, title, url: `https://wiki.example/pages/${encodeURIComponent(id)}`, children }
}

/** What a page is rendered to, below its title, as HTML text. */
export async function rendered(storage: string, { surroundings }: Wiki = wiki()): Promise<string> {
  const { markup } = await readPage({ storage, surroundings })
  return htmlOf(markup).replace(/^<h1>.*?<\/h1>/, '')
}

export async function losses(storage: string, { surroundings }: Wiki = wiki()): Promise<readonly Loss[]> {
  return (await readPage({ storage, surroundings })).losses
}

function htmlOf(markup: Markup): string {
  let html = ''
  markup({
    open(name, attributes) {
      const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
      html += `<${name}${written.join('')}>`
    },
    text(text) {
      html += escaped(text)
    },
    close(name) {
      if (!['br', 'hr', 'img', 'col'].includes(name)) html += `</${name}>`
    },
  })
  return html
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A macro as the editor stores it. */
export function macro(name: string, parameters: Readonly<Record<string, string>> = {}, body = ''): string {
  const written = Object.entries(parameters).map(
    ([key, value]) => `<ac:parameter ac:name="${key}">${value}</ac:parameter>`,
  )
  return `<ac:structured-macro ac:name="${name}" ac:macro-id="id-${name}">${written.join('')}${body}</ac:structured-macro>`
}

export const rich = (body: string) => `<ac:rich-text-body>${body}</ac:rich-text-body>`
export const plain = (body: string) => `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`
export const pageNamed = (title: string, space?: string) =>
  `<ri:page ${space === undefined ? '' : `ri:space-key="${space}" `}ri:content-title="${title}" />`
