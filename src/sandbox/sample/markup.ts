/**
 * A small vocabulary for writing storage format by hand: `${info('…')}` instead of five lines of XML. What it makes is what
 * Confluence's editor stores. Cloud and Data Center differ in how they name people, emoji and decisions; the flavour decides.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import { uuidOf } from '../principals.ts'
import type { User } from '../world.ts'

export type Flavour = 'cloud' | 'data-center'
type Parameters = Readonly<Record<string, string | undefined>>

interface ImageDetails {
  readonly width?: number
  readonly alt?: string
  readonly caption?: string
}

/** Bodies are storage format; everything else (titles, code, parameters) is plain text and is escaped here. */
export type Markup = ReturnType<typeof markup>

/** Plain text as CDATA; a `]]>` in it ends one section and starts the next, as the editor does it. */
const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** Every macro gets an id of its own, in the order of writing. */
export function markup(flavour: Flavour) {
  let written = 0
  const nextId = () => {
    written += 1
    return uuidOf(`sample macro ${written}`)
  }
  const macro = (name: string, parameters: Parameters = {}, content = '', id = nextId()): string =>
    `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="${id}">` +
    `${parameterList(parameters)}${content}</ac:structured-macro>`
  const rich = (name: string, body: string, parameters: Parameters = {}) =>
    macro(name, parameters, `<ac:rich-text-body>${body}</ac:rich-text-body>`)
  const plain = (name: string, text: string, parameters: Parameters = {}) =>
    macro(name, parameters, `<ac:plain-text-body>${cdata(text)}</ac:plain-text-body>`)

  return {
    /** Any macro without a body; give the id where something else has to name it. */
    macro,
    /** Any macro around rich text. */
    rich,
    /** Any macro around plain text. */
    plain,
    info: (body: string, title?: string) => rich('info', body, { title }),
    note: (body: string, title?: string) => rich('note', body, { title }),
    tip: (body: string, title?: string) => rich('tip', body, { title }),
    warning: (body: string, title?: string) => rich('warning', body, { title }),
    panel: (title: string, body: string) =>
      rich('panel', body, { title, borderStyle: 'solid', bgColor: '#f4f5f7' }),
    expand: (title: string, body: string) => rich('expand', body, { title }),
    excerpt: (body: string, name?: string) =>
      rich('excerpt', body, { name, 'atlassian-macro-output-type': 'BLOCK' }),
    /** Page properties. */
    details: (id: string, body: string) => rich('details', body, { id }),
    code: (language: string, text: string, title?: string) => plain('code', text, { language, title }),
    noformat: (text: string) => plain('noformat', text),
    /** The quote macro of older editors. */
    quote: (words: string) => rich('quote', `<p>${words}</p>`),
    status: (title: string, colour: 'Green' | 'Yellow' | 'Red' | 'Blue' | 'Grey' = 'Grey') =>
      macro('status', { title, colour }),
    toc: (maxLevel?: string) => macro('toc', { maxLevel }),
    anchor: (name: string) => macro('anchor', { '': name }),
    /** The tree of pages below one: a title, or `@home` and the like. */
    pageTree: (root: string) => macro('pagetree', {}, pageParameter('root', root)),
    /** A file of this page, shown in it. */
    viewFile: (filename: string) =>
      macro('view-file', { height: '250' }, parameter('name', fileResource(filename))),
    /** A video or the like from elsewhere. */
    widget: (url: string) => macro('widget', {}, parameter('url', urlResource(url))),
    children: (parameters: Parameters = {}) => macro('children', parameters),
    include: (title: string, space?: string) => macro('include', {}, pageParameter('', title, space)),
    excerptInclude: (title: string, space?: string, name?: string) =>
      macro('excerpt-include', { name }, pageParameter('', title, space)),
    ...references(flavour),
    ...blocks(flavour),
  }
}

const parameter = (name: string, content: string) =>
  `<ac:parameter ac:name="${name}">${content}</ac:parameter>`

const parameterList = (parameters: Parameters): string =>
  Object.entries(parameters)
    .flatMap(([name, value]) => (value === undefined ? [] : [parameter(name, escapeValue(value))]))
    .join('')

function pageResource(title: string, space?: string): string {
  const key = space === undefined ? '' : `ri:space-key="${escapeValue(space)}" `
  return `<ri:page ${key}ri:content-title="${escapeValue(title)}" />`
}

const fileResource = (filename: string) => `<ri:attachment ri:filename="${escapeValue(filename)}" />`

const urlResource = (url: string) => `<ri:url ri:value="${escapeValue(url)}" />`

const pageParameter = (name: string, title: string, space?: string) =>
  parameter(name, `<ac:link>${pageResource(title, space)}</ac:link>`)

/** People, pages, files, dates: what stands in a line and points elsewhere. */
function references(flavour: Flavour) {
  const textBody = (text?: string) =>
    text === undefined ? '' : `<ac:plain-text-link-body>${cdata(text)}</ac:plain-text-link-body>`
  const image = (resource: string, { width, alt, caption }: ImageDetails) => {
    const attributes = [width && ` ac:width="${width}"`, alt && ` ac:alt="${escapeValue(alt)}"`]
    const below = caption === undefined ? '' : `<ac:caption><p>${caption}</p></ac:caption>`
    return `<ac:image${attributes.filter(Boolean).join('')}>${resource}${below}</ac:image>`
  }

  return {
    mention: ({ accountId, userKey }: User) =>
      flavour === 'cloud'
        ? `<ac:link><ri:user ri:account-id="${accountId}" /></ac:link>`
        : `<ac:link><ri:user ri:userkey="${userKey}" /></ac:link>`,
    /** A page by title, in this space or another; without text it shows the title. */
    link: (title: string, { text, space, anchor }: { text?: string; space?: string; anchor?: string } = {}) =>
      `<ac:link${anchor === undefined ? '' : ` ac:anchor="${anchor}"`}>${pageResource(title, space)}${textBody(text)}</ac:link>`,
    /** A page by title, with formatted text. */
    richLink: (title: string, body: string) =>
      `<ac:link>${pageResource(title)}<ac:link-body>${body}</ac:link-body></ac:link>`,
    /** A place on the same page. */
    anchorLink: (anchor: string, text: string) =>
      `<ac:link ac:anchor="${anchor}">${textBody(text)}</ac:link>`,
    /** A file of this page. */
    fileLink: (filename: string, text?: string) =>
      `<ac:link>${fileResource(filename)}${textBody(text)}</ac:link>`,
    picture: (filename: string, details: ImageDetails = {}) => image(fileResource(filename), details),
    pictureFrom: (url: string, details: ImageDetails = {}) => image(urlResource(url), details),
    date: (day: string) => `<time datetime="${day}" />`,
    emoji: (shortname: string, fallback: string, name: string) =>
      flavour === 'cloud'
        ? `<ac:emoticon ac:name="${name}" ac:emoji-shortname=":${shortname}:" ac:emoji-fallback="${fallback}" />`
        : `<ac:emoticon ac:name="${name}" />`,
    /** Words that an inline comment is about; `ref` is the comment's marker. */
    marked: (ref: string, words: string) =>
      `<ac:inline-comment-marker ac:ref="${ref}">${words}</ac:inline-comment-marker>`,
  }
}

/** Task lists, decisions, columns. */
function blocks(flavour: Flavour) {
  return {
    tasks: (...tasks: readonly (readonly [done: boolean, body: string])[]) =>
      `<ac:task-list>${tasks.map(([done, body], index) => taskItem(index + 1, done, body)).join('')}</ac:task-list>`,
    decisions: (...texts: readonly string[]) => decisionList(flavour, texts),
    layout: (...sections: readonly string[]) => `<ac:layout>${sections.join('')}</ac:layout>`,
    section: (
      type: 'single' | 'two_equal' | 'two_left_sidebar' | 'three_equal',
      ...cells: readonly string[]
    ) =>
      `<ac:layout-section ac:type="${type}">${cells.map((cell) => `<ac:layout-cell>${cell}</ac:layout-cell>`).join('')}</ac:layout-section>`,
  }
}

const taskItem = (id: number, done: boolean, body: string): string =>
  `<ac:task><ac:task-id>${id}</ac:task-id><ac:task-status>${done ? 'complete' : 'incomplete'}</ac:task-status>` +
  `<ac:task-body><span class="placeholder-inline-tasks">${body}</span></ac:task-body></ac:task>`

function decisionList(flavour: Flavour, texts: readonly string[]): string {
  const fallback = `<ul class="decision-list">${texts.map((text) => `<li>${text}</li>`).join('')}</ul>`
  if (flavour === 'data-center') return fallback
  const items = texts.map(
    (text) =>
      '<ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute>' +
      `<ac:adf-content>${text}</ac:adf-content></ac:adf-node>`,
  )
  return (
    `<ac:adf-extension><ac:adf-node type="decision-list">${items.join('')}</ac:adf-node>` +
    `<ac:adf-fallback>${fallback}</ac:adf-fallback></ac:adf-extension>`
  )
}
