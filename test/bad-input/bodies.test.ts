import { beforeAll, describe, expect, it } from 'vitest'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { type Flavour, flavours, type Tried, tryRun } from './trying.ts'
import { include, macro, smallWiki } from './wiki.ts'

/** Bodies whose words have to arrive whatever surrounds them. */
const broken = {
  'tags that nobody closes': '<p>One <b>two <table><tr><td>three',
  'tags that nobody opened': '</div></p>One</b> two</ac:structured-macro><p>three</p>',
  'tags that cross': '<p><b>One <i>two</b></i> three</p>',
  'bare signs': '<p>One & two < three</p><p>5 > 4 && three</p>',
  'an unknown entity': '<p>One &nosuch; two</p><p>three</p>',
  'attributes without quotes': '<p class=x>One</p><p title="a > b">two three</p>',
  'a macro without a name':
    '<ac:structured-macro><ac:rich-text-body><p>One two three</p></ac:rich-text-body></ac:structured-macro>',
  'a macro that is cut off':
    '<p>One two three</p><ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[',
  'CDATA that nobody closes':
    '<p>One two</p><ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[three',
  'a comment that nobody closes': '<p>One two three</p><!-- never closed',
  'a document type and a script': '<!DOCTYPE html><script>alert(1)</script><p>One two three</p>',
  'control characters': '<p>One\u0000two\u0007 \u001b[31mthree</p>',
  'lone surrogates': '<p>One\ud800 two \udfffthree &#0; &#xD800;</p>',
}

const expand = [
  '<ac:structured-macro ac:name="expand"><ac:rich-text-body><p>level</p>',
  '</ac:rich-text-body></ac:structured-macro>',
]

/** Each 200 times in itself. */
const nested = {
  lists: ['<ul><li>level', '</li></ul>'],
  quotes: ['<blockquote><p>level</p>', '</blockquote>'],
  tables: ['<table><tbody><tr><td>level', '</td></tr></tbody></table>'],
  layers: ['<div>level', '</div>'],
  'words in bold': ['<p><b>level', '</b></p>'],
  expands: expand,
}

const titles = [
  'a < b & c > d',
  '<script>alert(1)</script>',
  '&amp; &lt; stay as typed',
  'either/or',
  '..',
  '../../etc/passwd',
  'C:\\Windows\\con',
  'colour \u001b[31mred\u001b[0m \u009b2J and bell \u0007',
  'right \u202eto left',
  'quotes " and \' and `',
  'percent %2e%2e%2f',
  '日本語 — 😀',
  'x'.repeat(255),
]

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `<p>word${index} ${'filler '.repeat(13)}</p>`).join('')

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => `<tr><td>row${index}</td><td>${index}</td></tr>`).join('')

const labels = Array.from({ length: 2000 }, (_, index) => `label-${index}`)

function badWiki(flavour: Flavour) {
  const wiki = smallWiki()
  const { world, home, hr, amy } = wiki
  const page = (title: string, body: string) => world.addPage(home, title, { body })
  page('Empty', '')
  page('Blank', ' \n\t<p></p>\u00a0')
  for (const [title, body] of Object.entries(broken)) page(title, body)
  for (const [title, [open = '', close = '']] of Object.entries(nested))
    page(title, `${open.repeat(200)}<p>Deepest.</p>${close.repeat(200)}`)
  page('5,000 levels', `${'<div>'.repeat(5000)}<p>Deepest.</p>${'</div>'.repeat(5000)}`)
  page('5 MB', words(50_000))
  page('10,000 rows', `<table><tbody>${rows(10_000)}</tbody></table>`)
  const code = '<![CDATA[if (a[b[0]]]]><![CDATA[> 1) return "<p>" && x]]>'
  page('Code', macro('code', `<ac:plain-text-body>${code}</ac:plain-text-body>`))
  const user = flavour === 'cloud' ? 'ri:account-id="712020:nobody"' : 'ri:userkey="8a7f808ffffffff"'
  page('Mention', `<p>Ask <ac:link><ri:user ${user} /></ac:link> about it.</p>`)
  page('Mirror', `<p>Own words.</p>${include('Mirror')}`)
  page('Chicken', `<p>Cluck.</p>${include('Egg')}`)
  page('Egg', `<p>Crack.</p>${include('Chicken')}`)
  world.addPage(home, 'Labelled', { labels, body: '<p>Body words.</p>' })
  world.addPage(home, 'Twin', { body: '<p>First twin.</p>' })
  world.addPage(hr, 'Twin', { body: '<p>Second twin.</p>' })
  const titled = new Map<string, WorldNode>()
  for (const title of titles) {
    titled.set(title, page(title, '<p>Body words.</p>'))
    world.addPage(titled.get(title)!, `Below ${title}`.slice(0, 255))
  }
  const salaries = world.addPage(home, 'Salaries', { body: '<p>XYZZY</p>', read: [world.crawler] })
  page('Payday', `<p>See:</p>${include('Salaries')}`)
  const closed = world.addPage(home, 'Closed door', { body: '<p>PLUGH</p>', read: [amy] })
  world.addPage(closed, 'Behind the door', { body: '<p>PLUGH</p>' })
  page('Corridor', `<p>See:</p>${include('Behind the door')}${macro('children')}`)
  page(
    'List',
    macro(
      'children',
      '<ac:parameter ac:name="page"><ac:link><ri:page ri:content-title="Good page" /></ac:link></ac:parameter>',
    ),
  )
  return { ...wiki, titled, salaries, hidden: 2 }
}

describe.each(flavours)('hard to read, and all in one wiki on %s:', (flavour) => {
  let wiki: ReturnType<typeof badWiki>
  let tried: Tried
  beforeAll(async () => {
    wiki = badWiki(flavour)
    tried = await tryRun({ world: wiki.world, flavour })
  })

  it('every page that the account may open arrives', () => {
    const pages = wiki.world.spaces.map(({ id }) => wiki.world.list(id, 'page').length)
    const visible = pages.reduce((sum, count) => sum + count, 0) - wiki.hidden
    expect(tried.notDone).toEqual([])
    expect(tried.job).toMatchObject({ outcome: 'finished', coverage: { found: visible, done: visible } })
    expect(tried.text('Good page')).toContain('Good words.')
    expect(tried.text('Good machine')).toContain('Good gears.')
  })

  it.each(['Empty', 'Blank'])('a body that is %s: the page arrives with its title', (title) => {
    expect(tried.text(title)).toBe(title)
  })

  it.each(Object.keys(broken))('broken storage, %s: every word', (title) => {
    const text = tried.text(title)
    for (const word of ['One', 'two', 'three']) expect(text).toContain(word)
    expect(text).not.toContain('alert')
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toContain('\u0000')
  })

  it.each(Object.keys(nested))('200 %s in each other: every level', (title) => {
    expect(tried.text(title).match(/level/g)).toHaveLength(200)
    expect(tried.text(title)).toContain('Deepest.')
  })

  it('5,000 levels of nesting: still a page', () => {
    expect(tried.text('5,000 levels')).toContain('Deepest.')
  })

  it('a body of 5 MB: every word', () => {
    expect(new Set(tried.text('5 MB').match(/word\d+/g)).size).toBe(50_000)
  })

  it('a table of 10,000 rows: all of them, in text and in HTML', () => {
    const tables = tried.elements('10,000 rows').filter(({ type }) => type === 'Table')
    const rowsIn = (texts: readonly (string | undefined)[]) => new Set(texts.join(' ').match(/row\d+/g)).size
    expect(rowsIn(tables.map(({ text }) => text))).toBe(10_000)
    expect(rowsIn(tables.map(({ metadata }) => metadata.text_as_html))).toBe(10_000)
  })

  it('`]]>` in code: the code as it was written', () => {
    expect(tried.text('Code')).toContain('if (a[b[0]]> 1) return "<p>" && x')
  })

  it('a mention of somebody unknown: the sentence around it stays', () => {
    expect(tried.text('Mention')).toMatch(/Ask .*about it\./)
  })

  it('a page that includes itself: its own words once', () => {
    expect(tried.text('Mirror').match(/Own words\./g)).toHaveLength(1)
  })

  it('two pages that include each other: both texts in each', () => {
    for (const title of ['Chicken', 'Egg']) {
      expect(tried.text(title)).toContain('Cluck.')
      expect(tried.text(title)).toContain('Crack.')
    }
  })

  it('2,000 labels on a page: all of them', () => {
    expect(new Set(tried.elements('Labelled')[0]!.metadata.labels)).toEqual(new Set(labels))
  })

  it('two pages with one title: both', () => {
    const all = JSON.stringify([...tried.files])
    expect(all).toContain('First twin.')
    expect(all).toContain('Second twin.')
  })

  it.each(titles)('the title %j: a file of a safe name, the title as it is', (title) => {
    const elements = tried.files.get(`HR/${wiki.titled.get(title)!.id}.html.json`)!
    expect(elements.map(({ text }) => text)).toContain('Body words.')
    expect(elements[0]!.metadata.ancestors).toEqual(['Good page'])
    expect(tried.elements(`Below ${title}`.slice(0, 255))[0]!.metadata.ancestors).toEqual([
      'Good page',
      title,
    ])
  })

  it('an include of what a reader may not open: no word of it but in its own file', () => {
    expect(tried.text('Payday')).toContain('See:')
    for (const [path, elements] of tried.files)
      expect(JSON.stringify(elements).includes('XYZZY')).toBe(path === `HR/${wiki.salaries.id}.html.json`)
  })

  it('an include of what the account may not open, and lists around it: neither text nor title', () => {
    expect(tried.text('Corridor')).toContain('See:')
    expect(tried.text('List')).toContain('Corridor')
    const elsewhere = [...tried.files.values()].filter((elements) => elements !== tried.elements('Corridor'))
    expect(JSON.stringify(elsewhere)).not.toMatch(/PLUGH|Behind the door|Closed door/)
    expect(tried.text('Corridor')).not.toMatch(/PLUGH|Closed door/)
  })
})
