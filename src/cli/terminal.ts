/**
 * Where the command line reads and writes: results on stdout, talk on stderr. Handed in, so that commands touch no globals.
 *
 * @module
 */

import type { Environment } from '../platform/settings.ts'

export interface Terminal {
  /** Results: nothing else ever goes there. */
  readonly out: (line: string) => void
  /** Progress, warnings, hints. */
  readonly say: (line: string) => void
  /** Shows these lines in place of those shown before; none: takes them away. Only where `live`. */
  readonly status: (lines: readonly string[]) => void
  /** Whether stderr is a terminal on which lines can be rewritten. */
  readonly live: boolean
  readonly style: Style
  readonly environment: Environment
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`
const plain = (text: string) => text

const plainStyle: Style = { bold: plain, dim: plain, good: plain, bad: plain }
const colourStyle: Style = {
  bold: code(1, 22),
  dim: code(2, 22),
  good: code(32, 39),
  bad: code(31, 39),
}

/** Colour only on a terminal, unless NO_COLOR, FORCE_COLOR or TERM=dumb say otherwise. */
export function chooseStyle(environment: Environment, isTerminal: boolean): Style {
  if (environment.NO_COLOR) return plainStyle
  if (environment.FORCE_COLOR) return colourStyle
  return isTerminal && environment.TERM !== 'dumb' ? colourStyle : plainStyle
}

/** Text that came from a wiki, made safe to print: no control characters that could steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')
}
