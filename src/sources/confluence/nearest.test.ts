import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it('names what a mistyped key may have meant, nearest first', () => {
  expect(nearest('LEGLA', ['HR', 'LEGAL', 'LEG', 'MARKETING'])).toEqual(['LEG', 'LEGAL'])
  expect(nearest('hr', ['HR', 'ENG'])).toEqual(['HR'])
  expect(nearest('completely-else', ['HR', 'ENG'])).toEqual([])
})
