import { describe, expect, it } from 'vitest'
import { createBudget } from './http-budget.ts'
import type { RateState } from './http-rate.ts'

const nothing = { nearLimit: false, resetIn: undefined, refill: undefined }

/** A budget whose clock is set by hand. */
function budgetAt(start: number) {
  const clock = { now: start }
  return { clock, budget: createBudget(() => clock.now) }
}

/** Ten requests every ten seconds, in the words of either product. */
const cloud = (remaining: number, resetIn: number): RateState => ({
  ...nothing,
  limit: 10,
  remaining,
  resetIn,
})
const dataCenter = (remaining: number): RateState => ({
  ...nothing,
  limit: 10,
  remaining,
  refill: { tokens: 10, seconds: 10 },
})

describe('a request budget', () => {
  it('is nobody’s business as long as no answer tells of it', () => {
    const { budget } = budgetAt(100)
    budget.spend()
    budget.ended(undefined)
    expect(budget.interval()).toBe(0)
  })

  it('counts those under way as spent, for an answer knows nothing of them', () => {
    const { budget } = budgetAt(100)
    for (let request = 0; request < 8; request++) budget.spend()
    budget.ended(cloud(9, 10))
    expect(budget.interval()).toBe(0)
    budget.spend()
    expect(budget.interval()).toBe(10)
    for (let request = 0; request < 8; request++) budget.ended(undefined)
    budget.ended(cloud(9, 10))
    expect(budget.interval()).toBe(0)
  })

  it('is whole again when its time has come, and no longer spent blindly', () => {
    const { budget, clock } = budgetAt(100)
    budget.spend()
    budget.ended(cloud(1, 4))
    expect(budget.interval()).toBe(4)
    clock.now += 3
    expect(budget.interval()).toBe(1)
    clock.now += 1
    expect(budget.interval()).toBe(0)
    for (let request = 0; request < 9; request++) budget.spend()
    expect(budget.interval()).toBeGreaterThan(0)
  })

  it('that is filled by and by gets what flows in, and never more than it holds', () => {
    const { budget, clock } = budgetAt(100)
    budget.spend()
    budget.ended({ ...dataCenter(1), refill: { tokens: 1, seconds: 2 } })
    expect(budget.interval()).toBe(2)
    clock.now += 2
    expect(budget.interval()).toBe(0)
    budget.spend()
    expect(budget.interval()).toBe(2)
    budget.ended(dataCenter(9))
    clock.now += 10
    expect(budget.interval()).toBe(0)
    for (let request = 0; request < 9; request++) budget.spend()
    expect(budget.interval()).toBe(10)
  })

  it('that is filled at moments nobody tells learns them from seeing it rise', () => {
    const { budget, clock } = budgetAt(100)
    const answer = (remaining: number) => {
      budget.spend()
      budget.ended(dataCenter(remaining))
      return budget.interval()
    }
    expect(answer(1)).toBe(10)
    clock.now += 4
    expect(answer(1)).toBe(6)
    clock.now += 1
    expect(answer(9)).toBe(0)
    clock.now += 2
    expect(answer(1)).toBe(8)
  })

  it('that runs low for an unknown time is forgotten after a minute of silence', () => {
    const { budget, clock } = budgetAt(100)
    budget.spend()
    budget.ended({ ...nothing, limit: undefined, remaining: undefined, nearLimit: true })
    expect(budget.interval()).toBe(0.25)
    clock.now += 60
    expect(budget.interval()).toBe(0)
  })

  it('costs what it turned out to cost', () => {
    const { budget } = budgetAt(100)
    const points = (remaining: number): RateState => ({ ...nothing, limit: 1000, remaining, resetIn: 10 })
    budget.spend()
    budget.ended(points(200))
    budget.spend()
    budget.ended(points(150))
    expect(budget.interval()).toBeCloseTo((10 * 50) / 150)
  })
})
