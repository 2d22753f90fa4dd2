/**
 * The summary of a run: it always adds up, and it says what is missing, why, and what to do.
 *
 * @module
 */

import type { ErrorReport } from '../../model/errors.ts'
import type { Coverage, JobFinished } from '../../model/events.ts'
import { printable, type Style } from '../terminal.ts'

export interface SummaryFacts {
  readonly skippedByRule: ReadonlyMap<string, number>
  readonly notDone: readonly { readonly title: string; readonly url: string; readonly error: ErrorReport }[]
  /** One line for each way in which pages show otherwise than in Confluence. */
  readonly losses: readonly string[]
  /** One line for each reason for which the run waited. */
  readonly waits: readonly string[]
  /** Nothing but what failed before was asked for. */
  readonly onlyFailed: boolean
  readonly style: Style
}

const shownPerCause = 5

export function describeJob(job: JobFinished, facts: SummaryFacts): readonly string[] {
  const { style } = facts
  const error = job.error ? errorLines(job.error, style) : []
  // Nothing was begun: a sum of noughts would only hide the reason.
  if (job.outcome === 'failed' && job.coverage.found === 0) return [headline(job, style), ...error]
  return [
    headline(job, style),
    coverageLine(job.coverage, facts.skippedByRule),
    ...(job.coverage.found === 0 && job.outcome === 'finished'
      ? [facts.onlyFailed ? nothingFailed : nothingFound]
      : []),
    ...removalsLine(job),
    permissionsLine(job),
    costLine(job),
    ...facts.waits.map((line) => `    ${line}`),
    ...truncationLines(job),
    ...causes(facts),
    ...(facts.losses.length > 0 ? ['  shown otherwise than in Confluence:'] : []),
    ...facts.losses.map((line) => `    ${line}`),
    ...error,
  ]
}

function truncationLines({ truncated }: JobFinished): readonly string[] {
  const cuts = Object.entries(truncated)
  const settings = [...new Set(cuts.map(([, { setting }]) => `--${setting.replaceAll('_', '-')} 0`))]
  return [
    ...cuts.map(([space, { setting, limit, available }]) => {
      const what = space === '*' ? 'the list of spaces' : printable(space)
      return `  cut short: ${what} at ${limit}${available === undefined ? '' : ` of ${available}`} by ${setting}`
    }),
    ...(cuts.length > 0 ? [`  Everything is read with ${settings.join(' and ')}.`] : []),
  ]
}

function errorLines({ message, fix, code }: ErrorReport, style: Style): readonly string[] {
  return [
    style.bad(`  ${printable(message)}`),
    ...(fix ? [`  ${printable(fix)}`] : []),
    style.dim(`  ${code}`),
  ]
}

const nothingFound =
  '  There was nothing to read: no page in these spaces that this account may see. Is it the right account?'

const nothingFailed = '  There was nothing to retry: no document has failed in earlier runs.'

function headline({ outcome, coverage, seconds }: JobFinished, style: Style): string {
  const time = `in ${seconds.toFixed(1)} s`
  switch (outcome) {
    case 'finished':
      return style.good(`Finished ${time}.`)
    case 'finished_with_failures':
      return style.bad(
        `Finished ${time}; ${counted(coverage.failed + coverage.not_permitted, 'document', 'documents')} did not arrive.`,
      )
    case 'held':
      return style.bad(`Finished ${time}; a decision is wanted.`)
    case 'stopped':
      return style.bold(
        `Stopped ${time}. What is written is whole; run the same command again to get the rest.`,
      )
    case 'failed':
      return style.bad(`Failed after ${seconds.toFixed(1)} s.`)
  }
}

function coverageLine(coverage: Coverage, skippedByRule: ReadonlyMap<string, number>): string {
  const rules = [...skippedByRule].map(([rule, count]) => `${rule} ${count}`).join(', ')
  const parts = [
    `${coverage.done} done`,
    ...(coverage.access_changed > 0 ? [`${coverage.access_changed} access changed`] : []),
    ...(coverage.unchanged > 0 ? [`${coverage.unchanged} unchanged`] : []),
    `${coverage.skipped} skipped${rules ? ` (${rules})` : ''}`,
    `${coverage.not_permitted} not permitted`,
    `${coverage.unsupported} unsupported`,
    `${coverage.failed} failed`,
  ]
  return `  ${coverage.found} found = ${parts.join(' + ')}`
}

function removalsLine({ removed, held }: JobFinished): readonly string[] {
  if (removed === 0 && held === 0) return []
  const waiting = held > 0 ? `, ${held} held: kept, closed to everybody, until you decide` : ''
  return [`  ${removed} removed${waiting}`]
}

function permissionsLine({ permissions }: JobFinished): string {
  return `  permissions: ${permissions.complete} complete, ${permissions.partial} partial, ${permissions.unknown} unknown`
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

function costLine({ requests, retries, waited_seconds }: JobFinished): string {
  return `  ${counted(requests, 'request', 'requests')}, ${counted(retries, 'retry', 'retries')}, ${waited_seconds.toFixed(1)} s spent waiting`
}

/** Grouped by cause, so that 400 documents with one problem are one problem. */
function causes({ notDone, style }: SummaryFacts): string[] {
  const groups = Map.groupBy(notDone, ({ error }) => error.code)
  return [...groups.values()].flatMap((group) => {
    const { code, message, fix } = group[0]!.error
    const shown = group
      .slice(0, shownPerCause)
      .map(({ title, url }) => `      "${printable(title)}" ${style.dim(printable(url))}`)
    return [
      `  ${style.bad(String(group.length))} × ${code}: ${printable(message)}`,
      ...shown,
      ...(group.length > shownPerCause
        ? [`      and ${group.length - shownPerCause} more, all in _outflow/job.json`]
        : []),
      ...(fix ? [`    ${fix}`] : []),
    ]
  })
}
