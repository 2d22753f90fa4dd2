/**
 * Runs over 2,000 pages that are killed again and again end where runs end that nobody touched.
 *
 * OUTFLOW_TEST_KILLS: how many kills, over both kinds of Confluence, first and second runs. Default 6.
 * OUTFLOW_TEST_SEED: decides the moments. Default 1.
 */

import { statSync } from 'node:fs'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/index.ts'
import { mix, type Random, randomFrom } from '../../src/sandbox/random.ts'
import { type Moment, moments } from './moments.ts'
import { newPlace, type Place, type Row, readFiles, readRows } from './place.ts'
import { killAt, leaveAlone, type Wiki } from './running.ts'
import { change, site } from './site.ts'

const { OUTFLOW_TEST_KILLS, OUTFLOW_TEST_SEED } = process.env
const allKills = Number(OUTFLOW_TEST_KILLS ?? 6)
const seed = Number(OUTFLOW_TEST_SEED ?? 1)

/** Kills in a row, before a run is left alone and looked at. */
const mostInARow = 5
/** Milliseconds, with patience: each kill is a run and a look at what it left. */
const timeout = 120_000 + allKills * 15_000

/** What runs that nobody touched left behind. */
interface Reference {
  readonly code: number | null
  readonly rows: ReadonlyMap<string, Row>
  readonly files: ReadonlyMap<string, string>
}

describe.each(['cloud', 'data-center'] as const)('on %s, runs that are killed', (flavour) => {
  const wikiSite = site()
  const random = randomFrom(mix(seed, flavour.length))
  const bag: Moment[] = []
  const landed: string[] = []
  let wiki: Wiki
  let place: Place
  let firstRun: string
  let first: Reference

  /** In one folder, one after the other, so that even what names the folder has to be equal. */
  async function undisturbed(): Promise<Reference> {
    const { code, stderr } = await leaveAlone(wiki, place)
    expect({ code, stderr }).toEqual({
      code: expect.toBeOneOf([0, 3]),
      stderr: expect.not.stringContaining('bug'),
    })
    return { code, rows: await readRows(place), files: await readFiles(place) }
  }

  beforeAll(async () => {
    wiki = { flavour, sandbox: await startSandbox({ world: wikiSite.world, flavour }) }
    place = await newPlace()
    firstRun = `${place.root}-first`
    first = await undisturbed()
    expect(first.rows.size).toBe(2000)
    await cp(place.root, firstRun, { recursive: true })
  }, timeout)

  afterAll(async () => {
    if (OUTFLOW_TEST_KILLS) console.log(flavour, 'killed while', countsOf(landed))
    await wiki.sandbox.close()
    for (const folder of [place.root, firstRun]) await rm(folder, { recursive: true, force: true })
  })

  /** Each moment once before any comes again. */
  function draw(): Moment {
    if (bag.length === 0) bag.push(...shuffled(moments, random))
    return bag.pop()!
  }

  /** Kills a few times in a row, then lets a run live and looks at what is there. @returns how often it killed */
  async function killInARow(most: number, reference: Reference): Promise<number> {
    const settled = new Map<string, string>()
    let killed = 0
    while (killed < most) {
      const moment = draw()
      const outcome = await killAt(wiki, place, moment, random)
      landed.push(outcome ? `${moment.name}: too late` : moment.name)
      if (outcome) break
      killed++
      expect(await touchedAgain(settled, reference), `after being killed while ${moment.name}`).toEqual([])
      if (moment.late) break
    }
    const last = await undisturbed()
    expect(await touchedAgain(settled, reference)).toEqual([])
    expect(last.code).toBe(reference.code)
    expectEqual(last.files, reference.files)
    expectEqual(jsonOf(last.rows), jsonOf(reference.rows))
    expect((await readdir(place.state)).sort()).toEqual(['database', 'outflow.lock'])
    return killed
  }

  /**
   * A document that the ledger knows to be as it should be is not touched any more, neither its row nor its file.
   *
   * @param settled notes those that are; between looks
   * @returns documents that were touched all the same
   */
  async function touchedAgain(
    settled: Map<string, string>,
    reference: Reference,
  ): Promise<readonly string[]> {
    const rows = await readRows(place)
    const now = new Map<string, string>()
    for (const [id, row] of rows)
      if (row.json === reference.rows.get(id)?.json) now.set(id, `${row.changedAt} ${stampOf(place, row)}`)
    const touched = [...settled].flatMap(([id, before]) => (now.get(id) === before ? [] : [id]))
    for (const [id, stamp] of now) settled.set(id, stamp)
    return touched
  }

  async function killTimes(count: number, begin: () => Promise<void>, reference: Reference): Promise<void> {
    for (let left = count; left > 0; ) {
      await rm(place.root, { recursive: true, force: true })
      await begin()
      left -= await killInARow(Math.min(left, mostInARow), reference)
    }
  }

  it(
    'in a first run lose nothing and do nothing twice',
    () => killTimes(Math.ceil(allKills / 4), async () => {}, first),
    timeout,
  )

  it(
    'in a second run neither',
    async () => {
      const begin = () => cp(firstRun, place.root, { recursive: true })
      change(wikiSite)
      await rm(place.root, { recursive: true, force: true })
      await begin()
      const second = await undisturbed()
      await killTimes(Math.floor(allKills / 4), begin, second)
    },
    timeout,
  )
})

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const drawn = items.map((item) => ({ item, lot: random.share() }))
  return drawn.toSorted((one, other) => one.lot - other.lot).map(({ item }) => item)
}

/** Tells one upload of a file from the next: each puts a new file in place. */
function stampOf({ output }: Place, { receipt }: Row): string {
  if (receipt === undefined) return 'no file'
  const { ino, mtimeNs } = statSync(join(output, receipt), { bigint: true })
  return `${ino} ${mtimeNs}`
}

const jsonOf = (rows: ReadonlyMap<string, Row>) => new Map([...rows].map(([id, { json }]) => [id, json]))

/** Names what differs, instead of printing two thousand documents. */
function expectEqual(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): void {
  const names = new Set([...found.keys(), ...wanted.keys()])
  const different = [...names].filter((name) => found.get(name) !== wanted.get(name))
  expect(different.slice(0, 3).map((name) => [name, found.get(name), wanted.get(name)])).toEqual([])
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(names, (name) => name)
  return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]))
}
