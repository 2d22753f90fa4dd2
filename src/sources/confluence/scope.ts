/**
 * Which spaces a run reads. A key that names nothing is an error with the nearest keys, never a smaller run.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Listed } from '../../model/contracts.ts'
import { OutflowError } from '../../model/errors.ts'
import type { ConfluenceApi, Space } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { nearest } from './nearest.ts'

export interface Scope {
  readonly spaces: readonly Space[]
  /** These, and those that a limit cut off. */
  readonly wanted: readonly Space[]
  /** Whether these are all spaces that the account sees. */
  readonly everywhere: boolean
  readonly truncated?: Extract<Listed, { type: 'truncated' }>
}

type ScopeSettings = Pick<
  ConfluenceSettings,
  'spaces' | 'exclude_spaces' | 'max_num_of_spaces' | 'include_archived'
>

/**
 * @param ancestorSpaceId only this space can hold what is wanted
 * @throws {OutflowError} `config`: an unknown key, or no space at all
 */
export async function chooseSpaces(
  api: ConfluenceApi,
  settings: ScopeSettings,
  { signal, ancestorSpaceId }: CallContext & { readonly ancestorSpaceId?: string | undefined },
): Promise<Scope> {
  const context = { signal }
  const named = settings.spaces.length > 0
  const seen = named
    ? await spacesNamed(api, settings.spaces, context)
    : await allSpaces(api, settings, context)
  if (seen.length === 0) throw noSpaces(api)
  const excluded = (space: Space) => settings.exclude_spaces.some((name) => isNamed(space, name))
  const wanted = seen.filter(
    (space) => !excluded(space) && (ancestorSpaceId === undefined || space.id === ancestorSpaceId),
  )
  if (wanted.length === 0) throw nothingLeft(ancestorSpaceId !== undefined)
  const limit = settings.max_num_of_spaces || Number.POSITIVE_INFINITY
  const spaces = wanted.slice(0, limit)
  const everywhere = !named && spaces.length === seen.length
  if (spaces.length === wanted.length) return { spaces, wanted, everywhere }
  const cut = { setting: 'max_num_of_spaces', limit, available: wanted.length }
  return { spaces, wanted, everywhere, truncated: { type: 'truncated', space: '*', ...cut } }
}

/** Whether the settings want a space, as far as it alone decides. */
export function isWanted(space: Space, settings: ConfluenceSettings): boolean {
  const { spaces, exclude_spaces, include_archived, ancestor } = settings
  if (ancestor !== undefined || exclude_spaces.some((name) => isNamed(space, name))) return false
  return spaces.length > 0
    ? spaces.some((name) => isNamed(space, name))
    : include_archived || space.status === 'current'
}

async function allSpaces(
  api: ConfluenceApi,
  { include_archived }: ScopeSettings,
  context: CallContext,
): Promise<Space[]> {
  return everyOne(api.spaces({ archived: include_archived }, context))
}

/** A space that is named is wanted, archived or not. */
async function spacesNamed(
  api: ConfluenceApi,
  names: readonly string[],
  context: CallContext,
): Promise<Space[]> {
  const found = await everyOne(api.spaces({ keys: names, archived: true }, context))
  if (names.every((name) => found.some((space) => isNamed(space, name)))) return found
  const all = await everyOne(api.spaces({ archived: true }, context))
  const chosen = new Map<string, Space>()
  for (const name of names) {
    const space = all.find((each) => each.key === name) ?? all.find((each) => each.alias === name)
    if (!space) throw unknownKey(name, all)
    chosen.set(space.id, space)
  }
  return [...chosen.values()]
}

async function everyOne(spaces: AsyncIterable<Space>): Promise<Space[]> {
  const all: Space[] = []
  for await (const space of spaces) all.push(space)
  return all
}

const isNamed = ({ key, alias }: Space, name: string) => key === name || alias === name

function unknownKey(name: string, all: readonly Space[]): OutflowError {
  const keys = all.map((space) => space.key)
  const sameLetters = keys.find((key) => key.toLowerCase() === name.toLowerCase())
  const hint = sameLetters
    ? `Space keys are told apart by case: it is ${sameLetters}.`
    : `The nearest keys this account sees: ${nearest(name, keys).join(', ') || 'none'}.`
  return new OutflowError({
    kind: 'config',
    code: 'confluence.space.unknown',
    message: `There is no space with the key "${name}" that this account can see.`,
    fix: `${hint} Correct \`spaces\`, or have a space administrator give the account view permission.`,
  })
}

function noSpaces({ site }: ConfluenceApi): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.spaces.none',
    message: `This account sees no space at all on ${site.webUrl}.`,
    fix: 'Have a space administrator give the account view permission on the spaces to read.',
  })
}

function nothingLeft(byAncestor: boolean): OutflowError {
  const fix = byAncestor
    ? 'The page of `ancestor` lives in a space that `spaces` or `exclude_spaces` leaves out. Change one of them.'
    : 'Every visible space is named by `exclude_spaces`. Take one out.'
  return new OutflowError({
    kind: 'config',
    code: 'confluence.spaces.none_left',
    message: 'The settings leave no space to read.',
    fix,
  })
}
