/**
 * What a reader of a Confluence page sees as text, told from its storage format by a walk of its own: it shares nothing with the
 * renderer that it judges, not even the parser's mode.
 *
 * @module
 */

import { decodeHTML } from 'entities'
import { parseDocument } from 'htmlparser2'

type Node = ReturnType<typeof parseDocument>['children'][number]
type Tag = Extract<Node, { name: string; attribs: Record<string, string>; children: Node[] }>

/** Parameters that Confluence shows as text, before the body. All others are settings. */
const shownParameters: Readonly<Record<string, readonly string[]>> = {
  code: ['title'],
  noformat: ['title'],
  expand: ['title'],
  info: ['title'],
  note: ['title'],
  panel: ['title'],
  status: ['title'],
  tip: ['title'],
  warning: ['title'],
  jira: ['key'],
  'eazy-math-inline': ['body'],
  'easy-math-block': ['body'],
  'eazy-math-block': ['body'],
}

/**
 * Where the elements say more or less than the page shows, on purpose.
 */
export const exceptions: Readonly<Record<string, string>> = {
  drawio: 'shown as a picture; its name stands for it, as alternative text',
  gliffy: 'shown as a picture; its name stands for it, as alternative text',
  'view-file, viewpdf, viewdoc, viewxls, viewppt': 'shown as a preview of the file; its name stands for it',
  'widget, iframe': 'shown as a frame of the web; its address stands for it',
  jira: 'shows key and summary by asking Jira; a file holds the key alone',
  'include, excerpt-include':
    "shows another page's text, which is not in the file; its title stands for it, as a link",
  'include-shared-block': "shows another page's text, which is not in the file",
  children: 'lists other pages, which are not in the file',
  pagetree: 'lists other pages, which are not in the file',
  toc: "repeats the page's own headings",
  'excerpt hidden=true': 'not shown on its own page',
  'details hidden=true': 'not shown on its own page',
  'ac:placeholder': 'shown to those who edit, not to those who read',
  'ac:image': 'a picture; its alternative text stands for it',
  time: 'shown in the format of the reader; here as year-month-day',
  'ri:user': 'shown by name; here everybody is called by the id',
  'style="display: none"': 'taken out of sight by its author',
}

const pictured: Readonly<Record<string, readonly string[]>> = {
  drawio: ['diagramDisplayName', 'diagramName'],
  gliffy: ['name'],
}

const framedBy: Readonly<Record<string, readonly string[]>> = {
  'view-file': ['name'],
  viewpdf: ['name'],
  viewdoc: ['name'],
  viewxls: ['name'],
  viewppt: ['name'],
  widget: ['url'],
  iframe: ['src'],
}

const unseen = new Set(
  (
    'ac:parameter ac:default-parameter ac:placeholder ac:task-id ac:task-uuid ac:task-status ac:adf-attribute ' +
    'script style title'
  ).split(' '),
)

/** Tags that go on with a word; every other one ends it. */
const withinWords = new Set(
  (
    'a abbr b bdi bdo big cite code del em font i ins kbd mark q s samp small span strike strong sub sup time tt u var wbr ' +
    'ac:link ac:link-body ac:plain-text-link-body ac:inline-comment-marker ac:emoticon'
  ).split(' '),
)

const inlineMacros = new Set(['status', 'jira', 'eazy-math-inline', 'anchor'])

/** The page's visible text, title first; line breaks where a word cannot go on. */
export function visibleText(title: string, storage: string): string {
  const parts: string[] = [title, '\n']
  const document = parseDocument(storage, { xmlMode: true, decodeEntities: false })
  for (const node of document.children) write(node, parts)
  return parts.join('')
}

function write(node: Node, parts: string[]): void {
  if (node.type === 'text') parts.push(decodeHTML(node.data))
  else if (node.type === 'cdata')
    for (const child of node.children) parts.push((child as { data: string }).data)
  else if (isTag(node)) writeTag(node, parts)
}

function isTag(node: Node): node is Tag {
  return 'attribs' in node
}

function writeTag(tag: Tag, parts: string[]): void {
  if (unseen.has(tag.name) || /display:\s*none/.test(tag.attribs.style ?? '')) return
  const inWord = withinWords.has(tag.name) || (isMacro(tag) && inlineMacros.has(macroName(tag)))
  if (!inWord) parts.push('\n')
  const special = specials[tag.name]
  if (special) special(tag, parts)
  else writeAll(tag.children, parts)
  if (!inWord) parts.push('\n')
}

function writeAll(nodes: readonly Node[], parts: string[]): void {
  for (const node of nodes) write(node, parts)
}

const specials: Readonly<Record<string, (tag: Tag, parts: string[]) => void>> = {
  'ac:structured-macro': writeMacro,
  'ac:macro': writeMacro,
  'ac:link': writeLink,
  'ac:image': (tag, parts) => {
    const shown = tags(tag).some((child) => child.name === 'ri:attachment' || child.attribs['ri:value'])
    parts.push(shown ? decoded(tag.attribs['ac:alt'] || tag.attribs['ac:title']) : '', '\n')
    writeAll(tag.children, parts)
  },
  'ac:emoticon': ({ attribs }, parts) => parts.push(decoded(attribs['ac:emoji-fallback'])),
  'ac:adf-extension': (tag, parts) => {
    const node = tags(tag).find((child) => child.name === 'ac:adf-node')
    const own: string[] = []
    if (node) writeAll(node.children, own)
    if (own.join('').trim() !== '') parts.push(...own)
    else writeAll(tags(tag).find((child) => child.name === 'ac:adf-fallback')?.children ?? [], parts)
  },
  time: (tag, parts) => {
    const start = parts.length
    writeAll(tag.children, parts)
    if (parts.slice(start).join('').trim() === '') parts.push(decoded(tag.attribs.datetime))
  },
}

function writeMacro(tag: Tag, parts: string[]): void {
  const name = macroName(tag)
  const parameter = (wanted: string) =>
    tags(tag).find((child) => child.name === 'ac:parameter' && (child.attribs['ac:name'] ?? '') === wanted)
  const text = (wanted: string) => plainText(parameter(wanted))
  if ((name === 'excerpt' || name === 'details') && text('hidden') === 'true') return
  const picture = pictured[name]?.map(text).find((value) => value !== '')
  if (picture !== undefined) parts.push(picture)
  for (const framed of framedBy[name] ?? []) {
    const { attribs = {} } = tags(parameter(framed))[0] ?? {}
    parts.push(decoded(attribs['ri:filename'] ?? attribs['ri:value']) || text(framed))
  }
  if (name === 'include' || name === 'excerpt-include') parts.push(plainLabel(parameter('')))
  for (const shown of shownParameters[name] ?? []) {
    parts.push(text(shown))
    if (!inlineMacros.has(name)) parts.push('\n')
  }
  writeAll(tag.children, parts)
}

function plainLabel(tag: Tag | undefined): string {
  const parts: string[] = []
  for (const link of tags(tag)) write(link, parts)
  return parts.join('').trim() || plainText(tag)
}

function writeLink(tag: Tag, parts: string[]): void {
  const own: string[] = []
  writeAll(tag.children, own)
  if (own.join('').trim() !== '') return void parts.push(own.join('').trim())
  const [resource] = tags(tag)
  const attribs = resource?.attribs ?? {}
  const user = attribs['ri:account-id'] ?? attribs['ri:userkey'] ?? attribs['ri:username']
  const label =
    attribs['ri:content-title'] ?? attribs['ri:filename'] ?? attribs['ri:space-key'] ?? attribs['ri:value']
  parts.push(user === undefined ? decoded(label ?? tag.attribs['ac:anchor']) : `@${user}`)
}

function tags(tag: Tag | undefined): Tag[] {
  return (tag?.children ?? []).filter(isTag)
}

function isMacro(tag: Tag): boolean {
  return tag.name === 'ac:structured-macro' || tag.name === 'ac:macro'
}

function macroName(tag: Tag): string {
  return tag.attribs['ac:name'] ?? ''
}

function plainText(tag: Tag | undefined): string {
  const parts: string[] = []
  writeAll(tag?.children ?? [], parts)
  return parts.join('').trim()
}

function decoded(attribute: string | undefined): string {
  return decodeHTML(attribute ?? '')
}
