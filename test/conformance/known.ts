/**
 * The cases in which compat mode differs from the reference, and why. docs/conformance.md is made of them.
 *
 * @module
 */

import { chunkingKnown } from './chunking.ts'
import { filesKnown } from './files.ts'
import { pdfKnown } from './pdf.ts'
import type { Known } from './suite.ts'

const otherDetector = 'a guess of another language detector on a few words'
const standIn = 'recorded with a stand-in for the language model, which does not know the word'

const htmlKnown: readonly Known[] = [
  {
    suite: 'html_snippets',
    name: 'There is some text here.\\n  </',
    reason: 'parser repair: a lone </ at the very end is text, as in a browser; libxml2 drops it',
  },
  { suite: 'partition_html', name: '::test_partition_html_br_tag_parsing', reason: otherDetector },
  { suite: 'partition_html', name: '::test_html_grabs_bulleted_text_in_tags', reason: otherDetector },
  { suite: 'partition_html', name: '::test_html_grabs_bulleted_text_in_paras', reason: otherDetector },
  { suite: 'partition_html', name: '<td>Dimensions</td>', reason: otherDetector },
  {
    suite: 'detect_languages',
    name: 'My lubimy mleko i chleb.',
    reason: 'one language is told, not candidates',
  },
  {
    suite: 'is_possible_title',
    name: 'BTAR ADFJA L',
    reason: 'a check against a list of English words, off by default in the reference',
  },
  { suite: 'contains_verb', name: '(stand-in)', reason: standIn },
]

/** All of them. */
export const known: readonly Known[] = [...htmlKnown, ...filesKnown, ...pdfKnown, ...chunkingKnown]

/** Why a case may differ; undefined = it may not. */
export function knownDifference(suite: string, name: string): string | undefined {
  return known.find((each) => each.suite === suite && name.includes(each.name))?.reason
}
