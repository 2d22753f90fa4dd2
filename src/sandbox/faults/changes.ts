/**
 * What administrators do to the wiki while somebody reads it.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import type { World, WorldNode, WorldSpace } from '../world.ts'
import type { FaultEffect } from './fault.ts'

/** Says at once that a change cannot be made, rather than never. @throws {OutflowError} `sandbox.fault.impossible` */
export function checkChange(world: World, effect: FaultEffect): void {
  if (effect.kind === 'restrict') pageToRestrict(world, effect.page)
  if (effect.kind === 'revoke') spaceToRevoke(world, effect.space)
}

export function changeWorld(world: World, effect: FaultEffect): void {
  if (effect.kind === 'change') effect.change(world)
  if (effect.kind === 'restrict')
    pageToRestrict(world, effect.page).readRestriction = { users: [world.crawler.accountId], groups: [] }
  if (effect.kind === 'revoke')
    Object.assign(spaceToRevoke(world, effect.space), { grants: [], roleAssignments: [] })
}

function pageToRestrict(world: World, id: string): WorldNode {
  const page = world.node(id)
  if (page === undefined)
    throw impossible(`This site has no page with the id ${id}.`, 'Give the id of a page.')
  if (page !== world.node(id))
    throw impossible(
      'A generated site is computed anew at each look and cannot be changed.',
      'Use the sample site, or a folder.',
    )
  return page
}

function spaceToRevoke(world: World, key: string): WorldSpace {
  const space = world.spaces.find((one) => one.key === key)
  if (space !== undefined) return space
  const keys = world.spaces.map((one) => one.key).join(', ')
  throw impossible(`This site has no space with the key ${key}.`, `Give one of ${keys}.`)
}

const impossible = (message: string, fix: string) =>
  new OutflowError({ kind: 'config', code: 'sandbox.fault.impossible', message, fix })
