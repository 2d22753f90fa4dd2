/**
 * How the budget of one site and account stands, in one row that all processes share: what each reports, and what it may send, in one
 * statement. Nothing is held between two statements, so a process that stands still holds up nobody.
 *
 * The rules are those of `kit/http-throttle.ts` and `kit/http-budget.ts`, said in SQL, since only there can they be kept for all at once; a
 * test holds random histories of both against each other. Times are seconds of the database's clock, and whoever reports tells how long
 * ago something was, so that nobody else's clock matters.
 *
 * @module
 */

import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { heldFor } from '../kit/http-budget.ts'
import { longestInterval, politeInterval, type RateState, scarce } from '../kit/http-rate.ts'
import type { Tables } from './schema.ts'

export interface Report {
  /** Who reports: one of the processes. */
  readonly holder: string
  /** Its requests under way, and the permits that it keeps. */
  readonly held: number
  /** Its requests that ended since the last report. */
  readonly ended: number
  /** What the last of their answers said of the budget, and how many seconds ago. */
  readonly told?: { readonly state: RateState; readonly ago: number } | undefined
  readonly pause?: { readonly seconds: number; readonly reason: string } | undefined
  /** Asks for permits. Those that are held besides are given back. */
  readonly wish?: Wish | undefined
}

export interface Wish {
  /** After each request, so many seconds nothing may leave. */
  readonly interval: number
  /** The first permit may be for so many seconds from now. */
  readonly ahead: number
  /** More permits are never granted. */
  readonly most: number
  /** The permits are for requests of so many seconds. */
  readonly lasting: number
}

export interface Standing {
  /** Permits: the first in `startsIn` seconds, the others `spacing` apart. */
  readonly granted: number
  readonly startsIn: number
  readonly spacing: number
  /** It is the budget that spaces them, and not the asker's own wish. */
  readonly byBudget: boolean
  /** Seconds that nothing may leave; 0 or less: no pause. */
  readonly pausedFor: number
  readonly pauseReason: string
  /** The site tells how its budget stands. */
  readonly counted: boolean
}

/** Where all rows are. */
type Place = Kysely<Tables>

export type Exchange = (report: Report) => Promise<Standing>

/** Seconds after which what a process holds is forgotten: it has died. */
const deadAfter = 30

/** Share of what is left of an ample budget that one process takes at a time: the less is left, the fewer. */
const greed = 1 / 8

const databaseClock = () => sql`extract(epoch from clock_timestamp())`

/** @param clock what time it is, for tests that replay histories */
export function openThrottleRow(place: Place, key: string, clock = databaseClock): Exchange {
  let name: Promise<string> | undefined
  return async (report) => {
    name ??= rowName(key)
    const row = await name
    return (
      (await exchange(place, row, report, clock())) ??
      // Nobody has asked this site as this account for a day.
      (await insert(place, row).then(() => exchange(place, row, report, clock()))) ??
      Promise.reject(new Error('The throttle’s row was removed as soon as it was made.'))
    )
  }
}

/** A fast hash of a password would undo the sealing of secrets in the same database: it could be guessed at. */
async function rowName(key: string): Promise<string> {
  const hash = (await promisify(scrypt)(key, 'outflow throttle', 24)) as Buffer
  return `${key.split(' ', 1)[0]} ${hash.toString('base64url')}`
}

const untold = {
  ...{ paused_until: 0, paused_for: '', last_left: 0, own_next: 0 },
  ...{ near: false, cost: 1, answers: 0, filled_at: 0, heard_at: 0, holders: {} },
}

async function insert(place: Place, row: string): Promise<void> {
  const table = place.withSchema('outflow')
  await table.deleteFrom('throttles').where('until', '<', sql<Date>`now()`).execute()
  await table
    .insertInto('throttles')
    .values({ key: row, state: JSON.stringify(untold), until: sql<Date>`now() + interval '1 day'` })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** @returns `undefined` when there is no such row */
async function exchange(
  place: Place,
  row: string,
  report: Report,
  clock: RawBuilder<unknown>,
): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    with given as materialized (${given(report)}),
    seen as materialized (select state from outflow.throttles where key = ${row} for update),
    known as materialized (
      select state.*, ${clock}::float8 as time from seen
      cross join jsonb_to_record(seen.state) as state (
        paused_until float8, paused_for text, last_left float8, own_next float8,
        quota float8, remaining float8, near boolean, reset_in float8, tokens float8, fill_seconds float8, known_at float8,
        cost float8, answers float8, last_remaining float8, last_answers float8, filled_at float8, heard_at float8,
        holders jsonb
      )
    ),
    reckoned as materialized (${reckoned}),
    next as materialized (${next})
    update outflow.throttles set state = next.state, until = now() + interval '1 day'
    from next where key = ${row}
    returning next.granted, next.starts_in as "startsIn", next.spacing, next.by_budget as "byBudget",
      next.paused_for as "pausedFor", next.pause_reason as "pauseReason", next.counted`.execute(place)
  return rows[0]
}

function given({ holder, held, ended, told, pause, wish }: Report): RawBuilder<unknown> {
  const { limit, remaining, nearLimit, resetIn, refill } = told?.state ?? {}
  const number = (value: number | undefined) => sql`${value ?? null}::float8`
  return sql`select
    ${holder}::text as holder, ${number(held)} as held, ${number(ended)} as ended,
    ${told !== undefined}::boolean as told, ${number(told?.ago)} as ago,
    ${number(limit)} as quota, ${number(remaining)} as remaining, ${nearLimit ?? false}::boolean as near,
    ${number(resetIn)} as reset_in, ${number(refill?.tokens)} as tokens, ${number(refill?.seconds)} as fill_seconds,
    ${number(pause?.seconds ?? 0)} as pause, ${pause?.reason ?? ''}::text as reason,
    ${number(wish?.interval ?? 0)} as interval, ${number(wish?.ahead ?? 0)} as ahead,
    ${number(wish?.most ?? 0)} as most, ${number(wish?.lasting ?? 0)} as lasting`
}

/** The budget as it stands with what was reported. Each step is fenced by `offset 0`, or it would be computed anew in each place that uses it. */
const reckoned = sql`
  select known.time, known.last_left, known.own_next,
    greatest(known.paused_until, known.time + given.pause) as paused_until,
    case when known.time + given.pause > known.paused_until then given.reason else known.paused_for end as paused_for,
    case when word.fresh then given.quota else known.quota end as quota,
    case
      when word.fresh then given.remaining - (others.held + given.held) * learned.cost
      when filled.over then least(known.quota, greatest(0, known.remaining) + filled.back)
      -- Permits that were not used come back.
      else known.remaining + coalesce((known.holders -> given.holder ->> 0)::float8 - given.held - given.ended, 0) * known.cost
    end as remaining,
    case when word.fresh then given.near else known.near and not filled.over end as near,
    case
      when word.fresh then coalesce(given.reset_in, given.fill_seconds - since.filled
        + floor(since.filled / given.fill_seconds) * given.fill_seconds)
      when not filled.over then known.reset_in
    end as reset_in,
    case when word.fresh then given.tokens else known.tokens end as tokens,
    case when word.fresh then given.fill_seconds else known.fill_seconds end as fill_seconds,
    case
      when word.fresh then word.at
      when not filled.over then known.known_at
      -- What comes back is not known.
      when known.quota is null or known.remaining is null or filled.back is null then null
      else known.time
    end as known_at,
    learned.cost, known.answers + given.ended as answers,
    case when word.fresh then coalesce(given.remaining, 0) else known.last_remaining end as last_remaining,
    case when word.fresh then known.answers + given.ended else known.last_answers end as last_answers,
    case when word.risen then word.at else known.filled_at end as filled_at,
    greatest(known.heard_at, case when word.fresh then word.at else 0 end) as heard_at,
    others.holders
  from known cross join given
  cross join lateral (
    select coalesce(sum((value ->> 0)::float8), 0) as held, coalesce(jsonb_object_agg(key, value), '{}') as holders
    from jsonb_each(known.holders) where key <> given.holder and (value ->> 1)::float8 > known.time - ${deadAfter}
  ) as others
  cross join lateral (
    select
      coalesce(known.time >= known.known_at + coalesce(known.reset_in, known.fill_seconds, ${heldFor}), false) as over,
      coalesce(known.tokens, case when known.reset_in is not null then known.quota end) as back
    offset 0
  ) as filled
  -- Of two answers, the later one counts, whoever was faster to report.
  cross join lateral (
    select told.at, told.fresh,
      told.fresh and given.fill_seconds is not null and given.reset_in is null
        and (known.last_remaining is null or coalesce(given.remaining, 0) > known.last_remaining) as risen
    from (select known.time - given.ago as at, coalesce(given.told and known.time - given.ago >= known.heard_at, false) as fresh) as told
    offset 0
  ) as word
  cross join lateral (
    select word.at - case when word.risen then word.at else known.filled_at end as filled
    offset 0
  ) as since
  cross join lateral (
    select case
      when not word.fresh then known.cost
      when coalesce(known.last_remaining, 0) > coalesce(given.remaining, 0) then
        greatest(1, (known.last_remaining - coalesce(given.remaining, 0))
          / greatest(1, known.answers + given.ended - coalesce(known.last_answers, 0)))
      else 1
    end as cost
    offset 0
  ) as learned`

/** What is granted, and what then goes back into the row. */
const next = sql`
  select grants.granted, pace.start - budget.time as starts_in, pace.spacing,
    budget.last_left + pause.site > budget.own_next as by_budget,
    budget.paused_until - budget.time as paused_for, budget.paused_for as pause_reason,
    budget.known_at is not null and budget.remaining is not null as counted,
    (
      select to_jsonb(state) from (
        select budget.paused_until, budget.paused_for,
          case when grants.granted > 0 then last.left else budget.last_left end as last_left,
          case when grants.granted > 0 then last.left + given.interval else budget.own_next end as own_next,
          budget.quota, budget.remaining - grants.granted * budget.cost as remaining,
          budget.near, budget.reset_in, budget.tokens, budget.fill_seconds, budget.known_at, budget.cost, budget.answers,
          budget.last_remaining, budget.last_answers, budget.filled_at, budget.heard_at,
          budget.holders
            || jsonb_build_object(given.holder, jsonb_build_array(given.held + grants.granted, budget.time)) as holders
      ) as state
    ) as state
  from reckoned as budget cross join given
  cross join lateral (
    select
      coalesce(budget.reset_in - (budget.time - budget.known_at), budget.fill_seconds) as whole_in,
      budget.remaining - budget.quota * ${scarce}::float8 as spare
    offset 0
  ) as left_over
  cross join lateral (
    select case
      when budget.known_at is null or not (budget.near or coalesce(left_over.spare < 0, false)) then 0
      when left_over.whole_in is null or budget.remaining is null then ${politeInterval}::float8
      else least(${longestInterval}::float8, greatest(
        left_over.whole_in * budget.cost / greatest(budget.remaining, budget.cost),
        coalesce(budget.fill_seconds * budget.cost / budget.tokens, 0)))
    end as site
    offset 0
  ) as pause
  cross join lateral (
    select greatest(pause.site, given.interval) as spacing,
      greatest(budget.time, budget.last_left + pause.site, budget.own_next) as start
    offset 0
  ) as pace
  cross join lateral (
    select case
      when given.most = 0 or budget.time < budget.paused_until or pace.start > budget.time + given.ahead then 0
      else greatest(1, floor(least(
        given.most,
        given.lasting / nullif(pace.spacing, 0),
        case
          -- As long as nobody was answered, nobody can say how careful one has to be.
          when budget.known_at is null then case budget.answers when 0 then 1 end
          when pause.site > 0 then budget.remaining / budget.cost
          else coalesce(left_over.spare, budget.remaining) / budget.cost * ${greed}::float8
        end)))
    end as granted
    offset 0
  ) as grants
  cross join lateral (
    select pace.start + (grants.granted - 1) * pace.spacing as left
    offset 0
  ) as last`
