/**
 * Progress for a person, on stderr: a line for each stage, rewritten in place on a terminal; one line every ten seconds elsewhere.
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
/** Seconds. Shorter waits are counted in the summary, and over before anybody has read of them. */
const worthShowing = 0.5

export function createProgress(terminal: Terminal): Progress {
  const counts = createCounts()
  const started = performance.now()
  let waiting = ''
  let closed = false
  const timer = setInterval(show, terminal.live ? rewriteEvery : lineEvery).unref()

  function show(): void {
    const seconds = `${((performance.now() - started) / 1000).toFixed(0)} s`
    const now = waiting ? `${seconds} · ${waiting}` : seconds
    if (terminal.live) terminal.status([...stages(counts.read()).map(stageLine), `  ${now}`])
    else terminal.say([...stages(counts.read()).map(({ name, told }) => `${name} ${told}`), now].join(' · '))
  }

  function say(line: string): void {
    if (terminal.live) terminal.status([])
    terminal.say(line)
  }

  function hear(event: RunEvent): void {
    counts.hear(event)
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
        if (event.seconds < worthShowing) break
        waiting = `waiting ${event.seconds.toFixed(0)} s: ${printable(event.reason)}`
        if (!terminal.live) say(waiting)
        break
      case 'document.found':
        waiting = ''
        break
      default:
    }
  }

  return {
    hear,
    close() {
      clearInterval(timer)
      if (terminal.live && !closed) terminal.status([])
      closed = true
    },
  }
}

interface Counts {
  readonly spaces: number
  readonly found: number
  readonly done: number
  readonly elements: number
  readonly leftOut: number
  readonly failed: number
}

function createCounts(): { hear(event: RunEvent): void; read(): Counts } {
  const counts = { spaces: 0, found: 0, done: 0, elements: 0, leftOut: 0, failed: 0 }
  return {
    read: () => counts,
    hear(event) {
      switch (event.type) {
        case 'space.started':
          counts.spaces++
          break
        case 'document.found':
          counts.found++
          break
        case 'document.done':
          counts.done++
          counts.elements += event.elements
          break
        case 'document.failed':
          counts.failed++
          break
        case 'document.skipped':
        case 'document.not_permitted':
        case 'document.unsupported':
          counts.leftOut++
          break
        default:
      }
    },
  }
}

interface StageLine {
  readonly name: string
  readonly told: string
}

/** Download, partition and the steps behind it are one line: a document goes through them in one go. */
function stages({ spaces, found, done, elements, leftOut, failed }: Counts): readonly StageLine[] {
  const missing = [
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return [
    { name: 'index', told: `${found} found in ${spaces} ${spaces === 1 ? 'space' : 'spaces'}` },
    { name: 'partition', told: [`${done + leftOut + failed} of ${found}`, ...missing].join(', ') },
    { name: 'upload', told: `${done} documents, ${elements} elements` },
  ]
}

const stageLine = ({ name, told }: StageLine) => `  ${name.padEnd(10)} ${told}`
