import { describe, expect, it } from 'vitest'
import {
  losses,
  macro,
  pageLink,
  pageNamed,
  rendered,
  rich,
  wiki,
} from '../../../../../test/fidelity/wiki.ts'

const include = (title: string, space?: string) =>
  macro('include', { '': `<ac:link>${pageNamed(title, space)}</ac:link>` })
const excerptOf = (title: string, parameters: Record<string, string> = {}) =>
  macro('excerpt-include', { '': `<ac:link>${pageNamed(title)}</ac:link>`, ...parameters })

describe('include', () => {
  it("shows the other page's text in place, with its pictures, links and anchors of its own", async () => {
    const body = `<h2>Pay</h2><ac:image><ri:attachment ri:filename="p.png"/></ac:image><ac:link>${pageNamed('Next')}</ac:link>`
    const site = wiki({ pages: { 'OPS:Other': body } })
    expect(await rendered(`<p>a</p>${include('Other', 'OPS')}<p>b</p>`, site)).toBe(
      '<p>a</p><div data-included-from="OPS-Other"><h2 id="Pay">Pay</h2>' +
        '<img src="https://wiki.example/download/attachments/OPS-Other/p.png" alt="" data-file="p.png">' +
        '<a href="https://wiki.example/OPS/Next">Next</a></div><p>b</p>',
    )
  })

  it('finds the page in the space in hand unless the macro names one, however it is written', async () => {
    const site = wiki({ pages: { 'HR:Other': '<p>own</p>', 'OPS:Other': '<p>ops</p>' } })
    expect(await rendered(include('Other'), site)).toContain('own')
    expect(await rendered(macro('include', { '': 'Other' }), site)).toContain('own')
    expect(await rendered(macro('include', { '': 'OPS:Other' }), site)).toContain('ops')
    expect(
      await rendered(
        '<ac:macro ac:name="include"><ac:default-parameter>OPS:Other</ac:default-parameter></ac:macro>',
        site,
      ),
    ).toContain('ops')
  })

  it('asks for each page once, and for the people in all pages of a round together', async () => {
    const user = (id: string) => `<ac:link><ri:user ri:account-id="${id}"/></ac:link>`
    const site = wiki({
      people: { u1: 'One', u2: 'Two', u3: 'Three' },
      pages: { 'HR:A': `${user('u2')}${include('C')}`, 'HR:B': user('u3'), 'HR:C': 'c' },
    })
    const html = await rendered(`${user('u1')}${include('A')}${include('B')}${include('A')}`, site)
    expect(html.match(/@\w+/g)).toEqual(['@One', '@Two', '@Three', '@Two'])
    expect(site.asked.toSorted()).toEqual([
      'include HR:A',
      'include HR:B',
      'include HR:C',
      'users u1',
      'users u2 u3',
    ])
  })

  it('leaves a link where not every reader may read the page, and no more than is allowed', async () => {
    const site = wiki({
      pages: {
        'HR:Known': { outcome: 'not_permitted', url: 'https://wiki.example/known' },
        'HR:Unknown': { outcome: 'not_permitted' },
      },
    })
    const storage = `${include('Known')}${include('Unknown')}${excerptOf('Known')}`
    expect(await rendered(storage, site)).toBe(
      '<p><a href="https://wiki.example/known">Known</a></p><p><a href="https://wiki.example/known">Known</a></p>',
    )
    expect(await losses(storage, site)).toEqual([
      { code: 'include_not_permitted', name: 'Known' },
      { code: 'include_not_permitted', name: 'Unknown' },
    ])
  })

  it('leaves a link to the page that is not there, or that the crawling account cannot see', async () => {
    expect(await rendered(include('Gone'))).toBe('<p><a href="https://wiki.example/HR/Gone">Gone</a></p>')
    expect(await losses(include('Gone'))).toEqual([{ code: 'include_missing', name: 'Gone' }])
    expect(await losses(macro('include'))).toEqual([{ code: 'include_missing', name: 'include' }])
  })

  it('names the page that the wiki could not bring', async () => {
    const surroundings = { ...wiki().surroundings, include: () => Promise.reject(new Error('502')) }
    expect(await losses(include('Other'), { asked: [], surroundings })).toEqual([
      { code: 'include_failed', name: 'Other' },
    ])
  })

  it('does not go round in circles', async () => {
    const site = wiki({ pages: { 'HR:A': `<p>a</p>${include('B')}`, 'HR:B': `<p>b</p>${include('A')}` } })
    expect(await rendered(include('A'), site)).toBe(
      '<div data-included-from="HR-A"><p>a</p><div data-included-from="HR-B"><p>b</p></div></div>',
    )
    expect(await losses(include('A'), site)).toEqual([{ code: 'include_stopped', name: 'A' }])
  })

  it('ends five pages deep', async () => {
    const chain = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((n) => [`HR:${n}`, `<p>page${n}</p>${include(`${n + 1}`)}`]),
    )
    const site = wiki({ pages: chain })
    expect((await rendered(include('1'), site)).match(/page\d/g)).toEqual([
      'page1',
      'page2',
      'page3',
      'page4',
      'page5',
    ])
    expect((await losses(include('1'), site)).map(({ code }) => code)).toEqual(['include_stopped'])
  })

  it('ends when pages that include many include many', async () => {
    const many = (title: string) => include(title).repeat(20)
    const chain = Object.fromEntries(
      [1, 2, 3, 4, 5].map((n) => [`HR:${n}`, `<p>a</p><p>b</p>${many(`${n + 1}`)}`]),
    )
    expect((await losses(many('1'), wiki({ pages: chain }))).map(({ code }) => code)).toContain(
      'include_stopped',
    )
  })

  it('includes itself no more than once', async () => {
    const page = {
      outcome: 'found' as const,
      version: 1,
      page: pageLink('Plan', [], '1'),
      storage: include('Plan'),
    }
    expect(await rendered(`a${include('Plan')}`, wiki({ pages: { 'HR:Plan': page } }))).toBe('a')
  })

  it('never takes what only the server can render from the view of this page', async () => {
    const site = wiki({
      html: '<div data-macro-name="our-box">Secret</div>',
      pages: { 'HR:A': macro('our-box') },
    })
    expect(await rendered(include('A'), site)).toBe('<div data-included-from="HR-A"></div>')
    expect(site.asked).toEqual(['include HR:A'])
  })
})

describe('excerpt-include', () => {
  const page =
    `<p>before</p>${macro('excerpt', { name: 'second' }, rich('<p>two</p>'))}` +
    macro('panel', {}, rich(macro('excerpt', { hidden: 'true' }, rich('<p>one</p>'))))
  const site = () => wiki({ pages: { 'HR:Source': page } })

  it("shows the unnamed excerpt, hidden or not, under the page's title", async () => {
    expect(await rendered(excerptOf('Source'), site())).toBe(
      '<div data-included-from="HR-Source"><p><strong>Source</strong></p><p>one</p></div>',
    )
  })

  it('shows the excerpt of that name, without title on demand', async () => {
    expect(await rendered(excerptOf('Source', { name: 'second', nopanel: 'true' }), site())).toBe(
      '<div data-included-from="HR-Source"><p>two</p></div>',
    )
  })

  it('names the page that has no such excerpt', async () => {
    const storage = excerptOf('Source', { name: 'third' })
    expect(await rendered(storage, site())).toBe('<p><a href="https://wiki.example/HR/Source">Source</a></p>')
    expect(await losses(storage, site())).toEqual([{ code: 'include_missing', name: 'Source' }])
  })
})
