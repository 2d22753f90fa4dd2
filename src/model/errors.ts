/**
 * One error family. The kind of an error decides what the machinery does with it; the code names it for ever; message
 * and fix speak to the person, the cause chain to the log.
 *
 * @module
 */

/**
 * What went wrong, in the only eight ways that matter to a run:
 *
 * - `config`: the settings cannot work; stop before anything is read.
 * - `credentials`: sign-in is refused; stop at once, never retry.
 * - `permission`: this account may not; the document counts as not permitted.
 * - `missing`: the thing is not there (any more).
 * - `throttled`: asked to slow down beyond all patience; the run stops, resumable.
 * - `transient`: network or server trouble that outlasted the retries.
 * - `content`: this one document cannot be read; it fails alone.
 * - `bug`: ours; report it.
 */
export type ErrorKind =
  | 'config'
  | 'credentials'
  | 'permission'
  | 'missing'
  | 'throttled'
  | 'transient'
  | 'content'
  | 'bug'

export interface ErrorDetails {
  readonly kind: ErrorKind
  /** Stable, dotted, lower case: `confluence.sign_in.rejected`. Each has a paragraph in docs/errors.md. */
  readonly code: string
  /** One plain sentence: what happened, to what. Never holds a secret. */
  readonly message: string
  /** What to do next, and who can. */
  readonly fix?: string
  readonly cause?: unknown
  /** Where the fault is in several fields of an input, each by itself. */
  readonly fields?: readonly FieldProblem[]
}

/** What is wrong with one field of an input. */
export interface FieldProblem {
  /** Its path: `config.url`, or `workflow_nodes.0.subtype`. */
  readonly field: string
  readonly message: string
}

/** The only error class of Outflow's own; anything else that surfaces is a `bug`. */
export class OutflowError extends Error {
  override readonly name = 'OutflowError'
  readonly kind: ErrorKind
  readonly code: string
  readonly fix: string | undefined
  readonly fields: readonly FieldProblem[]

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = details.kind
    this.code = details.code
    this.fix = details.fix
    this.fields = details.fields ?? []
  }
}

/** The form in which an error travels in events and files: no stack, no secrets. */
export interface ErrorReport {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: string
  readonly fix?: string
}

/** Wraps whatever was thrown; an `OutflowError` passes through unchanged. */
export function asOutflowError(thrown: unknown): OutflowError {
  if (thrown instanceof OutflowError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new OutflowError({
    kind: 'bug',
    code: 'outflow.bug',
    message: `Unexpected: ${message}`,
    fix: 'Please report this with the command that led to it.',
    cause: thrown,
  })
}

export function reportError(thrown: unknown): ErrorReport {
  const { kind, code, message, fix } = asOutflowError(thrown)
  return fix === undefined ? { kind, code, message } : { kind, code, message, fix }
}
