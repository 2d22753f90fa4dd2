import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

const known = ['strategy', 'encoding', 'overlap', 'overlap_all', 'max_characters']

it('finds the word behind a slip', () => {
  expect(nearest('stratgey', known)).toBe('strategy')
  expect(nearest('Encodign', known)).toBe('encoding')
  expect(nearest('overlapall', known)).toBe('overlap_all')
  expect(nearest('max_chars', known)).toBe('max_characters')
  expect(nearest('characters', known)).toBe('max_characters')
})

it('finds nothing that is far off', () => {
  expect(nearest('temperature', known)).toBeUndefined()
  expect(nearest('', known)).toBeUndefined()
  expect(nearest('x'.repeat(1_000_000), known)).toBeUndefined()
})
