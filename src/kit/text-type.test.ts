import { describe, expect, it } from 'vitest'
import {
  isBulleted,
  isEmailAddress,
  isNarrative,
  isTitle,
  isUsCityStateZip,
  withoutBullet,
} from './text-type.ts'

const all = (test: (text: string) => boolean, ...texts: string[]) => texts.map((text) => [text, test(text)])
const each = (verdict: boolean, ...texts: string[]) => texts.map((text) => [text, verdict])

describe('text types', () => {
  it('know a bullet from a line and from dashes within', () => {
    const bullets = ['• one', ' - two', '* three', '· four', '–five']
    const others = ['---', '**bold**', 'a • b', '']
    expect(all(isBulleted, ...bullets)).toEqual(each(true, ...bullets))
    expect(all(isBulleted, ...others)).toEqual(each(false, ...others))
    expect(withoutBullet(' • one • two ')).toBe('one • two')
    expect(withoutBullet('one')).toBe('one')
  })

  it('know addresses', () => {
    expect(isEmailAddress('ann.b+c@mail.example.org wrote')).toBe(true)
    expect(isEmailAddress('write to ann@example.org')).toBe(false)
    expect(isUsCityStateZip('Springfield, IL 62701')).toBe(true)
    expect(isUsCityStateZip('St. Paul, Minnesota, 55101-1234')).toBe(true)
    expect(isUsCityStateZip('Springfield, 62701')).toBe(false)
  })

  it('know prose by its verb or by its sentences', () => {
    const prose = [
      'The kitchen closes at two.',
      'Nothing new here today. All as it ever was.',
      'We’re late',
      'La cuisine est ouverte. Le restaurant ferme tard.',
    ]
    const labels = [
      '',
      '42',
      'Room 12',
      'WE ARE CLOSED',
      'The Annual Report Is Here',
      '--- is ---------',
      'blue tables',
    ]
    expect(all((text) => isNarrative(text), ...prose)).toEqual(each(true, ...prose))
    expect(all((text) => isNarrative(text), ...labels)).toEqual(each(false, ...labels))
  })

  it('know what could be a heading', () => {
    expect(isTitle('Annual report')).toBe(true)
    const others = [
      '',
      '7',
      'Dear all,',
      'STOP!',
      '***',
      'one two three four five six seven eight nine ten eleven twelve thirteen',
    ]
    expect(all(isTitle, ...others)).toEqual(each(false, ...others))
  })
})
