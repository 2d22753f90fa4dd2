/**
 * A connection check that a worker does: every probe of a connector, and one answer for all.
 *
 * @module
 */

import type { PluginContext } from '../kit/define.ts'
import { reportError } from '../model/errors.ts'
import type { CheckReport, CheckRow } from '../store/connection-checks.ts'
import { redactor } from '../util/redact.ts'
import { type ProbeReport, runChecks } from './check.ts'
import { openForCheck } from './open-connector.ts'
import type { ConnectionCheck, OpenableConnector } from './platform.ts'

/**
 * Runs the probes. Whatever goes wrong is the answer.
 *
 * @param open gives the connector with its settings, which may not work any more; and what must not be in the answer, whoever said it
 * @throws the signal's reason, once that is aborted
 */
export async function probe(
  open: () => Promise<{ readonly openable: OpenableConnector; readonly secrets: readonly string[] }>,
  context: PluginContext,
  signal: AbortSignal,
): Promise<CheckReport> {
  let redact = redactor([])
  const reports: ProbeReport[] = []
  const answer = (report: CheckReport): CheckReport => JSON.parse(redactValues(report, redact))
  try {
    const { openable, secrets } = await open()
    redact = redactor(secrets)
    const { probes, close } = await openForCheck(openable, context)
    try {
      for await (const report of runChecks(probes, signal)) reports.push(report)
    } finally {
      await close()
    }
    signal.throwIfAborted()
    return answer(verdict(reports))
  } catch (thrown) {
    signal.throwIfAborted()
    const { message, fix } = reportError(thrown)
    return answer({ status: 'FAILURE', reason: sentences(message, fix), probes: reports })
  }
}

/** A probe that a run cannot do without has to pass. */
function verdict(reports: readonly ProbeReport[]): CheckReport {
  const stopper = reports.find(
    ({ required, verdict: said }) => required && (said === 'failed' || said === 'unclear'),
  )
  if (!stopper) return { status: 'SUCCESS', probes: reports }
  const { title, message, remedy } = stopper
  return { status: 'FAILURE', reason: `${title}: ${sentences(message, remedy)}`, probes: reports }
}

const sentences = (...parts: readonly (string | undefined)[]) => parts.filter(Boolean).join(' ')

function redactValues(value: unknown, redact: (text: string) => string): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? redact(each) : each))
}

export function checkOf({ id, status, createdAt, reason, reportedAt, probes }: CheckRow): ConnectionCheck {
  return {
    id,
    status,
    createdAt,
    ...(reason !== undefined && { reason }),
    ...(reportedAt && { reportedAt }),
    ...(probes !== undefined && { probes: probes as NonNullable<ConnectionCheck['probes']> }),
  }
}
