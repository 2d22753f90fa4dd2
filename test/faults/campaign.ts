/**
 * Many runs that go wrong, on several lanes side by side, since most of their time is waiting; and a table of what came of them.
 *
 * @module
 */

import type { Fault } from '../../src/sandbox/index.ts'
import { everyTrouble, faultOf, type Trouble } from './kinds.ts'
import type { Lane, Place, Ran } from './lane.ts'
import { afterRecovery, afterTrouble } from './verdict.ts'

/** All that goes wrong in one run. */
export type Case = readonly [Trouble, ...Trouble[]]

/**
 * How often a case is tried whose trouble does not come: which ids go into one question, and so what is asked for, is a matter of
 * time where requests go out side by side.
 */
const mostTries = 4

export interface Report {
  /** How many runs ended how, by kind of trouble. */
  readonly table: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** How many cases there were, and in how many of them the trouble really came, at last. */
  readonly cases: number
  readonly struck: number
  /** What does not hold, with what it takes to see it again. */
  readonly problems: readonly string[]
}

export interface Campaign {
  readonly lanes: readonly Lane[]
  /** The first run, into nothing; or a later one, after the wiki was turned over. */
  readonly which: 'first' | 'later'
  /** Given all troubles that can strike a run; those of a case are of one state of the wiki. */
  readonly choose: (all: readonly Trouble[]) => readonly Case[]
}

/** A place in the state from which a run is to go wrong. */
interface Scene {
  readonly lane: Lane
  readonly place: Place
  readonly before: Ran
}

export async function campaign({ lanes, which, choose }: Campaign): Promise<Report> {
  const table: Record<string, Record<string, number>> = {}
  const problems: string[] = []
  const cases = [...choose(await troublesOf(lanes[0]!, which))]
  const tries = new Map<Case, number>()
  const count = cases.length
  let struck = 0

  function tryAgain(trouble: Case): void {
    const tried = (tries.get(trouble) ?? 0) + 1
    tries.set(trouble, tried)
    if (tried < mostTries) cases.push(trouble)
  }

  /** One run that goes wrong, and one that makes it good. @returns the latter, if all held */
  async function attempt({ lane, place, before }: Scene, trouble: Case): Promise<Ran | undefined> {
    let came = false
    const effect: Fault['effect'] = {
      kind: 'change',
      change: () => {
        came = true
      },
    }
    const faults = trouble.map(faultOf)
    const timeout = trouble.map(({ kind }) => kind.timeout).find((each) => each !== undefined)
    const ran = await place.run(
      [...faults, ...faults.map((fault) => ({ ...fault, effect, count: 1 }))],
      timeout,
    )
    const recovery = await place.run()
    const found = [
      ...(await afterTrouble(lane, { ran, before: before.stored, trouble })),
      ...(await afterRecovery(lane, place, recovery)),
    ]
    if (came) struck += 1
    else tryAgain(trouble)
    const name = trouble.length > 1 ? 'two at once' : trouble[0].kind.name
    const end = ran.job.error ? `${ran.job.outcome}: ${ran.job.error.code}` : ran.job.outcome
    const row = table[name] ?? {}
    table[name] = { ...row, [end]: (row[end] ?? 0) + 1 }
    const where = trouble
      .map(({ kind, list, nth }) => `${kind.name} at request ${nth} of ${list}`)
      .join(' and ')
    problems.push(...found.map((problem) => `${lane.flavour}, ${which} run, ${where}: ${problem}`))
    return found.length === 0 ? recovery : undefined
  }

  function take(state: Trouble['state']): Case | undefined {
    const index = cases.findIndex(([trouble]) => trouble.state === state)
    return index < 0 ? undefined : cases.splice(index, 1)[0]
  }

  async function firstRuns(lane: Lane): Promise<void> {
    if (lane.state() !== 'before') lane.turn()
    for (let trouble = take('before'); trouble; trouble = take('before'))
      await attempt({ lane, place: await lane.place(), before: { ...nothing } }, trouble)
  }

  async function laterRuns(lane: Lane): Promise<void> {
    let place = await lane.place()
    let before: Ran | undefined
    while (cases.length > 0) {
      before ??= await place.run()
      lane.turn()
      const trouble = take(lane.state())
      before = trouble ? await attempt({ lane, place, before }, trouble) : await place.run()
      if (!before) place = await lane.place()
    }
  }

  await Promise.all(lanes.map(which === 'first' ? firstRuns : laterRuns))
  return { table, cases: count, struck, problems }
}

const nothing = { stored: new Map() } as unknown as Ran

/** Of an undisturbed run into each state of the wiki, or of the first one. */
async function troublesOf(lane: Lane, which: Campaign['which']): Promise<readonly Trouble[]> {
  const place = await lane.place()
  if (lane.state() !== 'before') lane.turn()
  const first = await place.run()
  if (which === 'first') return everyTrouble(first.requests, 'before')
  const troubles: Trouble[] = []
  for (const _ of ['there', 'back']) {
    lane.turn()
    troubles.push(...everyTrouble((await place.run()).requests, lane.state()))
  }
  return troubles
}
