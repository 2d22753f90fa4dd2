/**
 * Connection checks: every probe of a source, one after the other, each with a time limit.
 *
 * @module
 */

import type { Probe, ProbeResult } from '../model/checks.ts'
import { reportError } from '../model/errors.ts'

/** Seconds a probe may take before its verdict is `unclear`. */
const probeSeconds = 10

export interface ProbeReport extends ProbeResult {
  readonly name: string
  readonly title: string
  readonly required: boolean
  readonly seconds: number
}

/** Runs probes in order; after a required one has failed the rest is skipped, because it could only repeat the news. */
export async function* runChecks(probes: readonly Probe[], signal: AbortSignal): AsyncGenerator<ProbeReport> {
  let blockedBy: string | undefined
  for (const probe of probes) {
    const started = performance.now()
    const result: ProbeResult = blockedBy
      ? { verdict: 'skipped', message: `Not tried, because "${blockedBy}" failed.` }
      : await runProbe(probe, signal)
    if (probe.required && result.verdict === 'failed') blockedBy ??= probe.title
    const { name, title, required } = probe
    yield { name, title, required, seconds: (performance.now() - started) / 1000, ...result }
  }
}

async function runProbe(probe: Probe, signal: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.timeout(probeSeconds * 1000)
  try {
    return await probe.run({ signal: AbortSignal.any([signal, limit]) })
  } catch (thrown) {
    if (limit.aborted && !signal.aborted)
      return {
        verdict: 'unclear',
        message: `No answer within ${probeSeconds} s; not a refusal, worth another try.`,
      }
    return { verdict: 'unclear', message: reportError(thrown).message }
  }
}
