import { describe, expect, test } from 'vitest'
import { elementFromText } from './element-from-text.ts'

describe('a text without markup', () => {
  test.each([
    ['• Bring the keys', 'ListItem', 'Bring the keys'],
    ['jane.doe@example.org', 'EmailAddress', 'jane.doe@example.org'],
    ['Springfield, IL 62701', 'Address', 'Springfield, IL 62701'],
    ['2) Lock the door', 'ListItem', '2) Lock the door'],
    ['The door was locked before anybody came home.', 'NarrativeText'],
    ['Annual Report', 'Title'],
    ['1,204.50', 'UncategorizedText'],
    ['•', 'UncategorizedText'],
  ])('%s: %s', (text, type, left = text) => {
    expect(elementFromText(text)).toMatchObject({ type, text: left })
  })

  test('a minus sign is a bullet to the reference alone', () => {
    expect(elementFromText('-5 °C').text).toBe('5 °C')
    expect(elementFromText('-5 °C', {}, true).text).toBe('-5 °C')
  })
})
