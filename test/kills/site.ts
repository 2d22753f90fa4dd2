/**
 * A wiki of 2,000 small pages in four spaces, some of them restricted, and what happens to it between two runs.
 *
 * @module
 */

import { type MemoryWorld, memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import type { Group, User, WorldNode } from '../../src/sandbox/world.ts'

const spaces = 4
const sections = 19
const pagesPerSection = 25

/** Of its pages, those under the home page of a space are sections, each with pages below it. */
export interface Site {
  readonly world: MemoryWorld
  readonly sections: readonly (readonly WorldNode[])[]
  /** Without homes and sections, space by space. */
  readonly pages: readonly (readonly WorldNode[])[]
  readonly board: Group
  /** Not the crawler. */
  readonly amy: User
}

export function site(): Site {
  const world = memoryWorld({ name: 'Kills' })
  const amy = world.addUser('Amy')
  const staff = world.addGroup('staff', [world.crawler, amy])
  const board = world.addGroup('board', [world.crawler])
  const random = randomFrom(1)
  const spaceNumbers = Array.from({ length: spaces }, (_, number) => number + 1)
  const grown = spaceNumbers.map((number) => {
    const space = world.addSpace(`S${number}`, `Space ${number}`)
    world.grant(space, staff, VIEW)
    world.grant(space, world.crawler, ADMINISTER)
    const home = world.addPage(space, `Home ${number}`, { body: text(random) })
    space.homepageId = home.id
    const tops = numbered(sections, (nth) =>
      world.addPage(home, `Section ${number}.${nth}`, {
        body: text(random),
        ...(nth === 3 && { read: [board] }),
      }),
    )
    const pages = tops.flatMap((top, section) =>
      numbered(pagesPerSection, (nth) =>
        world.addPage(top, `Page ${number}.${section}.${nth}`, {
          body: text(random),
          ...(random.chance(0.02) && { read: [board, amy] }),
        }),
      ),
    )
    // Home, sections and the pages below them are 495.
    for (let nth = 0; nth < 5; nth++) world.addPage(home, `Leaf ${number}.${nth}`, { body: text(random) })
    return { tops, pages }
  })
  return {
    world,
    sections: grown.map(({ tops }) => tops),
    pages: grown.map(({ pages }) => pages),
    board,
    amy,
  }
}

/** Edits, new pages, moves, labels, restrictions set and lifted, pages put into the trash, and pages closed to the crawler. */
export function change({ world, sections, pages, board, amy }: Site): void {
  const random = randomFrom(2)
  for (const [number, some] of pages.entries()) {
    const tops = sections[number]!
    world.restrict(tops[5]!, 'read', [board, amy])
    world.restrict(tops[3]!, 'read', [])
    // From the first sections only, whose access stays, so that each kind of change is there by itself, too.
    for (const page of some.slice(0, 40)) world.edit(page, text(random))
    for (const page of some.slice(40, 55)) world.trash(page)
    for (const page of some.slice(55, 60)) world.label(page, ['seen'])
    for (const page of some.slice(60, 63)) world.restrict(page, 'read', [amy])
    for (const page of some.slice(63, 70)) world.move(page, sections[(number + 1) % spaces]![0]!)
    numbered(10, (nth) => world.addPage(tops[7]!, `New ${number}.${nth}`, { body: text(random) }))
  }
}

const numbered = <Item>(count: number, make: (nth: number) => Item) =>
  Array.from({ length: count }, (_, nth) => make(nth))

const words = 'bridge river steel lamp winter night morning letter garden paper road'.split(' ')

function text(random: Random): string {
  const sentence = () => `${numbered(4 + random.below(8), () => random.pick(words)).join(' ')}.`
  return `<h2>${random.pick(words)}</h2><p>${sentence()} ${sentence()}</p><ul><li>${sentence()}</li></ul>`
}
