import { describe, expect, it } from 'vitest'
import type { CommentItem } from '../api.ts'
import { createBodies } from './bodies.ts'

const ids = (from: number, count: number) => Array.from({ length: count }, (_, nr) => String(from + nr))

function comment(id: string): CommentItem {
  return {
    id,
    spaceId: '1',
    containerId: '7',
    rootId: id,
    location: 'footer',
    resolution: 'open',
    version: 1,
    url: '',
    body: `<p>${id}</p>`,
  }
}

/** Knows every comment but those named; each question is noted. */
function site({ without = [], breaksOn }: { without?: readonly string[]; breaksOn?: string } = {}) {
  const asked: string[][] = []
  const bodies = createBodies(async (wanted) => {
    asked.push([...wanted])
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (breaksOn !== undefined && wanted.includes(breaksOn)) throw new Error('broken')
    return wanted.filter((id) => !without.includes(id)).map(comment)
  })
  return { asked, bodies }
}

describe('bodies', () => {
  it('that will be wanted travel along, fifty at a time, and are asked for once', async () => {
    const { asked, bodies } = site()
    for (const id of ids(0, 120)) bodies.want([id])
    for (const id of ids(0, 120)) expect(await bodies.take([id])).toEqual([comment(id)])
    expect(asked.map((each) => each.length)).toEqual([50, 50, 20])
  })

  it('are shared by those who take at the same time', async () => {
    const { asked, bodies } = site()
    for (const id of ids(0, 40)) bodies.want([id])
    const taken = await Promise.all(ids(0, 40).map((id) => bodies.take([id])))
    expect(taken.flat()).toHaveLength(40)
    expect(asked).toHaveLength(1)
  })

  it('of one long thread come in one question, whatever else is wanted', async () => {
    const { asked, bodies } = site()
    bodies.want(ids(200, 3))
    expect(await bodies.take(ids(0, 90))).toHaveLength(90)
    expect(asked).toEqual([ids(0, 90)])
  })

  it('that are gone are absent', async () => {
    const { bodies } = site({ without: ['2'] })
    expect((await bodies.take(['1', '2', '3'])).map(({ id }) => id)).toEqual(['1', '3'])
  })

  it('cost nobody else their trouble', async () => {
    const { bodies } = site({ breaksOn: '2' })
    for (const id of ['1', '2', '3']) bodies.want([id])
    const taken = await Promise.allSettled(['1', '2', '3'].map((id) => bodies.take([id])))
    expect(taken.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
