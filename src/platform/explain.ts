/**
 * Why is a document (not) in the destination? Answered from what runs remember, without asking anybody.
 *
 * @module
 */

import type { FoundEntry, Ledger } from '../model/ledger.ts'

/**
 * Entries that a page's address can mean, one for each destination.
 *
 * @param address of the page, in any of Confluence's forms; its id; or its title, letter for letter
 */
export async function explain(ledger: Ledger, address: string): Promise<readonly FoundEntry[]> {
  for (const { space, ...by } of meanings(address)) {
    const found = await ledger.find(by)
    const fitting = found.filter(({ entry }) => space === undefined || entry.document.space === space)
    if (fitting.length > 0) return fitting
  }
  return []
}

type Meaning = Parameters<Ledger['find']>[0] & { readonly space?: string }

/** The likeliest first. */
function* meanings(address: string): Generator<Meaning> {
  if (/^\d+$/.test(address)) yield { objectId: address }
  yield { url: address }
  yield { title: address }
  if (!address.includes('/')) return
  // The last one first: `/spaces/2024/pages/123` is page 123.
  for (const objectId of (address.match(/\d+/g) ?? []).reverse()) yield { objectId }
  yield* displayed(address)
}

/** `/display/HR/How+we+work` names a page by its space and its title. */
function* displayed(address: string): Generator<Meaning> {
  const [, key, words] = /\/display\/([^/?#]+)\/([^/?#]+)/.exec(address) ?? []
  if (key === undefined || words === undefined) return
  try {
    yield { space: decodeURIComponent(key), title: decodeURIComponent(words.replaceAll('+', ' ')) }
  } catch {
    // Broken escapes name nothing.
  }
}
