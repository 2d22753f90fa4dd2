import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDrafts } from './drafts.ts'

const never = Number.POSITIVE_INFINITY

describe('drafts', () => {
  it.each([
    ['a disk that is always fast', never],
    ['one that is always slow', 0],
  ])('take content that its owner goes on to write over, on %s', async (_, slow) => {
    const folder = await mkdtemp(join(tmpdir(), 'outflow-drafts-'))
    const drafts = createDrafts(folder, slow)
    await drafts.open()
    const names = Array.from({ length: 20 }, (_, nth) => `${nth}.json`)
    const content = Buffer.alloc(100_000)
    const writes = names.map((name, nth) => {
      content.fill(nth)
      return drafts.replace(join(folder, name), content)
    })
    await Promise.all(writes)
    await drafts.close()
    for (const [nth, name] of names.entries())
      expect(await readFile(join(folder, name))).toEqual(Buffer.alloc(100_000, nth))
    expect((await readdir(folder)).toSorted()).toEqual(names.toSorted())
  })
})
