import { describe, expect, it } from 'vitest'
import {
  cloudIdentities,
  dataCenterIdentities,
  restrictionPage,
  unrestricted,
  wholeRestriction,
} from './restrictions.ts'

const list = <Principal>(results: readonly Principal[], more: object = {}) => ({
  results,
  limit: 200,
  size: results.length,
  ...more,
})
const wire = (users: object[], groups: object[], more: object = {}) => ({
  restrictions: { user: list(users, more), group: list(groups) },
})

describe('a restriction in a listing', () => {
  it('is whole when both lists are there and fit', () => {
    const restriction = wire([{ accountId: 'amy' }], [{ id: 'g1', name: 'staff' }])
    expect(wholeRestriction(restriction, cloudIdentities)).toEqual({ users: ['amy'], groups: ['g1'] })
    expect(wholeRestriction(wire([{ userKey: 'k1' }], [{ name: 'staff' }]), dataCenterIdentities)).toEqual({
      users: ['k1'],
      groups: ['staff'],
    })
    expect(wholeRestriction(wire([], []), cloudIdentities)).toBe(unrestricted)
  })

  it.each([
    ['missing', undefined],
    ['without lists', { restrictions: {} }],
    ['with one list only', { restrictions: { user: list([]) } }],
    ['full to its limit', wire([{ accountId: 'amy' }], [], { limit: 1 })],
    ['with a next link', wire([{ accountId: 'amy' }], [], { _links: { next: '/more' } })],
    ['larger than it shows', wire([{ accountId: 'amy' }], [], { size: 2 })],
    ['naming somebody without an id', wire([{ displayName: 'Former user' }], [])],
  ])('is not known when it is %s, rather than open', (_, restriction) => {
    expect(wholeRestriction(restriction, cloudIdentities)).toBeUndefined()
  })
})

describe('a page of a restriction', () => {
  it('says how far it reaches and whether there is more', () => {
    const restriction = wire([{ accountId: 'a' }, { accountId: 'b' }], [{ id: 'g' }], { limit: 2 })
    expect(restrictionPage(restriction, cloudIdentities)).toEqual({
      restriction: { users: ['a', 'b'], groups: ['g'] },
      length: 2,
      more: true,
      hides: false,
    })
  })
})
