/**
 * Cuts a text that is too long: at the last line break that fits, else at the last space, else in the middle of a word.
 *
 * @module
 */

import { isSpace } from '../kit/whitespace.ts'
import type { Measure } from './measure.ts'

export interface Cuts {
  readonly measure: Measure
  /** No piece is larger. */
  readonly most: number
  /** How much of its end each piece shares with the next; less than `most`. */
  readonly overlap: number
}

/** What is left of a text: something repeated from the piece before, then the text from an index on. */
interface Rest {
  readonly repeated: string
  readonly from: number
}

interface Cut {
  readonly piece: string
  readonly rest: Rest
}

const separators = ['\n', ' ']

/** The pieces of a text, in order. The time it takes grows with the text's length, whatever the pieces' size. */
export function* splitText(text: string, cuts: Cuts): Generator<string> {
  let rest: Rest = { repeated: '', from: 0 }
  while (rest.from < text.length) {
    const cut = cutOff(text, rest, cuts)
    yield cut.piece
    rest = cut.rest
  }
}

function cutOff(text: string, rest: Rest, cuts: Cuts): Cut {
  const { measure, most } = cuts
  // A longer view would not change where the cut is: a separator may stand right behind the longest piece, no further.
  const end = rest.from + most * measure.widest + separators.length
  const view = rest.repeated + text.slice(rest.from, end)
  const reach = measure.reach(view, most)
  if (reach === view.length && end >= text.length)
    return { piece: view, rest: { repeated: '', from: text.length } }
  for (const separator of separators) {
    const cut = cutAt(separator, { text, rest, view, reach }, cuts)
    if (cut !== undefined) return cut
  }
  return cutInWord(rest, view.slice(0, reach), cuts)
}

interface Sight {
  readonly text: string
  readonly rest: Rest
  /** The beginning of what is left, longer than a piece. */
  readonly view: string
  /** The end of the longest piece. */
  readonly reach: number
}

/** The cut at the last separator that makes a piece; undefined when none does. */
function cutAt(separator: string, { text, rest, view, reach }: Sight, cuts: Cuts): Cut | undefined {
  const { measure, most, overlap } = cuts
  const least = measure.reach(view, overlap + 1)
  for (let at = view.lastIndexOf(separator, reach); at >= least; at = view.lastIndexOf(separator, at - 1)) {
    const piece = withoutSpaceBehind(view.slice(0, at))
    if (piece === '') return undefined
    const next = repeating(piece, withoutSpace(text, behind(rest, at)), cuts)
    if (length(text, next) >= length(text, rest)) return undefined
    // Counted in tokens, a part can be larger than the whole.
    if (measure.size(piece, most) <= most) return { piece, rest: next }
  }
  return undefined
}

function cutInWord(rest: Rest, piece: string, { measure, most, overlap }: Cuts): Cut {
  const own = overlap === 0 ? piece.length : measure.reach(piece, most - overlap)
  const shared = { repeated: piece.slice(own), from: behind(rest, piece.length).from }
  return { piece, rest: shared }
}

const length = (text: string, { repeated, from }: Rest) => repeated.length + text.length - from

/** The rest with the end of the piece before it once more. */
function repeating(piece: string, { repeated, from }: Rest, { measure, overlap }: Cuts): Rest {
  if (overlap <= 1) return { repeated, from }
  return { repeated: `${measure.tail(piece, overlap - 1)} ${repeated}`, from }
}

/** What is left behind so many units of a rest. */
function behind({ repeated, from }: Rest, units: number): Rest {
  return units < repeated.length
    ? { repeated: repeated.slice(units), from }
    : { repeated: '', from: from + units - repeated.length }
}

function firstVisible(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

function withoutSpace(text: string, { repeated, from }: Rest): Rest {
  const visible = firstVisible(repeated, 0)
  return visible < repeated.length
    ? { repeated: repeated.slice(visible), from }
    : { repeated: '', from: firstVisible(text, from) }
}

function withoutSpaceBehind(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}
