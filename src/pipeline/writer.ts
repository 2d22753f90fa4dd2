/**
 * Ledger entries written down in batches, each batch one transaction.
 *
 * @module
 */

import type { Ledger, LedgerEntry, Leftover } from '../model/ledger.ts'

/** Entries in one transaction. */
const batchSize = 100
/** Milliseconds that a note waits for others, at most, while notes come. */
const longestWait = 500

export interface Writer {
  write(entry: LedgerEntry): Promise<void>
  /** Resolves when these are written down. */
  writeNow(entries: readonly LedgerEntry[]): Promise<void>
  keep(leftover: Leftover): Promise<void>
  drop(documentId: string): Promise<void>
  flush(): Promise<void>
}

/** Gathers entries into batches; one batch is written at a time, and whoever fills the next one waits for it. */
export function createWriter(ledger: Ledger, workflow: string): Writer {
  let waiting: LedgerEntry[] = []
  let since = performance.now()
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    // A document that was noted twice is written as it was noted last.
    const batch = [...new Map(waiting.map((entry) => [entry.document.id, entry])).values()]
    waiting = []
    since = performance.now()
    if (batch.length > 0) writing = writing.then(() => ledger.record(workflow, batch))
    return writing
  }

  return {
    async write(entry) {
      if (waiting.length === 0) since = performance.now()
      waiting.push(entry)
      if (waiting.length >= batchSize || performance.now() - since > longestWait) await flush()
    },
    writeNow(entries) {
      waiting.push(...entries)
      return flush()
    },
    keep: (leftover) => ledger.keep(workflow, [leftover]),
    drop: (documentId) => ledger.drop(workflow, [documentId]),
    flush,
  }
}
