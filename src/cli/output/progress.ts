/**
 * Progress for a person, on stderr: one status line that is rewritten on a terminal, one line every ten seconds elsewhere.
 *
 * @module
 */

import type { RunEvent } from '../../model/events.ts'
import { printable, type Terminal } from '../terminal.ts'

export interface Progress {
  hear(event: RunEvent): void
  close(): void
}

const rewriteEvery = 100
const lineEvery = 10_000

export function createProgress(terminal: Terminal): Progress {
  const counts = { found: 0, done: 0, other: 0, failed: 0 }
  const started = performance.now()
  let waiting = ''
  let closed = false
  const timer = setInterval(show, terminal.live ? rewriteEvery : lineEvery).unref()

  function show(): void {
    const seconds = (performance.now() - started) / 1000
    const line = [
      `${counts.found} found`,
      `${counts.done} done`,
      ...(counts.other > 0 ? [`${counts.other} left out`] : []),
      ...(counts.failed > 0 ? [terminal.style.bad(`${counts.failed} failed`)] : []),
      `${seconds.toFixed(0)} s`,
      ...(waiting ? [waiting] : []),
    ].join(' · ')
    if (terminal.live) terminal.status(line)
    else terminal.say(line)
  }

  function say(line: string): void {
    if (terminal.live) terminal.status('')
    terminal.say(line)
  }

  function hear(event: RunEvent): void {
    switch (event.type) {
      case 'source.connected':
        say(printable(event.message))
        break
      case 'warning':
        say(`${terminal.style.bold('Note:')} ${printable(event.message)}${event.fix ? ` ${event.fix}` : ''}`)
        break
      case 'space.truncated': {
        const { space, setting, limit, available } = event
        const of = available === undefined ? '' : ` of ${available}`
        say(
          `${terminal.style.bold('Cut short:')} ${setting} = ${limit} left out the rest of ${printable(space)} (${limit}${of}).`,
        )
        break
      }
      case 'waiting':
        waiting = `waiting ${event.seconds.toFixed(0)} s: ${event.reason}`
        if (!terminal.live) say(waiting)
        break
      case 'document.found':
        counts.found++
        waiting = ''
        break
      case 'document.done':
        counts.done++
        break
      case 'document.failed':
        counts.failed++
        break
      case 'document.skipped':
      case 'document.not_permitted':
      case 'document.unsupported':
        counts.other++
        break
      default:
    }
  }

  return {
    hear,
    close() {
      clearInterval(timer)
      if (terminal.live && !closed) terminal.status('')
      closed = true
    },
  }
}
