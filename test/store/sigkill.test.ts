import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { start } from './children.ts'
import { batchesOf } from './entries.ts'
import { newPath } from './folders.ts'
import { batches, batchSize } from './writing.ts'

const writer = new URL('./writer.ts', import.meta.url)

/** More with `OUTFLOW_TEST_KILLS`. */
const rounds = Number(process.env.OUTFLOW_TEST_KILLS ?? 10)

/**
 * Runs the writer and kills it.
 *
 * @param until the moment comes; given when the writer has the state open
 * @returns the last version that was acknowledged; `from - 1` when none was
 */
async function writeAndDie(
  stateDir: string,
  from: number,
  until: (open: Promise<void>) => Promise<void>,
): Promise<number> {
  const child = start(writer, stateDir, String(from))
  expect(await child.line()).toBe('started')
  const { promise: open, resolve } = Promise.withResolvers<void>()
  const listen = async () => {
    let acknowledged = from - 1
    for (let line = await child.line(); line !== undefined; line = await child.line())
      if (line === 'open') resolve()
      else acknowledged = Number(line)
    return acknowledged
  }
  const listening = listen()
  await until(open)
  await child.kill()
  return listening
}

/** Every batch is whole, and is the one that was acknowledged last, or the one that was under way. */
async function verify(stateDir: string, acknowledged: number): Promise<void> {
  await using store = await openStore({ stateDir })
  const found = (await batchesOf(store.ledger, 'wiki')).flat()
  const byBatch = Map.groupBy(found, ({ place }) =>
    Math.floor((Number(place.objectId) - 100_000) / batchSize),
  )
  for (let batch = 0; batch < batches; batch++) {
    const rows = byBatch.get(batch) ?? []
    const due = acknowledged - ((acknowledged - batch + batches) % batches)
    if (due <= 0 && rows.length === 0) continue
    expect(rows).toHaveLength(batchSize)
    const [version, ...others] = new Set(rows.map((row) => Number(row.version)))
    expect(others).toEqual([])
    expect([due, acknowledged + 1]).toContain(version)
  }
}

describe('a process that is killed', () => {
  it(
    `while it records, ${rounds} times: every acknowledged batch is there, and whole`,
    async () => {
      const stateDir = await newPath()
      let acknowledged = await writeAndDie(stateDir, 1, (open) => open)
      for (let round = 0; round < rounds; round++) {
        // In turn: somewhere in its start, which repairs what the last one left, and somewhere in its work.
        acknowledged = await writeAndDie(stateDir, acknowledged + 1, async (open) => {
          const atWork = round % 2 === 1
          if (atWork) await open
          await setTimeout((atWork ? 400 : 0) + Math.random() * 600)
        })
        await verify(stateDir, acknowledged)
      }
      expect(acknowledged).toBeGreaterThan(rounds)
    },
    60_000 + rounds * 10_000,
  )

  it(
    'while it makes the state for the first time: the next one makes it',
    async () => {
      for (let round = 0; round < rounds / 3; round++) {
        const stateDir = await newPath()
        const acknowledged = await writeAndDie(stateDir, 1, () => setTimeout(Math.random() * 2000))
        await verify(stateDir, acknowledged)
      }
    },
    60_000 + rounds * 20_000,
  )
})
