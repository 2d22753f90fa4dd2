/**
 * A connection check is a list of named probes, each with a verdict, and for each red one what to do and who can.
 *
 * @module
 */

import type { CallContext } from './call.ts'
import type { ErrorKind } from './errors.ts'

/** `unclear` is for time-outs and server trouble: not a refusal, worth another try. */
type Verdict = 'passed' | 'failed' | 'unclear' | 'skipped'

export interface ProbeResult {
  readonly verdict: Verdict
  /** What was seen: `41 visible: HR, LEGAL, ENG …`. */
  readonly message: string
  /** For `failed`: what it means for the data. */
  readonly meaning?: string
  /** For `failed`: what to do. Never missing there. */
  readonly remedy?: string
  /** For `failed`: who can do it. Never missing there. */
  readonly who?: string
  /** For `failed`, where an error was behind it: its kind. */
  readonly kind?: ErrorKind
}

export interface Probe {
  /** Stable: `sign-in`. */
  readonly name: string
  /** For people: `Sign in with the API token`. */
  readonly title: string
  /** Whether a run makes no sense when it fails. */
  readonly required: boolean
  run(context: CallContext): Promise<ProbeResult>
}
