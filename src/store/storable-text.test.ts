import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

/** Any text: code units by themselves, so that surrogates come in halves, and those that the escape is made of more often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0, 0xfdd0, 0xd83d, 0xde00, 0x30, 0x5c, 0x22),
    ),
  )
  .map((units) => String.fromCharCode(...units))

describe('storable text', () => {
  it('is what it was, for all that people write', () => {
    for (const text of ['', 'Page 1', 'Über 東京 👩‍👩‍👧', '\\u0000 "quoted" \n\t\u001a'])
      expect(storable(text)).toBe(text)
  })

  it('holds nothing that PostgreSQL refuses, and nothing is lost', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storable(text)
        expect(stored).not.toContain('\0')
        expect(stored.isWellFormed()).toBe(true)
        expect(restored(stored)).toBe(text)
      }),
    )
  })

  it('goes through JSON likewise, wherever it stands', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = { text, list: [text, { deeper: text }], number: 1, nothing: null }
        const stored = storableJson(value)
        expect(stored).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/)
        expect(restoredJson(stored)).toEqual(value)
      }),
    )
  })
})
