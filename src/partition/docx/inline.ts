/**
 * Reads what stands in a paragraph of a Word document: words with their looks and links, ends of pages, and what hangs on it.
 *
 * @module
 */

import { chosenAlternative } from '../office/alternatives.ts'
import { formulaText } from '../office/formula.ts'
import type { Change, Link, NoteKind, Piece } from '../office/pieces.ts'
import type { Relationships } from '../office/relationships.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlNode } from '../office/xml.ts'
import { type Drawing, readDrawing } from './drawing.ts'
import { addressIn, createFields } from './fields.ts'
import { isOn, type View } from './names.ts'

/** The looks of words, by what stands around them. */
interface Look {
  readonly bold: boolean
  readonly italic: boolean
  readonly link?: Link
  readonly change?: Change
}

const plain: Look = { bold: false, italic: false }

const characters: Readonly<Record<string, string>> = {
  'w:tab': '\t',
  'w:ptab': '\t',
  'w:cr': '\n',
  'w:noBreakHyphen': '-',
}

/** Letters of symbol fonts that people use as signs, by their code. */
const symbols: Readonly<Record<string, string>> = {
  F0B7: '•',
  F0A8: '☐',
  F06F: '☐',
  F0FD: '☒',
  F0FE: '☑',
  F0FC: '✓',
  F0FB: '✗',
  F0E0: '→',
}

const notes: Readonly<Record<string, NoteKind>> = {
  'w:footnoteReference': 'footnote',
  'w:endnoteReference': 'endnote',
  'w:commentReference': 'comment',
}

const transparent: ReadonlySet<string> = new Set([
  'w:sdt',
  'w:sdtContent',
  'w:customXml',
  'w:smartTag',
  'w:dir',
  'w:bdo',
  'w:ruby',
  'w:rubyBase',
])

/** @param node a paragraph @param relationships of the part that it stands in */
export function readInline(node: XmlNode, relationships: Relationships, view: View): Piece[] {
  const pieces: Piece[] = []
  const fields = createFields()

  function words(text: string, look: Look, formula = false): void {
    if (text === '') return
    const link = look.link ?? (view.enhanced ? fields.link() : undefined)
    const { bold, italic, change } = look
    pieces.push({
      kind: 'words',
      text,
      bold,
      italic,
      formula,
      ...(link && { link }),
      ...(change && { change }),
    })
  }

  function inlines(parent: XmlNode, look: Look): void {
    for (const child of childrenOf(parent)) {
      if (child.name === 'w:r') run(child, look)
      else if (child.name === 'w:hyperlink' && (view.enhanced || parent === node))
        inlines(child, withLink(look, addressOf(child, relationships)))
      else if (view.enhanced) enhancedInline(child, look)
    }
  }

  function enhancedInline(child: XmlNode, look: Look): void {
    const { name } = child
    if (transparent.has(name)) inlines(child, look)
    else if (name === 'w:ins' || name === 'w:moveTo')
      inlines(child, view.deletions ? { ...look, change: 'inserted' } : look)
    else if (name === 'w:del' || name === 'w:moveFrom') {
      if (view.deletions) inlines(child, { ...look, change: 'deleted' })
    } else if (name === 'w:fldSimple') {
      inlines(child, withLink(look, addressIn(child.attributes['w:instr'] ?? '')))
    } else if (name === 'm:oMath' || name === 'm:oMathPara') words(formulaText(child), look, true)
    else if (name === 'mc:AlternateContent') {
      const chosen = chosenAlternative(child)
      if (chosen) inlines(chosen, look)
    }
  }

  function run(child: XmlNode, around: Look): void {
    const properties = childOf(child, 'w:rPr')
    if (view.enhanced && isOn(properties, 'w:vanish')) return
    const look: Look = { ...around, bold: isOn(properties, 'w:b'), italic: isOn(properties, 'w:i') }
    let text = ''
    const endWords = () => {
      words(text, look)
      text = ''
    }
    let hasShapes = false
    for (const each of partsOf(child)) {
      const found = runText(each)
      if (found !== undefined) text += found
      else if (each.name === 'w:lastRenderedPageBreak' || (view.enhanced && each.name !== 'w:rPr')) {
        endWords()
        hanging(each, look)
      } else hasShapes ||= each.name !== 'w:rPr'
    }
    endWords()
    if (hasShapes) compatShapes(child, look)
  }

  /** What a run is made of. The reference does not look into alternatives. */
  function partsOf(child: XmlNode): readonly XmlNode[] {
    const parts = childrenOf(child)
    if (!view.enhanced || parts.every(({ name }) => name !== 'mc:AlternateContent')) return parts
    return parts.flatMap((each) => {
      const chosen = each.name === 'mc:AlternateContent' ? chosenAlternative(each) : undefined
      return chosen ? partsOf(chosen) : [each]
    })
  }

  /** LibreOffice writes signs of symbol fonts as letters of no alphabet. */
  function said(each: XmlNode): string {
    const text = textOf(each)
    return view.enhanced ? text.replace(/[\uf020-\uf0ff]/g, (sign) => symbol(codeOf(sign))) : text
  }

  /** What a part of a run reads as; undefined when it is something else than text. */
  function runText(each: XmlNode): string | undefined {
    const { name, attributes } = each
    if (name === 'w:t' || (name === 'w:delText' && view.deletions)) return fields.inCode() ? '' : said(each)
    if (name === 'w:br') return (attributes['w:type'] ?? 'textWrapping') === 'textWrapping' ? '\n' : ''
    if (name === 'w:sym' && view.enhanced) return symbol(attributes['w:char'] ?? '')
    return characters[name]
  }

  function hanging(each: XmlNode, look: Look): void {
    const { name, attributes } = each
    if (name === 'w:lastRenderedPageBreak')
      pieces.push({ kind: 'page', ...(look.link && { link: look.link }) })
    else if (name === 'w:fldChar') fields.mark(attributes['w:fldCharType'])
    else if (name === 'w:instrText') fields.instruct(textOf(each))
    else if (notes[name] !== undefined)
      pieces.push({ kind: 'note', note: notes[name], id: attributes['w:id'] ?? '' })
    else if (name === 'w:drawing' || name === 'w:pict' || name === 'w:object')
      show(readDrawing(each, relationships), look)
    else if (name === 'w:ruby') inlines(each, look)
  }

  function show({ inline, pictures, boxes, graphics }: Drawing, look: Look): void {
    for (const picture of pictures) pieces.push({ kind: 'picture', picture })
    for (const graphic of graphics) pieces.push({ kind: 'graphic', ...graphic })
    for (const content of boxes) {
      const [only, ...others] = childrenOf(content)
      if (inline && only?.name === 'w:p' && others.length === 0) inlines(only, look)
      else pieces.push({ kind: 'box', content })
    }
  }

  /** The reference reads the words of the first shape that stands in the line, whatever is around them. */
  function compatShapes(each: XmlNode, look: Look): void {
    const shape = descendantsOf(each, 'wp:inline')[0]
    if (!shape) return
    for (const found of descendantsOf(shape, 'w:r'))
      words(
        childrenOf(found)
          .map((child) => runText(child) ?? '')
          .join(''),
        { ...plain, ...(look.link && { link: look.link }) },
      )
  }

  inlines(node, plain)
  return pieces
}

const withLink = (look: Look, url: string): Look => (url === '' ? look : { ...look, link: { url } })

/** The address of a `w:hyperlink`; empty for one inside the document. */
function addressOf({ attributes }: XmlNode, relationships: Relationships): string {
  const address = relationships.get(attributes['r:id'] ?? '')?.target ?? ''
  const anchor = attributes['w:anchor'] ?? ''
  return address === '' || anchor === '' ? address : `${address}#${anchor}`
}

const codeOf = (sign: string): string => sign.charCodeAt(0).toString(16)

function symbol(code: string): string {
  const known = symbols[code.toUpperCase()]
  if (known !== undefined) return known
  const point = /^[0-9a-f]{2,4}$/i.test(code) ? Number.parseInt(code, 16) : 0
  return point < 0x20 || (point >= 0xd800 && point < 0xf900) ? '' : String.fromCodePoint(point)
}
