/**
 * What a run's events become on the way out. One listener a run: lines for a person, or one JSON object a line for a machine.
 *
 * @module
 */

import type { ErrorReport } from '../../model/errors.ts'
import type { JobFinished, RunEvent } from '../../model/events.ts'
import type { Terminal } from '../terminal.ts'
import { createLossCounts } from './losses.ts'
import { createProgress } from './progress.ts'
import { describeJob } from './summary.ts'
import { createWaitCounts } from './waits.ts'

export interface RunListener {
  hear(event: RunEvent): void
  close(): void
}

/** `--json`: the events as they are, nothing else on stdout. */
export function jsonListener(terminal: Terminal): RunListener {
  return { hear: (event) => terminal.out(JSON.stringify(event)), close: () => {} }
}

interface PersonOptions {
  /** Leaves out the progress. */
  readonly quiet: boolean
  /** See `RunOptions`. */
  readonly onlyFailed: boolean
}

/** For a person: progress on stderr, the summary on stdout. */
export function personListener(terminal: Terminal, { quiet, onlyFailed }: PersonOptions): RunListener {
  const progress = createProgress(terminal)
  const skippedByRule = new Map<string, number>()
  const notDone: Parameters<typeof describeJob>[1]['notDone'][number][] = []
  const losses = createLossCounts()
  const waits = createWaitCounts()

  function note(event: RunEvent): void {
    if (event.type === 'document.skipped')
      skippedByRule.set(event.rule, (skippedByRule.get(event.rule) ?? 0) + 1)
    if (event.type === 'document.failed' || event.type === 'document.not_permitted')
      notDone.push({ title: event.document.title, url: event.document.url, error: event.error })
    if (event.type === 'document.unsupported')
      notDone.push({
        title: event.document.title,
        url: event.document.url,
        error: { kind: 'content', code: 'document.unsupported', message: event.reason },
      })
    if (event.type === 'document.held')
      notDone.push({ title: event.document.title, url: event.document.url, error: heldBecause(event) })
    if (event.type === 'document.done') losses.note(event.losses)
    if (event.type === 'waiting') waits.note(event)
  }

  function finish(job: JobFinished): void {
    progress.close()
    for (const line of describeJob(job, {
      skippedByRule,
      notDone,
      losses: losses.lines(),
      waits: waits.lines(),
      onlyFailed,
      style: terminal.style,
    }))
      terminal.out(line)
  }

  return {
    hear(event) {
      note(event)
      if (event.type === 'job.finished') finish(event)
      else if (!quiet) progress.hear(event)
    },
    close: () => progress.close(),
  }
}

/** A cause like any other: named, with what to do. */
function heldBecause({ reason, message }: Extract<RunEvent, { type: 'document.held' }>): ErrorReport {
  return {
    kind: 'permission',
    code: `held.${reason}`,
    message,
    fix: 'Held until you decide: --accept-removals removes what is held; what comes into sight again is opened again.',
  }
}
