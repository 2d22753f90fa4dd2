/**
 * How faithful elements are to a page: of the words that a reader sees, how many arrive, once and in order (recall); of the words
 * that arrive, how many a reader sees there (precision). Both from the longest common subsequence of the two.
 *
 * @module
 */

import { partitionHtml } from '../../src/partition/html.ts'
import { readPage } from '../../src/sources/confluence/storage-format/read-page.ts'
import type { Surroundings } from '../../src/sources/confluence/surroundings.ts'
import { visibleText } from './visible-text.ts'

export interface Fidelity {
  readonly recall: number
  readonly precision: number
  readonly visible: readonly string[]
  readonly arrived: readonly string[]
}

const title = 'Fidelity'

/** A page that stands alone: no other page is there, and everybody's name is the id. */
const alone: Surroundings = {
  page: { id: '1', title, spaceKey: 'FID', url: 'https://wiki.example/pages/1' },
  webUrl: 'https://wiki.example',
  deployment: 'cloud',
  bodyMode: 'storage',
  userNames: async (ids) => new Map(ids.map((id) => [id, id])),
  include: async () => ({ outcome: 'missing' }),
  children: async () => [],
  files: async () => new Map(),
  labelled: async () => [],
  pageUrl: (spaceKey, page) => `https://wiki.example/display/${spaceKey}/${encodeURIComponent(page)}`,
  view: () => Promise.reject(new Error('A page alone has no server.')),
}

/** The way of a real page: storage format to markup to elements. */
export async function measureFidelity(storage: string): Promise<Fidelity> {
  const { markup } = await readPage({ storage, surroundings: alone })
  const elements = await partitionHtml({ markup }, { languages: [''] })
  const visible = words(visibleText(title, storage))
  const arrived = words(elements.map(({ text }) => text).join('\n'))
  const common = commonLength(visible, arrived)
  return { recall: share(common, visible), precision: share(common, arrived), visible, arrived }
}

/** Words and emoji; punctuation is left to other tests. */
export function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic}/gu) ?? []
}

function share(common: number, all: readonly string[]): number {
  return all.length === 0 ? 1 : common / all.length
}

/** Length of the longest common subsequence, by Myers' greedy walk over the differences. */
export function commonLength(a: readonly string[], b: readonly string[]): number {
  const furthest = new Int32Array(2 * (a.length + b.length) + 3)
  const middle = a.length + b.length + 1
  for (let differences = 0; ; differences++) {
    for (let k = -differences; k <= differences; k += 2) {
      const down =
        k === -differences || (k !== differences && furthest[middle + k - 1]! < furthest[middle + k + 1]!)
      let x = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest[middle + k] = x
      if (x >= a.length && x - k >= b.length) return (a.length + b.length - differences) / 2
    }
  }
}
