/**
 * Ledger entries for tests.
 *
 * @module
 */

import type { Ledger, LedgerEntry } from '../../src/model/ledger.ts'

const digest = (number: number) => number.toString(16).padStart(64, '0')

/** A page that was delivered, in the sizes that pages have. */
export function entry(number: number, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  const version = changes.version ?? '1'
  return {
    document: {
      id: `confluence:acme.atlassian.net/page/${100_000 + number}`,
      kind: 'page',
      title: `Page ${number}`,
      url: `https://acme.atlassian.net/wiki/spaces/HR/pages/${100_000 + number}/Page+${number}`,
      space: 'HR',
    },
    place: {
      site: 'confluence:acme.atlassian.net',
      objectId: String(100_000 + number),
      spaceId: '98310',
      parentIds: ['100001', '100007'],
    },
    version,
    state: 'done',
    attempts: 0,
    delivered: {
      version,
      contentDigest: digest(number),
      accessDigest: digest(number % 7),
      recipe: digest(1),
      receipt: `HR/${100_000 + number}.html.json`,
      traces: [{ question: '{"include":"100002"}', answer: digest(2) }],
    },
    ...changes,
  }
}

export function entries(count: number, changes?: Partial<LedgerEntry>): LedgerEntry[] {
  return Array.from({ length: count }, (_, number) => entry(number, changes))
}

/** The same page under another title. */
export function titled(number: number, title: string): LedgerEntry {
  const { document, ...rest } = entry(number)
  return { ...rest, document: { ...document, title } }
}

/** Everything that a ledger knows of a workflow, in the batches in which it comes. */
export async function batchesOf(ledger: Ledger, workflow: string): Promise<(readonly LedgerEntry[])[]> {
  const batches: (readonly LedgerEntry[])[] = []
  const { signal } = new AbortController()
  for await (const batch of ledger.entries(workflow, { signal })) batches.push(batch)
  return batches
}
