/**
 * Takes the HTML out of RTF that was made of it ([MS-OXRTFEX]: Rich Text Format Extensions).
 *
 * @module
 */

import { characters, decoderOf, pageOfCharacterSet } from '../rtf/code-pages.ts'
import { scanRtf } from '../rtf/scan.ts'

/** What a group says of its text. */
interface State {
  /** It stands for HTML tags, to the letter. */
  readonly verbatim: boolean
  readonly unseen: boolean
  /** It is for programs that cannot read the HTML. */
  readonly rtfOnly: boolean
  readonly font: number
}

const unseen: ReadonlySet<string> = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pntext', 'pict'])
const ends: Readonly<Record<string, string>> = { ...characters, par: '\r\n', line: '\r\n' }

/**
 * The HTML; undefined when the RTF was not made of any.
 *
 * @throws as `scanRtf`
 */
export function htmlInRtf(bytes: Uint8Array): string | undefined {
  let state: State = { verbatim: false, unseen: false, rtfOnly: false, font: -1 }
  const above: State[] = []
  let html = ''
  let isHtml = false
  let star = false
  let page = 1252
  /** Code pages of fonts that have one of their own. */
  const fontPages = new Map<number, number>()
  let standIn = false
  let pending: number[] = []

  function flush(): void {
    const text = decoderOf(fontPages.get(state.font) ?? page).decode(Uint8Array.from(pending))
    pending = []
    write(text)
  }

  function write(text: string): void {
    if (!state.unseen && (state.verbatim || !state.rtfOnly)) html += text
  }

  function setFontPage(characterSet: number): void {
    const own = pageOfCharacterSet(characterSet)
    if (own !== undefined) fontPages.set(state.font, own)
  }

  function word(name: string, parameter = 1): void {
    flush()
    const starred = star
    star = name === '*'
    standIn = name === 'u'
    if (name === 'fromhtml') isHtml = true
    else if (name === 'ansicpg') page = parameter
    else if (name === 'f') state = { ...state, font: parameter }
    else if (name === 'fcharset') setFontPage(parameter)
    else if (name === 'htmlrtf') state = { ...state, rtfOnly: parameter !== 0 }
    else if (name === 'htmltag') state = { ...state, verbatim: true, unseen: false }
    else if (name === 'u') write(String.fromCharCode(parameter & 0xffff))
    else if (starred || unseen.has(name)) state = { ...state, unseen: true }
    else if (Object.hasOwn(ends, name)) write(ends[name]!)
  }

  scanRtf(bytes, {
    open() {
      flush()
      above.push(state)
    },
    close() {
      flush()
      state = above.pop() ?? state
    },
    word,
    byte(code) {
      if (!standIn) pending.push(code)
      standIn = false
    },
    binary() {},
  })
  return isHtml ? html : undefined
}
