import { describe, expect, it } from 'vitest'
import { createNames } from './names.ts'

const { signal } = new AbortController()

function site(people: Readonly<Record<string, string>>) {
  const asked: string[][] = []
  const names = createNames(
    {
      async userNames(ids) {
        asked.push([...ids].sort())
        return new Map(ids.flatMap((id) => (people[id] ? [[id, people[id]] as const] : [])))
      },
    },
    { signal },
  )
  return { asked, names }
}

describe('names of people', () => {
  it('are asked in bulk, each person once, whoever asks', async () => {
    const { names, asked } = site({ a: 'Amy', b: 'Ben', c: 'Cleo' })
    const [one, two] = await Promise.all([names.find(['a', 'b']), names.find(['b', 'c'])])
    expect(one).toEqual(
      new Map([
        ['a', 'Amy'],
        ['b', 'Ben'],
      ]),
    )
    expect(two).toEqual(
      new Map([
        ['b', 'Ben'],
        ['c', 'Cleo'],
      ]),
    )
    await names.find(['a', 'c'])
    expect(asked).toEqual([['a', 'b', 'c']])
  })

  it('are not asked again for people whom nobody knows, nor for those who came along', async () => {
    const { names, asked } = site({})
    names.remember({ id: 'a', name: 'Amy' })
    await names.find(['a', 'gone'])
    expect(await names.find(['a', 'gone'])).toEqual(new Map([['a', 'Amy']]))
    expect(asked).toEqual([['gone']])
  })

  it('can be asked again after an error', async () => {
    let fail = true
    const names = createNames(
      {
        async userNames() {
          if (fail) throw new Error('away')
          return new Map([['a', 'Amy']])
        },
      },
      { signal },
    )
    await expect(names.find(['a'])).rejects.toThrow('away')
    fail = false
    expect(await names.find(['a'])).toEqual(new Map([['a', 'Amy']]))
  })
})
