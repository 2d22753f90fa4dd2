import { describe, expect, it } from 'vitest'
import { type Flavour, openLedger, openScene } from './scene.ts'
import { wiki } from './table.ts'

const ledger = await openLedger()

describe.each<Flavour>(['cloud', 'data-center'])('a thread on %s', (flavour) => {
  it('that no list shows, although its own address does, is not taken for deleted', async () => {
    const { world, remark } = wiki(flavour)
    const scene = await openScene({ world, flavour, ledger })
    try {
      await scene.run()
      scene.sandbox.addFault({ effect: { kind: 'omit', item: remark.id } })
      const { stream } = await scene.run()
      expect(stream.removed).toBeUndefined()
      expect(stream.held).toBeUndefined()
    } finally {
      await scene.close()
    }
  })

  it('that was deleted behind a limit is closed to all, and stays', async () => {
    const { world, question } = wiki(flavour)
    const scene = await openScene({ world, flavour, ledger })
    try {
      await scene.run()
      world.purge(question)
      const settings = { max_num_of_docs_from_each_space: 1 }
      const { stream } = await scene.run({ settings, removals: { accept: true } })
      expect(stream).toEqual({ held: ['Comment on "Notes"'] })
    } finally {
      await scene.close()
    }
  })

  it('that cannot be listed is for the readers that its page has now', async () => {
    const { world, notes, remark, board } = wiki(flavour)
    const scene = await openScene({ world, flavour, ledger })
    try {
      await scene.run()
      world.restrict(notes, 'read', [board])
      scene.sandbox.addFault({ effect: { kind: 'truncate' }, on: 'type=comment' })
      await scene.run()
      const stored = await scene.stored()
      const readersIn = (name: string) => stored.get(name)?.[0]?.metadata.data_source?.permissions_data?.[0]
      const ofThread = readersIn(`HR/${notes.id}-comments-${remark.id}.html.json`)
      expect(ofThread).toEqual(readersIn(`HR/${notes.id}.html.json`))
    } finally {
      await scene.close()
    }
  })
})
