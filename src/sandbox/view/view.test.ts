import { describe, expect, it } from 'vitest'
import { viewerOf } from '../access.ts'
import { defaultTraps } from '../context.ts'
import { memoryWorld } from '../memory-world.ts'
import { createSearch } from '../search.ts'
import type { User } from '../world.ts'
import { renderedBody, type ViewFormat, viewOf } from './view.ts'

function site() {
  const world = memoryWorld({ anonymousAccess: true })
  const ada = world.addUser('Ada Lund')
  const space = world.addSpace('S', 'Space')
  world.grant(space, 'anonymous-users', [{ key: 'read', targetType: 'space' }])
  const home = world.addPage(space, 'Home')
  space.homepageId = home.id
  const context = {
    world,
    traps: defaultTraps,
    search: createSearch(world, 0),
    origin: 'http://site',
    contextPath: '/wiki',
    gatewayUrl: 'http://gateway',
    mediaUrl: 'http://media',
    version: '10.0.3',
  }
  const reading = (user?: User) => ({ context, viewer: viewerOf(world, user) })
  const view = (storage: string, user?: User) =>
    viewOf(reading(user), world.addPage(home, 'Page', { body: storage }))
  const format = (storage: string, as: ViewFormat, user?: User) =>
    renderedBody(reading(user), world.addPage(home, 'Page', { body: storage }), as)
  return { world, ada, space, home, view, format }
}

const macro = (name: string, inside = '', attributes = '') =>
  `<ac:structured-macro ac:name="${name}"${attributes}>${inside}</ac:structured-macro>`
const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
const rich = (inside: string) => `<ac:rich-text-body>${inside}</ac:rich-text-body>`
const pageReference = (title: string) =>
  parameter('', `<ac:link><ri:page ri:content-title="${title}" /></ac:link>`)

describe('a view', () => {
  it('keeps plain markup, names headings and dresses tables', () => {
    const { view } = site()
    expect(view('<p>a &amp; <strong>b</strong><br/>&auml;</p>')).toBe(
      '<p>a &amp; <strong>b</strong><br/>ä</p>',
    )
    expect(view('<h2>Two words</h2>')).toBe('<h2 id="Page-Twowords">Two words</h2>')
    expect(view('<table><tbody><tr><th>H</th></tr><tr><td colspan="2">1</td></tr></tbody></table>')).toBe(
      '<div class="table-wrap"><table class="confluenceTable"><tbody><tr><th class="confluenceTh">H</th></tr>' +
        '<tr><td colspan="2" class="confluenceTd">1</td></tr></tbody></table></div>',
    )
  })

  it('wraps macros as Confluence does', () => {
    const { view } = site()
    expect(view(macro('info', parameter('title', 'Mind') + rich('<p>This.</p>'), ' ac:macro-id="7"'))).toBe(
      '<div class="confluence-information-macro confluence-information-macro-information conf-macro output-block"' +
        ' data-hasbody="true" data-macro-id="7" data-macro-name="info"><p class="title">Mind</p>' +
        '<div class="confluence-information-macro-body"><p>This.</p></div></div>',
    )
    expect(view(macro('status', parameter('title', 'Done')))).toContain('output-inline" data-hasbody="false"')
  })

  it('shows code as it was written', () => {
    const { view } = site()
    const body = '<ac:plain-text-body><![CDATA[if (a < b && c) "&nbsp;"]]></ac:plain-text-body>'
    const shown = view(macro('code', parameter('language', 'js') + body))
    expect(shown).toContain('if (a &lt; b &amp;&amp; c) &quot;&amp;nbsp;&quot;')
    expect(shown).toContain('brush: js')
  })

  it('shows tasks, dates, emojis, layouts and marked words', () => {
    const { view } = site()
    const task = (status: string) =>
      `<ac:task><ac:task-id>1</ac:task-id><ac:task-status>${status}</ac:task-status><ac:task-body>Do</ac:task-body></ac:task>`
    expect(view(`<ac:task-list>${task('complete')}${task('incomplete')}</ac:task-list>`)).toMatch(
      /<li class="checked" data-inline-task-id="1"><span>Do<\/span><\/li><li data-inline-task-id="1">/,
    )
    expect(view('<time datetime="2024-11-19" />')).toContain('>19 Nov 2024</time>')
    expect(view('<ac:emoticon ac:name="smile" ac:emoji-fallback="🙂" />')).toContain('alt="🙂"')
    expect(view('<ac:inline-comment-marker ac:ref="r">word</ac:inline-comment-marker>')).toContain(
      '>word</span>',
    )
    const cell = '<ac:layout-cell><p>x</p></ac:layout-cell>'
    expect(
      view(
        `<ac:layout><ac:layout-section ac:type="two_equal">${cell}${cell}</ac:layout-section></ac:layout>`,
      ),
    ).toContain('class="columnLayout two-equal"')
  })

  it('links to people, pages and files by what they are', () => {
    const { view, world, home, ada } = site()
    const plan = world.addPage(home, 'Plan')
    expect(view(`<ac:link><ri:user ri:account-id="${ada.accountId}" /></ac:link>`)).toContain('>Ada Lund</a>')
    expect(view('<ac:link><ri:page ri:content-title="Plan" /></ac:link>')).toContain(`pageId=${plan.id}`)
    const named =
      '<ac:link ac:anchor="x"><ri:page ri:content-title="Plan" /><ac:link-body>the <b>plan</b></ac:link-body></ac:link>'
    expect(view(named)).toMatch(/#x".*>the <b>plan<\/b><\/a>/)
    expect(view('<ac:link><ri:page ri:content-title="None" /></ac:link>')).toContain('createlink')
    const file = world.addAttachment(plan, 'a b.png', {
      mediaType: 'image/png',
      bytes: () => new Uint8Array(),
    })
    const image =
      '<ac:image ac:alt="A"><ri:attachment ri:filename="a b.png"><ri:page ri:content-title="Plan" /></ri:attachment></ac:image>'
    expect(view(image)).toContain(`src="/wiki/download/attachments/${plan.id}/a%20b.png" alt="A"`)
    expect(view(image)).toContain(`data-linked-resource-id="${file.id}"`)
  })

  it('says of an unknown macro what Confluence says', () => {
    const { view } = site()
    expect(view(macro('roadmap-planner'))).toContain("Unknown macro: 'roadmap-planner'")
    expect(view(macro('constructor'))).toContain("Unknown macro: 'constructor'")
  })

  it('says in its place that a macro cannot be shown', () => {
    const { view } = site()
    const shown = view(
      `<p>before</p>${macro('contentbylabel', parameter('cql', 'colour = red'))}<p>after</p>`,
    )
    expect(shown).toMatch(/<p>before<\/p>.*Error rendering macro 'contentbylabel'.*<p>after<\/p>/)
  })

  it('ends where pages include each other', () => {
    const { view, world, home } = site()
    world.addPage(home, 'A', { body: `<p>a</p>${macro('include', pageReference('B'))}` })
    world.addPage(home, 'B', { body: `<p>b</p>${macro('include', pageReference('A'))}` })
    const shown = view(macro('include', pageReference('A')))
    expect(shown).toMatch(/<p>a<\/p>.*<p>b<\/p>.*Page includes itself/)
  })

  it('reads broken markup as far as it goes', () => {
    const { view } = site()
    expect(view('<p>one<p>two')).toBe('<p>one</p><p>two</p>')
    expect(view('a < b')).toBe('a &lt; b')
  })
})

describe('through the eyes of the caller, a view', () => {
  const hidden = () => {
    const parts = site()
    const { world, home, ada } = parts
    const excerpt = macro('excerpt', rich('<p>the excerpt</p>'))
    const details = macro(
      'details',
      parameter('id', 'x') + rich('<table><tbody><tr><th>Lead</th><td>Zoe</td></tr></tbody></table>'),
    )
    world.addPage(home, 'Secret', {
      body: `<p>the rest</p>${excerpt}${details}`,
      read: [ada],
      labels: ['team'],
    })
    world.addPage(home, 'Open', { labels: ['team'] })
    return parts
  }
  const cases = [
    ['include', pageReference('Secret'), 'the rest'],
    ['excerpt-include', pageReference('Secret'), 'the excerpt'],
    ['children', pageReference('Home'), 'Secret'],
    ['pagetree', '', 'Secret'],
    ['contentbylabel', parameter('cql', 'label = &quot;team&quot;'), 'Secret'],
    ['contentbylabel', parameter('labels', 'team'), 'Secret'],
    ['contentbylabel', parameter('cql', 'space = currentSpace() and label in (team)'), 'Secret'],
    [
      'detailssummary',
      parameter('cql', 'label = &quot;team&quot;') + parameter('id', 'x'),
      '<td class="confluenceTd">Zoe</td>',
    ],
    ['recently-updated', '', 'Secret'],
  ] as const
  it.each(cases)('shows of %s %s only what they may open', (name, inside, secret) => {
    const { view, ada } = hidden()
    expect(view(macro(name, inside), ada)).toContain(secret)
    expect(view(macro(name, inside))).not.toContain(secret)
  })

  it('of the anonymous kind shows what a visitor may open', () => {
    const { format, ada } = hidden()
    const storage = macro('include', pageReference('Secret'))
    expect(format(storage, 'export_view', ada)).toContain('the rest')
    expect(format(storage, 'anonymous_export_view', ada)).not.toContain('the rest')
  })
})

it('for export, addresses are absolute', () => {
  const { format, world, home } = site()
  const plan = world.addPage(home, 'Plan')
  const storage = '<ac:link><ri:page ri:content-title="Plan" /></ac:link>'
  expect(format(storage, 'view')).toContain(`href="/wiki/pages/viewpage.action?pageId=${plan.id}"`)
  expect(format(storage, 'export_view')).toContain(
    `href="http://site/wiki/pages/viewpage.action?pageId=${plan.id}"`,
  )
})
