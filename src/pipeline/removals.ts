/**
 * Documents that were delivered and are not part of the source any more. Nothing is removed on a guess: the source proves each of them
 * gone, and a guard holds what looks like too much. Whatever is held stays, and lets nobody in until a person decides.
 *
 * @module
 */

import type { IndexContext, Listed } from '../model/contracts.ts'
import { asOutflowError, OutflowError, reportError } from '../model/errors.ts'
import type { RemovalReason, RunEvent } from '../model/events.ts'
import type { LedgerEntry } from '../model/ledger.ts'
import { unknownPermissions } from '../model/permissions.ts'
import { createPool } from '../util/pool.ts'
import type { Books } from './books.ts'
import { accessDigest } from './digest.ts'
import { spaceOf } from './entries.ts'
import { type Machinery, stopsRun } from './process.ts'

export interface RemovalPolicy {
  /** What happens to documents that the account lost sight of. Default `keep`: they are held. */
  readonly onAccessLost?: 'keep' | 'remove'
  /**
   * More than this share of what a space had holds its removals; 0 to 1, where 1 never holds for its share. Default 0.3. Ten documents are
   * never too many, unless the settings leave out a whole space.
   */
  readonly mostShare?: number
  /** More than so many removals in one space hold them. Default 1000. */
  readonly mostCount?: number
  /** The person has looked: everything that is held, or would be, is removed now. Default false. */
  readonly accept?: boolean
}

/** A document that is to go, and why. */
export interface Gone {
  readonly entry: LedgerEntry
  readonly reason: RemovalReason
  readonly message: string
  /** Whatever anybody accepts: no list proves it, so it is held. */
  readonly unproved?: true
}

interface Settling {
  readonly machinery: Machinery
  readonly books: Books
  readonly policy: RemovalPolicy
  readonly context: IndexContext
  readonly concurrency: number
  /** Takes what is there after all, as if a list had brought it. */
  readonly take: (listed: Exclude<Listed, { type: 'truncated' }>) => Promise<void>
}

/** So few removals are never too many: half of a small space may well go. */
const neverTooMany = 10

/**
 * Asks the source for everything that was delivered and not listed, and removes or holds what is gone.
 *
 * @param outOfScope what was listed, and is none of ours by the settings
 * @throws {OutflowError} what stops the run
 */
export async function settleUnseen(settling: Settling, outOfScope: readonly Gone[]): Promise<void> {
  const { machinery, books, context, take } = settling
  const { source } = machinery
  for (const entry of books.replaced()) await books.noteRemoved(entry, 'Its site has another address now.')
  const unseen = new Map(books.unseen().map((entry) => [entry.document.id, entry]))
  const gone: Gone[] = [...outOfScope]
  if (unseen.size > 0 && source.revisit)
    for await (const answer of source.revisit([...unseen.values()], context)) {
      const entry = unseen.get(answer.id)
      if (!entry) continue
      if ('found' in answer) await take(answer.found)
      else if ('gone' in answer) gone.push({ entry, reason: answer.gone, message: answer.message })
      else if ('closed' in answer)
        gone.push({ entry, reason: answer.closed, message: answer.message, unproved: true })
    }
  for (const group of Map.groupBy(gone, ({ entry }) => spaceOf(entry.place)).values())
    await settleSpace(settling, group)
}

/** What is gone of one space. */
async function settleSpace(settling: Settling, gone: readonly Gone[]): Promise<void> {
  const { books } = settling
  const { remove, hold } = decide(settling, gone)
  const pool = createPool(settling.concurrency)
  let fatal: OutflowError | undefined
  const each = (one: Gone, act: (settling: Settling, one: Gone) => Promise<void>) =>
    pool.add(async () => {
      try {
        if (!fatal) await act(settling, one)
      } catch (thrown) {
        fatal ??= asOutflowError(thrown)
      }
    })
  for (const one of remove) await each(one, removeOne)
  await books.claimAccess(hold.filter((one) => !isClosed(one)).map(({ entry }) => entry))
  for (const one of hold) await each(one, holdOne)
  await pool.drain()
  if (fatal) throw fatal
}

function decide({ books, policy, context, machinery }: Settling, all: readonly Gone[]) {
  const { onAccessLost = 'keep', accept = false } = policy
  const [unproved, gone] = [all.filter((one) => one.unproved), all.filter((one) => !one.unproved)]
  if (!machinery.destination.remove) return { remove: [], hold: all }
  if (accept) return { remove: gone, hold: unproved }
  const lost = gone.filter(({ reason }) => reason === 'lost_access' && onAccessLost === 'keep')
  const removable = gone.filter((one) => !lost.includes(one))
  const { place, document } = all[0]!.entry
  const { space } = document
  const had = books.deliveredIn(place)
  const outOfSight = [...lost, ...unproved]
  if (outOfSight.length > 0) context.emit(lostAccess(space, outOfSight))
  if (!isTooMuch(removable, had, policy)) return { remove: removable, hold: outOfSight }
  context.emit(heldBack(space, removable.length, had))
  return { remove: [], hold: all }
}

function isTooMuch(gone: readonly Gone[], had: number, { mostShare = 0.3, mostCount = 1000 }: RemovalPolicy) {
  const count = gone.length
  // Settings that leave a whole space out may be a slip, or another run's into the same place.
  if (count > 0 && gone.every(({ reason }) => reason === 'space_out_of_scope')) return mostShare < 1
  return count > neverTooMany && (count > mostCount || count > had * mostShare)
}

function lostAccess(space: string, { length, 0: first }: readonly Gone[]): RunEvent {
  return {
    type: 'warning',
    code: 'access.lost',
    message: `${length} documents of space ${space} are not permitted any more: ${first!.message} They are kept, and let nobody in.`,
    fix: 'Give the account access again, or have them removed: --accept-removals once, --on-access-lost remove for good.',
  }
}

function heldBack(space: string, count: number, had: number): RunEvent {
  return {
    type: 'warning',
    code: 'removals.held',
    message: `${count} of the ${had} documents of space ${space} are gone from it. That is more than a run removes by itself: they are kept, and let nobody in.`,
    fix: 'See whether that is meant. Then run again with --accept-removals, or with a higher --max-removals-share or --max-removals.',
  }
}

async function removeOne({ machinery, books, context }: Settling, { entry, reason, message }: Gone) {
  const { document } = entry
  try {
    await machinery.destination.remove!(books.stored(document.id)!, context)
  } catch (thrown) {
    return notDone(context, document.title, thrown)
  }
  await books.noteRemoved(entry, message)
  context.emit({ type: 'document.removed', document, reason, message })
}

async function holdOne({ machinery, books, context }: Settling, gone: Gone) {
  const { entry, reason, message } = gone
  const { document } = entry
  const closed = unknownPermissions(message)
  if (!isClosed(gone))
    try {
      await machinery.destination.updateAccess?.(books.stored(document.id)!, closed, context)
    } catch (thrown) {
      if (thrown instanceof OutflowError && thrown.kind === 'missing') return books.noteLost(entry, message)
      return notDone(context, document.title, thrown)
    }
  await books.noteHeld(entry, closed, message)
  context.emit({ type: 'document.held', document, reason, message })
}

/** Whether it lets nobody in already, for just this reason. */
const isClosed = ({ entry, message }: Gone) =>
  entry.delivered?.accessDigest === accessDigest(unknownPermissions(message))

/** Another run will try again. */
function notDone(context: IndexContext, title: string, thrown: unknown): void {
  if (!(thrown instanceof OutflowError) || stopsRun(thrown)) throw thrown
  const { message } = reportError(thrown)
  context.emit({
    type: 'warning',
    code: 'removals.not_done',
    message: `"${title}" is gone, and the destination could not be told: ${message}`,
    fix: 'The next run tries again.',
  })
}
