import { describe, expect, it } from 'vitest'
import { createRecent } from './recent.ts'

describe('a bounded memory', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

  it('asks once, also for those who ask meanwhile', async () => {
    const recent = createRecent<number>(10)
    let asked = 0
    const find = async () => ++asked
    expect(await Promise.all([recent('a', find), recent('a', find)])).toEqual([1, 1])
    expect(await recent('a', find)).toBe(1)
  })

  it('forgets what was not used for longest, by weight', async () => {
    const recent = createRecent<string>(10, (text) => text.length)
    const make = (text: string) => async () => text
    await recent('a', make('12345'))
    await recent('b', make('12345'))
    await recent('a', make('never'))
    await recent('c', make('12345'))
    await settled()
    expect(await recent('a', make('again'))).toBe('12345')
    expect(await recent('b', make('again'))).toBe('again')
  })

  it('forgets failures at once', async () => {
    const recent = createRecent<number>(10)
    await expect(recent('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await settled()
    expect(await recent('a', async () => 2)).toBe(2)
  })
})
