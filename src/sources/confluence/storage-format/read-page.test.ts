import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { macro, pageNamed, plain, rendered, rich, wiki } from '../../../../test/fidelity/wiki.ts'
import type { Markup } from '../../../model/markup.ts'
import { readPage } from './read-page.ts'

const pages = join(import.meta.dirname, '../../../../test/fidelity/pages')
const handbook = readFileSync(join(pages, 'handbook.xml'), 'utf8')

const read = (storage: string) => readPage({ storage, surroundings: wiki().surroundings })

/** The text of markup; fails when an element is not closed in its turn. */
function textOf(markup: Markup): string {
  const open: string[] = []
  let text = ''
  markup({
    open: (name) => open.push(name),
    text(more) {
      text += more
    },
    close: (name) => expect(open.pop()).toBe(name),
  })
  expect(open).toEqual([])
  return text
}

describe('a page', () => {
  it('begins with its title, whatever characters are in it', async () => {
    const { surroundings } = wiki({ page: { id: '1', title: 'a < b & "c"', spaceKey: 'HR', url: 'u' } })
    const { markup } = await readPage({ storage: '', surroundings })
    expect(textOf(markup)).toBe('a < b & "c"')
  })

  it('can be replayed', async () => {
    const { markup } = await read(handbook)
    expect(textOf(markup)).toBe(textOf(markup))
  })

  it('asks for nothing when nothing in it points elsewhere', async () => {
    const site = wiki()
    await rendered(`<h1>a</h1>${macro('code', {}, plain('x'))}<ac:link>${pageNamed('P')}</ac:link>`, site)
    expect(site.asked).toEqual([])
  })
})

describe('bad pages', () => {
  it.each([
    ['nothing', '', 'Plan'],
    ['only text', 'a', 'Plana'],
    ['NUL and lone surrogates', 'a\0b\ud800', 'Planab\ufffd'],
    ['20,000 levels', `${'<div>'.repeat(20_000)}in`, 'Planin'],
    [
      '20,000 macros in one another',
      `${macro('panel', {}, '').replace('</ac:structured-macro>', '<ac:rich-text-body>').repeat(20_000)}in`,
      'Planin',
    ],
    ['20,000 links in one another', `${'<ac:link><ac:link-body>'.repeat(20_000)}in`, 'Planin'],
  ])('%s: nothing thrown, nothing lost', async (_, storage, text) => {
    expect(textOf((await read(storage)).markup)).toBe(text)
  })

  it('pages of 5 MB and tables of 10,000 rows take seconds at most', async () => {
    const start = performance.now()
    const row = '<tr><td><p>a</p></td><td><ac:emoticon ac:name="tick"/>b</td></tr>'
    expect(textOf((await read(`<table>${row.repeat(10_000)}</table>`)).markup)).toHaveLength(4 + 20_000)
    expect(textOf((await read('<p>Some <b>bold</b> words.</p>'.repeat(170_000))).markup)).toHaveLength(
      4 + 170_000 * 16,
    )
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  it('deep pages that include deep pages keep their text', async () => {
    const deep = (title: string) =>
      `${'<div>'.repeat(390)}text of it ${macro('include', { '': `<ac:link>${pageNamed(title)}</ac:link>` })}`
    const site = wiki({
      pages: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`HR:${n}`, deep(`${n + 1}`)])),
    })
    expect((await rendered(deep('1'), site)).match(/text of it/g)).toHaveLength(6)
  })

  it('any page cut and mixed up at random is rendered to whole markup', async () => {
    const storage = handbook + macro('info', {}, rich('<p>a</p>'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(storage.length), { minLength: 2, maxLength: 8 }), async (cuts) => {
        const mixed = cuts.map((at, i) => storage.slice(at, cuts[i + 1] ?? storage.length)).join('<')
        textOf((await read(mixed)).markup)
      }),
      { numRuns: 300 },
    )
  })

  it('cut anywhere between two words, a page keeps every word before the cut', async () => {
    const words = Array.from({ length: 200 }, (_, n) => `word${n}`)
    const storage = words
      .map((word, n) => (n % 7 === 0 ? macro('note', {}, rich(`<p>${word}</p>`)) : `<p><b>${word}</b></p>`))
      .join('')
    await fc.assert(
      fc.asyncProperty(fc.nat(storage.length), async (at) => {
        const text = textOf((await read(storage.slice(0, at))).markup)
        const whole = words.filter((word) => storage.slice(0, at).includes(`${word}<`))
        for (const word of whole) expect(text).toContain(word)
      }),
      { numRuns: 200 },
    )
  })
})
