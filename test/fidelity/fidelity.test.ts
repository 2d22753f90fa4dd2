import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commonLength, measureFidelity, words } from './measure.ts'
import { visibleText } from './visible-text.ts'

const ownPages = join(import.meta.dirname, 'pages')
const sharedPages = join(import.meta.dirname, '../../../shared/corpus/storage')

const filesIn = (folder: string) => readdirSync(folder).map((file) => [file, join(folder, file)] as const)

describe('every word that a reader sees arrives once, in order', () => {
  it.each(filesIn(ownPages))('in our page %s', async (_, path) => {
    const { visible, arrived } = await measureFidelity(readFileSync(path, 'utf8'))
    expect(arrived).toEqual(visible)
  })
})

const shared = existsSync(sharedPages)
if (!shared) console.warn(`No pages in ${sharedPages}: fidelity on real pages is not tested.`)

describe.skipIf(!shared)('in real pages', () => {
  it.each(shared ? filesIn(sharedPages) : [])('%s', async (_, path) => {
    const { recall, precision } = await measureFidelity(readFileSync(path, 'utf8'))
    expect(recall).toBeGreaterThanOrEqual(0.97)
    expect(precision).toBeGreaterThanOrEqual(0.9)
  })

  it('and better on average', async () => {
    const pages = filesIn(sharedPages).map(([, path]) => measureFidelity(readFileSync(path, 'utf8')))
    const measured = await Promise.all(pages)
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
    expect(mean(measured.map(({ recall }) => recall))).toBeGreaterThanOrEqual(0.995)
    expect(mean(measured.map(({ precision }) => precision))).toBeGreaterThanOrEqual(0.98)
  })
})

describe('the measure', () => {
  it('counts what two lists have in common in order', () => {
    const common = (a: string, b: string) => commonLength(a.split(' '), b.split(' '))
    expect(common('a b c', 'a b c')).toBe(3)
    expect(common('a b c', 'c b a')).toBe(1)
    expect(common('a b c d', 'x a c d d')).toBe(3)
    expect(commonLength([], ['a'])).toBe(0)
  })

  it('notices a lost word, a word too many, and a setting taken for text', () => {
    const page = words(
      visibleText(
        'T',
        '<p>one two</p><ac:structured-macro ac:name="info"><ac:parameter ac:name="icon">x</ac:parameter></ac:structured-macro>',
      ),
    )
    expect(page).toEqual(['T', 'one', 'two'])
    expect(commonLength(page, ['T', 'two'])).toBe(2)
    expect(commonLength(page, ['T', 'one', 'x', 'two'])).toBe(3)
  })

  it('knows where a word goes on', () => {
    expect(words(visibleText('T', '<p>un<b>believ</b>able</p><p>x</p>y'))).toEqual([
      'T',
      'unbelievable',
      'x',
      'y',
    ])
  })
})
