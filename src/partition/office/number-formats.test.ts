import { describe, expect, it } from 'vitest'
import { createFormats } from './number-formats.ts'

const shown = (code: string, value: number) =>
  createFormats({ codes: new Map([[200, code]]), styles: [200], from1904: false })(0)(value).text

describe('numbers of a sheet', () => {
  it.each([
    ['General', 1234.5, '1234.5'],
    ['General', 0.1 + 0.2, '0.3'],
    ['0', 2.4, '2'],
    ['#,##0.00 "kg"', 1234.5, '1,234.50 kg'],
    ['"$"#,##0.00_);[Red]\\("$"#,##0.00\\)', -1234.5, '($1,234.50)'],
    ['[$€-407] #,##0.00', 1234.5, '€ 1.234,50'],
    ['0.0%', 0.125, '12.5%'],
    ['[=1]"yes";"no"', 0, 'no'],
    ['"yes";;"no"', 1, 'yes'],
    ['General "kg"', 1.5, '1.5 kg'],
  ])('are shown as Excel shows them: %s', (code, value, text) => {
    expect(shown(code, value)).toBe(text)
  })

  it('that are dates are told in one way', () => {
    expect(shown('d/m/yy', 45_000)).toBe('2023-03-15')
    expect(shown('h:mm AM/PM', 0.5)).toBe('12:00:00')
    expect(shown('[Red]yyyy\\-mm', 45_000.25)).toBe('2023-03-15 06:00:00')
  })

  it('that are durations count beyond a day', () => {
    expect(shown('[h]:mm', 1.25)).toBe('30:00')
    expect(shown('[mm]:ss', 0.0625)).toBe('90:00')
  })

  it('are plain where their format hides them, or is none', () => {
    expect(shown(';;;', 5)).toBe('5')
    expect(shown('0 [', 1.5)).toBe('1.5')
  })

  it('of the formats that every program knows need no code', () => {
    const formats = createFormats({ codes: new Map(), styles: [0, 4, 9, 46, 14], from1904: false })
    expect([0, 1, 2, 3, 4].map((style) => formats(style)(1.25).text)).toEqual([
      ...['1.25', '1.25', '125%', '30:00:00', '1900-01-01 06:00:00'],
    ])
  })
})
