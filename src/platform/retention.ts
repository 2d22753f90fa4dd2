/**
 * What is kept for a while alone: jobs that ended with their story, uploaded files with what came of them, news.
 *
 * @module
 */

import type { Store } from '../store/index.ts'

interface RetentionOptions {
  readonly store: Store
  /** Days that jobs, and the files that came with them, are kept. */
  readonly days: number
  readonly forgetNews: () => Promise<number>
  readonly onTrouble: (thrown: unknown) => void
}

/** How often it is looked for what is too old, in milliseconds. */
const interval = 3_600_000

/** Looks at once and every hour from then on; several processes may do it at the same time. @returns what ends it */
export function startRetention({
  store,
  days,
  forgetNews,
  onTrouble,
}: RetentionOptions): () => Promise<void> {
  const { records } = store
  let forgetting: Promise<void> = Promise.resolve()

  async function forget(): Promise<void> {
    const before = new Date(Date.now() - days * 86_400_000)
    while ((await records.jobs.deleteBefore(before)) > 0);
    await records.jobFiles.deleteBefore(before)
    await forgetNews()
  }

  const start = () => {
    forgetting = forgetting.then(forget).catch(onTrouble)
  }
  start()
  const timer = setInterval(start, interval).unref()
  return async () => {
    clearInterval(timer)
    await forgetting
  }
}
