/**
 * What the control words of RTF mean: a file as markup.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { pictureType } from '../../kit/picture-type.ts'
import { collapseSpace } from '../../kit/whitespace.ts'
import type { Markup, MarkupSink } from '../../model/markup.ts'
import { characters, decoderOf, pageOfCharacterSet } from './code-pages.ts'
import { type RtfSink, scanRtf } from './scan.ts'
import { createWriter } from './writer.ts'

export interface RtfOptions {
  /** Pictures become images, and a row ends where it says so. False: as the reference does. */
  readonly enhanced: boolean
  /** The pictures' bytes go with them. */
  readonly imageData: boolean
  /** Keep text that was deleted while changes were tracked. */
  readonly deleted: boolean
  /** Is told the headers and footers of pages, which are no part of the markup; left out where nobody listens. */
  readonly margin?: (margin: Margin) => void
}

/** A header or footer. */
export interface Margin {
  readonly type: 'Header' | 'Footer'
  /** Which pages it is for. */
  readonly kind: 'primary' | 'first_page' | 'even_only'
  /** A line for each paragraph; not blank. */
  readonly text: string
}

/** Where the text of a group goes. */
type Destination = 'body' | 'nowhere' | 'fonts' | 'styles' | 'field' | 'picture' | 'margin'

/** What a group inherits, and what ends with it. */
interface State {
  destination: Destination
  /** Whether closing this group ends a note. */
  note: boolean
  bold: boolean
  italic: boolean
  hidden: boolean
  href: string | undefined
  font: number
  /** Characters that stand for one that is written as a number, for programs that cannot read it. */
  standIns: number
  style: number
  outline: number | undefined
  list: number | undefined
  level: number
  inTable: boolean
  /** What header or footer the text is of. */
  margin: Pick<Margin, 'type' | 'kind'> | undefined
}

const start: State = {
  destination: 'body',
  note: false,
  bold: false,
  italic: false,
  hidden: false,
  href: undefined,
  font: -1,
  standIns: 1,
  style: 0,
  outline: undefined,
  list: undefined,
  level: 0,
  inTable: false,
  margin: undefined,
}
const plainParagraph = { style: 0, outline: undefined, list: undefined, level: 0, inTable: false }
const plainText = { bold: false, italic: false, hidden: false }

/** Groups whose text is no part of the document's, beside all that begin with `\*` and are not known. */
const unseen: ReadonlySet<string> = new Set(
  `colortbl info listtext pntext pntxta pntxtb nonshppict sp xe tc ftnsep ftnsepc aftnsep aftnsepc annotation atnid atnauthor
  bkmkstart bkmkend filetbl template`.split(/\s+/),
)
/** Known although they begin with `\*`. */
const starred: ReadonlySet<string> = new Set(['shppict', 'shpinst', 'fldinst', 'pn'])

/** Stand-ins of one character; a larger number would swallow the text. */
const mostStandIns = 100

const isLink = /HYPERLINK\s+(\\l\s+)?"([^"]*)"/

/** @throws {OutflowError} codes `file.damaged`, `file.too_much`, on replay */
export const rtfMarkup =
  (bytes: Uint8Array, options: RtfOptions): Markup =>
  (sink) =>
    scanRtf(bytes, createInterpreter(sink, options))

function createInterpreter(sink: MarkupSink, options: RtfOptions): RtfSink {
  const writer = createWriter(sink, !options.enhanced)
  const above: State[] = []
  const fontPages = new Map<number, number>()
  const headings = new Map<number, number>()
  let state = { ...start }
  let documentPage = 1252
  let star = false
  let standIns = 0
  let pending: number[] = []
  let pendingPage = documentPage
  /** Of a group that is no text: a field's instruction, a style's name, a picture's figures; or of a header. */
  let aside = ''
  let picture: Uint8Array | undefined

  function flush(): void {
    if (pending.length === 0) return
    const text = decoderOf(pendingPage).decode(Uint8Array.from(pending))
    pending = []
    write(text)
  }

  function write(text: string): void {
    const { destination, hidden } = state
    if (destination === 'body') {
      if (!hidden) writer.text(text, state)
    } else if (destination !== 'nowhere' && (destination !== 'picture' || options.imageData)) aside += text
  }

  /** Inside a header is nothing but text. */
  function enter(destination: Destination): void {
    const { destination: outer } = state
    if (outer !== 'nowhere') state.destination = outer === 'margin' ? 'nowhere' : destination
    if (state.destination !== 'nowhere') aside = ''
  }

  const set = (changes: Partial<State>): void => void Object.assign(state, changes)

  /** In a header, all that would end something is white space. */
  const inBody =
    (act: () => void, space = ' ') =>
    (): void => {
      if (state.destination === 'body') act()
      else if (state.destination === 'margin') aside += space
    }

  const endParagraph = inBody(() => {
    const heading = state.outline ?? headings.get(state.style)
    const { list, level, inTable } = state
    writer.endParagraph({ heading, list: list === undefined ? undefined : level, inTable })
  }, '\n')

  const open = (): void => {
    flush()
    standIns = 0
    above.push(state)
    state = { ...state, note: false }
  }

  const close = (): void => {
    flush()
    standIns = 0
    const inner = state
    const outer = above.pop()
    if (outer === undefined) return
    if (inner.destination === 'field' && outer.destination !== 'field') outer.href = linkOf(aside)
    if (inner.destination === 'picture' && outer.destination !== 'picture') endPicture(inner)
    if (inner.destination === 'styles') endStyle(inner)
    if (inner.destination === 'margin' && outer.destination !== 'margin') endMargin(inner)
    if (inner.note) writer.endNote()
    state = outer
    if (above.length === 0) writer.end()
  }

  function endPicture(looks: State): void {
    const bytes = picture ?? Buffer.from(aside.replace(/[^0-9a-f]/gi, ''), 'hex')
    picture = undefined
    const type = pictureType(bytes) ?? 'image/unknown'
    if (!options.enhanced || looks.hidden) return
    writer.picture(`data:${type};base64,${Buffer.from(bytes).toString('base64')}`, looks)
  }

  function endStyle({ style, outline }: State): void {
    const named = /^heading ([1-9])\b/i.exec(aside.trim())?.[1]
    aside = ''
    const level = named === undefined ? outline : Number(named) - 1
    if (style > 0 && level !== undefined && level < 9) headings.set(style, level)
  }

  function endMargin({ margin }: State): void {
    const lines = aside.split('\n').map(collapseSpace)
    const text = lines.filter((line) => line !== '').join('\n')
    if (margin && text !== '') options.margin?.({ ...margin, text })
  }

  const beginMargin = (type: Margin['type'], kind: Margin['kind']) => () => {
    enter(options.margin ? 'margin' : 'nowhere')
    state.margin = { type, kind }
  }

  const words: Readonly<Record<string, (parameter: number | undefined) => void>> = {
    ansicpg(page = 1252) {
      documentPage = page
    },
    mac() {
      documentPage = 10_000
    },
    par: endParagraph,
    sect: endParagraph,
    page: endParagraph,
    line: () => write('\n'),
    cell: inBody(() => writer.endCell()),
    nestcell: endParagraph,
    row: inBody(() => writer.endRow(), '\n'),
    trowd: inBody(() => writer.beginRow()),
    header: beginMargin('Header', 'primary'),
    headerr: beginMargin('Header', 'primary'),
    headerl: beginMargin('Header', 'even_only'),
    headerf: beginMargin('Header', 'first_page'),
    footer: beginMargin('Footer', 'primary'),
    footerr: beginMargin('Footer', 'primary'),
    footerl: beginMargin('Footer', 'even_only'),
    footerf: beginMargin('Footer', 'first_page'),
    pard: () => set(plainParagraph),
    plain: () => set(plainText),
    intbl: () => set({ inTable: true }),
    s: (style = 0) => set({ style }),
    outlinelevel: (level = 9) => set({ outline: level < 9 ? Math.max(0, level) : undefined }),
    ls: (list = 0) => set({ list: list > 0 ? list : undefined }),
    ilvl: (level = 0) => set({ level: Math.max(0, level) }),
    b: (on) => set({ bold: on !== 0 }),
    i: (on) => set({ italic: on !== 0 }),
    v: (on) => set({ hidden: on !== 0 }),
    deleted: (on) => set({ hidden: on !== 0 && !options.deleted }),
    f: (font = 0) => set({ font }),
    fcharset(set = 0) {
      const page = pageOfCharacterSet(set)
      if (state.destination === 'fonts' && page !== undefined) fontPages.set(state.font, page)
    },
    uc: (count = 1) => set({ standIns: Math.min(Math.max(0, count), mostStandIns) }),
    u(code = 0) {
      write(String.fromCharCode(code & 0xffff))
      standIns = state.standIns
    },
    fonttbl: () => enter('fonts'),
    stylesheet: () => enter('styles'),
    fldinst: () => enter('field'),
    pict: () => enter('picture'),
    footnote() {
      if (state.destination !== 'body') return
      writer.beginNote()
      state.note = true
    },
    pn() {
      markItem()
      enter('nowhere')
    },
  }

  /** The paragraph is a list's item, as the mark before it says; the group around the mark ends before the paragraph does. */
  function markItem(): void {
    const outer = above.at(-1)
    if (outer) outer.list ??= 1
  }

  function word(name: string, parameter: number | undefined): void {
    flush()
    const known = words[name]
    const opensUnknown = star && !starred.has(name)
    star = name === '*'
    if (star) return
    if (name === 'listtext' || name === 'pntext') markItem()
    if (opensUnknown || unseen.has(name)) enter('nowhere')
    else if (known && Object.hasOwn(words, name)) known(parameter)
    else if (Object.hasOwn(characters, name)) character(characters[name]!)
  }

  function character(text: string): void {
    if (standIns > 0) standIns -= 1
    else write(text)
  }

  return {
    open,
    close,
    word,
    byte(code) {
      star = false
      if (standIns > 0) {
        standIns -= 1
        return
      }
      const page = fontPages.get(state.font) ?? documentPage
      if (page !== pendingPage) flush()
      pendingPage = page
      pending.push(code)
    },
    binary(bytes) {
      if (state.destination === 'picture' && options.imageData) picture = bytes
    },
  }
}

function linkOf(instruction: string): string | undefined {
  const [, local, address] = isLink.exec(instruction) ?? []
  if (!address) return undefined
  return local === undefined ? address : `#${address}`
}
