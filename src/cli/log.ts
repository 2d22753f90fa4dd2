/**
 * The log of a server or worker: JSON lines on stderr, quiet when all is well. What goes in are things that are known by type (a request,
 * an event of a job, an error), never an object as it comes; and what looks like a secret, or is one of this process, is blacked out.
 *
 * @module
 */

import { pino } from 'pino'
import type { DocumentRef } from '../model/document.ts'
import { OutflowError, reportError } from '../model/errors.ts'
import type { JobFinished, RunEvent } from '../model/events.ts'
import { type Activity, currentActivity } from '../platform/activity.ts'
import type { Environment } from '../platform/settings.ts'
import type { RequestEntry } from '../server/log.ts'
import { secretsHidden } from './log-secrets.ts'

export interface Log {
  /** What a person who operates it wants to know: it is ready, it is closing. */
  info(message: string, facts?: Readonly<Record<string, string | number | boolean>>): void
  /** A request that was answered. */
  request(entry: RequestEntry): void
  /** An event of a job. */
  hear(activity: Activity, event: RunEvent): void
  /** What went wrong in the background, and where. */
  trouble(where: string, thrown: unknown): void
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type Level = 'debug' | 'info' | 'warn' | 'error'

/**
 * Each line carries the ids of job, workflow and source on whose behalf it is written.
 *
 * @param say writes a line
 * @throws {OutflowError} `config`, code `cli.log_level_unknown`
 */
export function createLog(environment: Environment, say: (line: string) => void): Log {
  const hideSecrets = secretsHidden(environment)
  const logger = pino(
    {
      level: levelOf(environment),
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...currentActivity() }),
    },
    { write: (line) => say(hideSecrets(line.trimEnd())) },
  )
  return {
    info: (message, facts = {}) => logger.info(facts, message),
    request(entry) {
      const { error, ...facts } = entry
      logger[levelOfRequest(entry)](
        { ...facts, ...(error !== undefined && { error: told(error) }) },
        'request',
      )
    },
    hear(activity, event) {
      const { level, facts } = lineOf(event)
      logger[level]({ ...activity, ...facts }, event.type)
    },
    trouble: (where, thrown) => logger.error({ where, error: told(thrown) }, 'trouble'),
  }
}

function levelOf({ OUTFLOW_LOG_LEVEL: level }: Environment): string {
  if (!level) return 'info'
  if ((levels as readonly string[]).includes(level)) return level
  throw new OutflowError({
    kind: 'config',
    code: 'cli.log_level_unknown',
    message: `OUTFLOW_LOG_LEVEL is ${JSON.stringify(level)}, and there is no such level.`,
    fix: `Use one of ${levels.join(', ')}.`,
  })
}

/** A caller's mistake is the caller's to know; who is refused is worth a line. */
function levelOfRequest({ status, aborted }: RequestEntry): Level {
  if (status >= 500 && !aborted) return 'error'
  return status === 401 || status === 403 ? 'info' : 'debug'
}

interface Line {
  readonly level: Level
  readonly facts: object
}

function lineOf(event: RunEvent): Line {
  switch (event.type) {
    case 'job.started':
      return { level: 'info', facts: { from: event.source, to: event.destination } }
    case 'job.finished':
      return finishedLine(event)
    case 'document.failed':
      return { level: 'warn', facts: { ...of(event), stage: event.stage, error: event.error } }
    case 'document.held':
      return { level: 'warn', facts: { ...of(event), reason: event.reason } }
    case 'document.removed':
      return { level: 'info', facts: { ...of(event), reason: event.reason } }
    case 'document.not_permitted':
      return { level: 'debug', facts: { ...of(event), error: event.error } }
    case 'warning':
      return { level: 'warn', facts: { code: event.code, text: event.message, fix: event.fix } }
    case 'waiting':
      return { level: 'debug', facts: { seconds: event.seconds, reason: event.reason } }
    default:
      return { level: 'debug', facts: 'document' in event ? of(event) : {} }
  }
}

/** By its id: titles are the wiki's business. */
const of = ({ document }: { readonly document: DocumentRef }) => ({ document: document.id })

const levelOfOutcome: Readonly<Record<JobFinished['outcome'], Level>> = {
  finished: 'info',
  stopped: 'info',
  finished_with_failures: 'warn',
  held: 'warn',
  failed: 'error',
}

function finishedLine({ type: _, truncated, permissions: __, ...facts }: JobFinished): Line {
  return { level: levelOfOutcome[facts.outcome], facts: { ...facts, truncated: Object.keys(truncated) } }
}

/** An error with what caused it; of a bug, where it was. */
function told(thrown: unknown): object {
  const report = reportError(thrown)
  const stack = report.kind === 'bug' && thrown instanceof Error ? thrown.stack : undefined
  const causes = causesOf(thrown)
  return { ...report, ...(causes.length > 0 && { causes }), ...(stack && { stack }) }
}

function causesOf(thrown: unknown): readonly string[] {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return cause instanceof Error ? [cause.message, ...causesOf(cause)] : []
}
