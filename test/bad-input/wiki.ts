/**
 * The wiki that bad input is put into: two spaces that all staff may view, each with good pages that must never be lost.
 *
 * @module
 */

import { memoryWorld } from '../../src/sandbox/memory-world.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'

export function smallWiki() {
  const world = memoryWorld({ name: 'Bad input' })
  const amy = world.addUser('Amy')
  const staff = world.addGroup('staff', [world.crawler, amy])
  const [hr, eng] = [world.addSpace('HR', 'People'), world.addSpace('ENG', 'Engineering')]
  for (const space of [hr, eng]) {
    world.grant(space, staff, VIEW)
    world.grant(space, world.crawler, ADMINISTER)
  }
  const home = world.addPage(hr, 'Good page', { body: '<p>Good words.</p>' })
  hr.homepageId = home.id
  world.addPage(eng, 'Good machine', { body: '<p>Good gears.</p>' })
  return { world, amy, staff, hr, eng, home }
}

export const macro = (name: string, inside = '') =>
  `<ac:structured-macro ac:name="${name}">${inside}</ac:structured-macro>`

export const include = (title: string) =>
  macro(
    'include',
    `<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter>`,
  )
