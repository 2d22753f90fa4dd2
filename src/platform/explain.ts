/**
 * Why is a document (not) in the destination? Answered from what runs remember, without asking anybody.
 *
 * @module
 */

import type { FoundEntry, Ledger } from '../model/ledger.ts'

/** Entries that a page's address can mean, one for each destination: by a number in it that is an object's id, as a whole, or by title. */
export async function explain(ledger: Ledger, address: string): Promise<readonly FoundEntry[]> {
  for (const objectId of numbersIn(address)) {
    const found = await ledger.find({ objectId })
    if (found.length > 0) return found
  }
  const byAddress = await ledger.find({ url: address })
  if (byAddress.length > 0) return byAddress
  const title = titleIn(address)
  return title === undefined ? [] : ledger.find({ title })
}

/** The last one first: `/spaces/2024/pages/123` is page 123. */
const numbersIn = (address: string) => (address.match(/\d+/g) ?? []).reverse()

/** `/display/HR/How+we+work` names a page by its title. */
function titleIn(address: string): string | undefined {
  const last = address.split(/[?#]/)[0]!.split('/').at(-1)
  if (!last) return undefined
  try {
    return decodeURIComponent(last.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
