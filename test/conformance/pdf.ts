/**
 * PDFs with a text layer. PDFium and pdfminer are different readers, so that texts are counted rather than whole elements compared.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ReadContext } from '../../src/partition/file.ts'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { readPdf } from '../../src/partition/pdf.ts'
import type { Known, Suite } from './suite.ts'

interface Recording {
  readonly source: string
  readonly kwargs: { readonly password?: string }
  /** Absent where the reference refused the document. */
  readonly elements?: readonly { readonly text: string }[]
}

const fewestTexts = 0.85
const fewestWords = 0.97

const upsideDown =
  'the reference loses text in a form whose box is written upside down, which PDFium does not tell of; the form then stands in the order'

/** In which cases compat mode differs, and why. */
export const pdfKnown: readonly Known[] = [
  {
    suite: 'pdf_fast',
    name: 'a1977-backus-p21.pdf',
    reason: 'the reference loses brackets that are escaped without need',
  },
  { suite: 'pdf_fast_order', name: 'invalid-pdf-structure-pdfminer-one-page.pdf', reason: upsideDown },
  { suite: 'pdf_fast_order', name: 'pdf-bad-color-space.pdf', reason: upsideDown },
]

const context: ReadContext = {
  signal: new AbortController().signal,
  lose: () => {},
  nested: () => Promise.resolve([]),
}

/** How many of the texts are in both, each as often as it is in both. */
function inCommon(ours: readonly string[], theirs: readonly string[]): number {
  const left = new Map<string, number>()
  for (const text of theirs) left.set(text, (left.get(text) ?? 0) + 1)
  let count = 0
  for (const text of ours) {
    const times = left.get(text) ?? 0
    if (times === 0) continue
    left.set(text, times - 1)
    count++
  }
  return count
}

/** Length of the longest sequence that both have in this order. */
function inOrder(ours: readonly string[], theirs: readonly string[]): number {
  let row = Array.from({ length: theirs.length + 1 }, () => 0)
  for (const text of ours) {
    const next = [0]
    for (const [at, other] of theirs.entries())
      next.push(text === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!))
    row = next
  }
  return row.at(-1)!
}

const wordsIn = (texts: readonly string[]): string[] => texts.join(' ').split(/\s+/).filter(Boolean)

interface Figures {
  readonly name: string
  readonly theirs: number
  readonly equal: number
  readonly ordered: number
  /** Harmonic mean of precision and recall of words. */
  readonly words: number
}

async function figuresOf(
  name: string,
  bytes: Uint8Array,
  { kwargs, elements = [] }: Recording,
): Promise<Figures> {
  const options = { ...defaultFileOptions(), ...kwargs, mode: 'compat' as const, strategy: 'fast' as const }
  const ours = (await readPdf({ bytes }, options, context)).map(({ text }) => text)
  const theirs = elements.map(({ text }) => text)
  const [ourWords, theirWords] = [wordsIn(ours), wordsIn(theirs)]
  return {
    name,
    theirs: theirs.length,
    equal: inCommon(ours, theirs),
    ordered: inOrder(ours, theirs),
    words: (2 * inCommon(ourWords, theirWords)) / (ourWords.length + theirWords.length),
  }
}

function recordings(oracle: string): { name: string; bytes: Uint8Array; recording: Recording }[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.pdf.json'))
    .map((file) => ({
      name: basename(file, '.json'),
      bytes: readFileSync(join(oracle, 'documents', 'inputs', basename(file, '.json'))),
      recording: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording,
    }))
    .filter(({ recording }) => recording.elements !== undefined)
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const told = ({ name, equal, theirs, words }: Figures): string =>
  `${name}: ${equal} of ${theirs} texts equal, words ${percent(words)}`

/** Words of each document, order of each document, and the texts of all. */
export async function pdfSuites(oracle: string): Promise<Suite[]> {
  const all: Figures[] = []
  for (const { name, bytes, recording } of recordings(oracle))
    all.push(await figuresOf(name, bytes, recording))
  if (all.length === 0) return []
  const [equal, theirs] = all.reduce(([sum, whole], each) => [sum + each.equal, whole + each.theirs], [0, 0])
  const total = `all documents: ${equal} of ${theirs} texts equal (${percent(equal / theirs)})`
  const tooFew = equal / theirs < fewestTexts
  return [
    {
      name: 'pdf_fast',
      cases: all.map((each) => ({
        name: told(each),
        ...(each.words < fewestWords && { difference: `fewer words than ${percent(fewestWords)}` }),
      })),
    },
    {
      name: 'pdf_fast_order',
      cases: all.map((each) => ({
        name: each.name,
        ...(each.ordered < each.equal && {
          difference: `${each.ordered} of the ${each.equal} equal texts are in order`,
        }),
      })),
    },
    {
      name: 'pdf_fast_texts',
      cases: [{ name: total, ...(tooFew && { difference: `fewer than ${percent(fewestTexts)}` }) }],
    },
  ]
}
