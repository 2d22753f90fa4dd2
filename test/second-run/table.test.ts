import { describe, expect, it } from 'vitest'
import { expectAsFresh, type Flavour, openLedger, openScene } from './scene.ts'
import { changes, wiki } from './table.ts'

const ledger = await openLedger()

describe.each<Flavour>(['cloud', 'data-center'])('between two runs on %s', (flavour) => {
  it.each(changes)('$name', async ({ change, stream, differs, settings }) => {
    const before = wiki(flavour)
    const scene = await openScene({ world: before.world, flavour, ledger, settings: settings ?? {} })
    try {
      await scene.run()
      await expectAsFresh(scene)
      change(before)
      const second = await scene.run()
      expect(second.stream).toEqual(typeof stream === 'function' ? stream(flavour) : stream)
      if (!second.stream.done) expect(second.bodies).toBe(0)
      if (!differs) await expectAsFresh(scene)
      const third = await scene.run()
      const { held } = second.stream
      expect(third.stream).toEqual(held ? { held } : {})
      expect(third.bodies).toBe(0)
    } finally {
      await scene.close()
    }
  })
})
