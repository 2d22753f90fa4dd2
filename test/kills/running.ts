/**
 * The command line in a process of its own, to be left alone or to be killed.
 *
 * @module
 */

import { createInterface } from 'node:readline'
import type { RunEvent } from '../../src/model/events.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import type { Random } from '../../src/sandbox/random.ts'
import { type Outcome, startOutflow } from '../cli/outflow.ts'
import { type Moment, until, type Watched } from './moments.ts'
import type { Place } from './place.ts'

export interface Wiki {
  readonly sandbox: Sandbox
  readonly flavour: SandboxOptions['flavour']
}

/** Runs to its end. */
export const leaveAlone = (wiki: Wiki, place: Place): Promise<Outcome> => start(wiki, place).outcome

/** @returns its outcome when it ended before the moment came; `undefined`: it was killed */
export async function killAt(
  wiki: Wiki,
  place: Place,
  { wait }: Moment,
  random: Random,
): Promise<Outcome | undefined> {
  const { child, outcome, watched } = start(wiki, place)
  void wait(watched, random).then(() => child.kill('SIGKILL'))
  const ended = await outcome
  return child.signalCode === 'SIGKILL' ? undefined : ended
}

function start({ sandbox, flavour }: Wiki, { output, state }: Place) {
  sandbox.stats.reset()
  const { username, api_token, token } = sandbox.credentials
  const { child, outcome } = startOutflow(
    ['run', 'confluence', '--json', '--max-num-of-docs-from-each-space', '0', '--output-dir', output],
    {
      environment: {
        CONFLUENCE_URL: sandbox.url,
        ...(flavour === 'cloud'
          ? { CONFLUENCE_USERNAME: username, CONFLUENCE_API_TOKEN: api_token }
          : { CONFLUENCE_TOKEN: token }),
      },
    },
  )
  const over = new AbortController()
  child.once('exit', () => over.abort())
  const heard: ((event: RunEvent) => void)[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const event = parsed(line)
    if (event) for (const hear of heard) hear(event)
  })
  const watched: Watched = {
    output,
    state,
    over: over.signal,
    event: (wanted, nth) =>
      new Promise((resolve) => {
        let seen = 0
        heard.push((event) => {
          if (wanted(event) && ++seen === nth) resolve()
        })
      }),
    request: (nth) => until(() => sandbox.stats.read().requests >= nth, over.signal),
  }
  return { child, outcome, watched }
}

/** The last line of a killed run may be cut. */
function parsed(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent
  } catch {
    return undefined
  }
}
