/**
 * Blocks of storage format, made of generated words: paragraphs, lists, tables, code, panels, tasks.
 *
 * @module
 */

import { adjectives, capital, circumstances, labels, objects, sentence, topics } from './generated-words.ts'
import type { Random } from './random.ts'

/** What a block may point at: markup of a mention, and places of real pages. */
export interface Targets {
  mention(random: Random): string
  /** Undefined where there are no pages to point at. */
  page(random: Random): { readonly spaceKey: string; readonly title: string } | undefined
}

const sentences = (random: Random, count: number) =>
  Array.from({ length: count }, () => sentence(random)).join(' ')

/** A paragraph of 150 to 700 characters; one in five holds something other than words. */
export function paragraph(random: Random, targets: Targets): string {
  const text = sentences(random, 2 + random.below(4))
  if (!random.chance(0.2)) return `<p>${text}</p>`
  return `<p>${text} ${random.pick(inlines)(random, targets)}</p>`
}

type Writer = (random: Random, targets: Targets) => string

const inlines: readonly Writer[] = [
  (random) => `<strong>${sentence(random)}</strong>`,
  (random) => `See <code>${random.pick(topics).replaceAll(' ', '_')}.ini</code> for the <em>settings</em>.`,
  (random, targets) => `${capital(random.pick(circumstances))}, ask ${targets.mention(random)}.`,
  (random, targets) => `More in ${pageLink(targets.page(random)) ?? 'the archive'}.`,
  (random) => `State: ${statusMacro(random)}.`,
  (random) =>
    `The permit is <a href="https://permits.example.org/${random.below(9000)}?part=a&amp;year=2024">here</a>.`,
]

/** Blocks of their own kind, some hundred to some thousand characters. */
export const specialBlocks: readonly Writer[] = [
  (random) => listBlock(random, 'ul'),
  (random) => listBlock(random, 'ol'),
  (random) => tableBlock(random),
  (random) => codeBlock(random),
  (random, targets) => panelBlock(random, targets),
  (random, targets) => taskBlock(random, targets),
]

export function heading(random: Random, level: 2 | 3): string {
  return `<h${level}>${random.pick(adjectives)} ${random.pick(topics)}</h${level}>`
}

/** What the word lists lack: letters beyond Latin-1, quotes and dashes as people type them. */
export function foreignParagraph(random: Random): string {
  const note = random.pick([
    'Überlauf prüfen – täglich',
    'Żuraw № 4 “north gate”',
    '給水塔 → 点検',
    'Насос №2 — резерв',
  ])
  return `<p>${sentence(random)} (${note}) ${sentence(random)}</p>`
}

const macroId = (random: Random): string => {
  const part = (length: number) => Array.from({ length }, () => random.below(16).toString(16)).join('')
  return `${part(8)}-${part(4)}-4${part(3)}-8${part(3)}-${part(12)}`
}

const macro = (random: Random, name: string, content: string): string =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="${macroId(random)}">${content}</ac:structured-macro>`

const parameter = (name: string, value: string): string =>
  `<ac:parameter ac:name="${name}">${value}</ac:parameter>`

const statusMacro = (random: Random): string =>
  macro(
    random,
    'status',
    parameter('title', random.pick(['DONE', 'OPEN', 'WAITING'])) +
      parameter('colour', random.pick(['Green', 'Blue', 'Yellow'])),
  )

function pageLink(target: ReturnType<Targets['page']>): string | undefined {
  if (target === undefined) return undefined
  const { spaceKey, title } = target
  const page = `<ri:page ri:space-key="${spaceKey}" ri:content-title="${title}" />`
  return `<ac:link>${page}<ac:plain-text-link-body><![CDATA[${title}]]></ac:plain-text-link-body></ac:link>`
}

function listBlock(random: Random, tag: 'ul' | 'ol'): string {
  const items = Array.from({ length: 3 + random.below(5) }, () => {
    const nested = random.chance(0.2)
      ? `<ul><li>${sentence(random)}</li><li>${sentence(random)}</li></ul>`
      : ''
    return `<li><p>${sentence(random)}</p>${nested}</li>`
  })
  return `<${tag}>${items.join('')}</${tag}>`
}

function tableBlock(random: Random): string {
  const columns = 3 + random.below(3)
  const row = (cell: (column: number) => string) =>
    `<tr>${Array.from({ length: columns }, (_, column) => cell(column)).join('')}</tr>`
  const header = row(() => `<th><p>${capital(random.pick(topics))}</p></th>`)
  const rows = Array.from({ length: 3 + random.below(8) }, () =>
    row((column) => `<td><p>${column === 0 ? capital(random.pick(topics)) : tableCell(random)}</p></td>`),
  )
  return `<table data-layout="default"><tbody>${header}${rows.join('')}</tbody></table>`
}

const tableCell = (random: Random): string =>
  random.chance(0.5) ? (random.below(10_000) / 10).toFixed(1) : capital(random.pick(objects))

function codeBlock(random: Random): string {
  const lines = Array.from({ length: 4 + random.below(14) }, (_, line) =>
    random.chance(0.2)
      ? `# ${sentence(random)}`
      : `set ${random.pick(labels)}.${line} --limit ${random.below(900)} && log "${random.pick(objects)}" > out.txt`,
  )
  const language = parameter('language', random.pick(['bash', 'ini', 'python']))
  return macro(
    random,
    'code',
    `${language}<ac:plain-text-body><![CDATA[${lines.join('\n')}]]></ac:plain-text-body>`,
  )
}

function panelBlock(random: Random, targets: Targets): string {
  const name = random.pick(['info', 'note', 'tip', 'warning', 'expand'])
  const title =
    random.chance(0.5) || name === 'expand' ? parameter('title', capital(random.pick(topics))) : ''
  const body = paragraph(random, targets) + paragraph(random, targets)
  return macro(random, name, `${title}<ac:rich-text-body>${body}</ac:rich-text-body>`)
}

function taskBlock(random: Random, targets: Targets): string {
  const tasks = Array.from({ length: 2 + random.below(4) }, (_, index) => {
    const status = random.chance(0.4) ? 'complete' : 'incomplete'
    const body = `${targets.mention(random)} ${sentence(random)}`
    return `<ac:task><ac:task-id>${index + 1}</ac:task-id><ac:task-status>${status}</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">${body}</span></ac:task-body></ac:task>`
  })
  return `<ac:task-list>${tasks.join('')}</ac:task-list>`
}
