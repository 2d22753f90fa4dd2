import { describe, expect, it } from 'vitest'
import { merge } from './merge.ts'

const { signal } = new AbortController()

async function* numbers(from: number, to: number): AsyncGenerator<number> {
  for (let value = from; value < to; value++) yield value
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

describe('merged streams', () => {
  it('bring everything of each, in its order', async () => {
    const merged = await all(
      merge([() => numbers(0, 5), () => numbers(10, 13), () => numbers(20, 22)], 2, signal),
    )
    expect(merged.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 20, 21])
    expect(merged.filter((value) => value < 10)).toEqual([0, 1, 2, 3, 4])
  })

  it('run no more at a time than allowed, and none ahead of the consumer by more than a value', async () => {
    let running = 0
    let most = 0
    let made = 0
    const stream = () =>
      (async function* () {
        most = Math.max(most, ++running)
        for (let value = 0; value < 10; value++) {
          made++
          yield value
        }
        running--
      })()
    const merged = merge(
      Array.from({ length: 5 }, () => stream),
      2,
      signal,
    )
    await merged.next()
    await merged.next()
    expect(made).toBeLessThanOrEqual(4)
    expect(await all(merged)).toHaveLength(48)
    expect(most).toBe(2)
  })

  it('keep an error that comes while nobody asks until somebody does', async () => {
    const failing = () =>
      (async function* () {
        yield 1
        throw new Error('broken meanwhile')
      })()
    const merged = merge([failing], 1, signal)
    await merged.next()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await expect(merged.next()).rejects.toThrow('broken meanwhile')
  })

  it('end with the first error, and the others are told to return', async () => {
    let returned = false
    const endless = () =>
      (async function* () {
        try {
          for (;;) yield await new Promise<number>((resolve) => setTimeout(resolve, 1, 1))
        } finally {
          returned = true
        }
      })()
    const failing = () =>
      (async function* (): AsyncGenerator<number> {
        yield 0
        throw new Error('broken')
      })()
    await expect(all(merge([endless, failing], 2, signal))).rejects.toThrow('broken')
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(returned).toBe(true)
  })

  it('stop waiting as soon as they are cancelled', async () => {
    const stop = new AbortController()
    const stuck = () =>
      (async function* (): AsyncGenerator<number> {
        await new Promise(() => undefined)
      })()
    setTimeout(() => stop.abort(new Error('enough')), 5)
    await expect(all(merge([stuck], 1, stop.signal))).rejects.toThrow('enough')
  })
})
