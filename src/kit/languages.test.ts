import { describe, expect, it } from 'vitest'
import type { Element } from '../model/element.ts'
import { assignLanguages, detectLanguages } from './languages.ts'

const element = (text: string, type: Element['type'] = 'NarrativeText'): Element => ({
  type,
  element_id: '',
  text,
  metadata: {},
})
const german = 'Die Küche schließt um zwei Uhr, danach gibt es nur noch Kaffee und Kuchen im Garten.'
const french = 'La cuisine ferme à deux heures, ensuite il ne reste que du café et du gâteau dans le jardin.'

describe('languages', () => {
  it('are told from a few sentences', async () => {
    expect(await detectLanguages(german)).toEqual(['deu'])
    expect(await detectLanguages(french)).toEqual(['fra'])
    expect(await detectLanguages('The kitchen closes at two, and then there is coffee with cake.')).toEqual([
      'eng',
    ])
    expect(await detectLanguages('厨房两点关门，之后花园里只有咖啡和蛋糕。')).toEqual(['zho'])
  })

  it('of short ASCII texts are English, of blank ones unknown', async () => {
    expect(await detectLanguages('Kaffee und Kuchen')).toEqual(['eng'])
    expect(await detectLanguages(' \n')).toBeUndefined()
  })

  it('are one for a document, told by its prose rather than its code', async () => {
    const elements = [
      element('if (x) then return the value with this', 'CodeSnippet'),
      element(german),
      element('OK'),
    ]
    await assignLanguages(elements, {})
    expect(elements.map(({ metadata }) => metadata.languages)).toEqual([['deu'], ['deu'], ['deu']])
  })

  it('are told per element, given, or left out', async () => {
    const elements = [element(german), element(french)]
    await assignLanguages(elements, { perElement: true })
    expect(elements.map(({ metadata }) => metadata.languages)).toEqual([['deu'], ['fra']])
    await assignLanguages(elements, { languages: ['nld'] })
    expect(elements[0]!.metadata.languages).toEqual(['nld'])
    const silent = [element(german)]
    await assignLanguages(silent, { languages: [''] })
    expect(silent[0]!.metadata).toEqual({})
  })
})
