import { expect, it } from 'vitest'
import { readAhead } from './read-ahead.ts'

it('has fetched the next value by the time it is asked for, and no more than that', async () => {
  let fetched = 0
  async function* source() {
    for (let value = 0; value < 5; value++) {
      fetched++
      yield value
    }
  }
  const seen: number[] = []
  for await (const value of readAhead(source())) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(fetched).toBe(Math.min(5, value + 2))
    seen.push(value)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4])
})

it('brings an error in its turn', async () => {
  async function* source() {
    yield 1
    throw new Error('broken')
  }
  const values = readAhead(source())
  expect(await values.next()).toEqual({ value: 1, done: false })
  await expect(values.next()).rejects.toThrow('broken')
})
