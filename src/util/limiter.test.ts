import { describe, expect, it } from 'vitest'
import { createLimiter } from './limiter.ts'

const { signal } = new AbortController()

/** A task that ends when told to. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { run: () => promise, end: resolve, fail: reject }
}

describe('a limiter', () => {
  it('runs so many at a time, in the order of asking', async () => {
    const limiter = createLimiter(2)
    const tasks = [task(), task(), task(), task()]
    const started: number[] = []
    const all = tasks.map(({ run }, index) =>
      limiter.run(signal, () => {
        started.push(index)
        return run()
      }),
    )
    await Promise.resolve()
    expect(started).toEqual([0, 1])
    tasks[1]!.end()
    await all[1]
    expect(started).toEqual([0, 1, 2])
    for (const { end } of tasks) end()
    await Promise.all(all)
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('gives the place of a failed task to the next', async () => {
    const limiter = createLimiter(1)
    const first = task()
    const failing = limiter.run(signal, first.run)
    const second = limiter.run(signal, async () => 'done')
    first.fail(new Error('broken'))
    await expect(failing).rejects.toThrow('broken')
    await expect(second).resolves.toBe('done')
  })

  it('lets a waiter go when it is cancelled, without taking a place', async () => {
    const limiter = createLimiter(1)
    const first = task()
    const running = limiter.run(signal, first.run)
    const caller = new AbortController()
    const waiting = limiter.run(caller.signal, async () => 'never')
    const last = limiter.run(signal, async () => 'last')
    caller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    first.end()
    await running
    await expect(last).resolves.toBe('last')
    await expect(limiter.run(signal, async () => 'free again')).resolves.toBe('free again')
  })
})
