import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createPool } from './pool.ts'

it('never runs more than its limit, and drains', async () => {
  const pool = createPool(3)
  let running = 0
  let most = 0
  let finished = 0
  for (let task = 0; task < 20; task++)
    await pool.add(async () => {
      most = Math.max(most, ++running)
      await delay(1)
      running--
      finished++
    })
  await pool.drain()
  expect({ most, finished }).toEqual({ most: 3, finished: 20 })
})
