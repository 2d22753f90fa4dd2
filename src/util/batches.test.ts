import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inBatches } from './batches.ts'

async function* from<Value>(...steps: readonly (Value | Error | { readonly wait: number })[]) {
  for (const step of steps) {
    if (step instanceof Error) throw step
    if (typeof step === 'object' && step !== null && 'wait' in step) await setTimeout(step.wait)
    else yield step as Value
  }
}

async function batchesOf<Value>(values: AsyncIterable<Value>, most = 3): Promise<(readonly Value[])[]> {
  const batches: (readonly Value[])[] = []
  for await (const batch of inBatches(values, { most, patience: 50 })) batches.push(batch)
  return batches
}

describe('batches', () => {
  it('hold what is there, up to a limit', async () => {
    expect(await batchesOf(from(1, 2, 3, 4, 5))).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
    expect(await batchesOf(from())).toEqual([])
  })

  it('wait for others, but not for ever', async () => {
    expect(await batchesOf(from(1, { wait: 5 }, 2, { wait: 200 }, 3))).toEqual([[1, 2], [3]])
  })

  it('lose nothing that came before an error', async () => {
    const batches: unknown[] = []
    const reading = async () => {
      for await (const batch of inBatches(from(1, 2, new Error('no')), { most: 9, patience: 50 }))
        batches.push(batch)
    }
    await expect(reading()).rejects.toThrow('no')
    expect(batches).toEqual([[1, 2]])
  })

  it('close what they read from when nobody wants more', async () => {
    let closed = false
    async function* values() {
      try {
        for (let value = 0; ; value++) yield value
      } finally {
        closed = true
      }
    }
    for await (const _ of inBatches(values(), { most: 2, patience: 50 })) break
    await setTimeout(1)
    expect(closed).toBe(true)
  })
})
