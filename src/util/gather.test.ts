import { describe, expect, it } from 'vitest'
import { createGathering } from './gather.ts'

function house(answers: Readonly<Record<string, number>>) {
  const asked: string[][] = []
  const find = createGathering(async (keys) => {
    asked.push([...keys].sort((a, b) => a.localeCompare(b)))
    return new Map(keys.flatMap((key) => (key in answers ? [[key, answers[key]!] as const] : [])))
  })
  return { asked, find }
}

describe('gathered questions', () => {
  it('go out together, each once, and each gets its own answer', async () => {
    const { find, asked } = house({ a: 1, b: 2 })
    expect(await Promise.all(['a', 'b', 'a', 'none'].map(find))).toEqual([1, 2, 1, undefined])
    expect(asked).toEqual([['a', 'b', 'none']])
  })

  it('are asked anew later', async () => {
    const { find, asked } = house({ a: 1 })
    await find('a')
    await find('a')
    expect(asked).toEqual([['a'], ['a']])
  })

  it('fail together, and can be asked again', async () => {
    let fail = true
    const find = createGathering(async () => {
      if (fail) throw new Error('away')
      return new Map([['a', 1]])
    })
    const [one, two] = await Promise.allSettled([find('a'), find('b')])
    expect([one.status, two.status]).toEqual(['rejected', 'rejected'])
    fail = false
    expect(await find('a')).toBe(1)
  })
})
