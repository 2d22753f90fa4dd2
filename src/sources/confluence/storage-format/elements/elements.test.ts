import { describe, expect, it } from 'vitest'
import { losses, pageNamed, rendered, wiki } from '../../../../../test/fidelity/wiki.ts'

const dataCenter = () => wiki({ deployment: 'data-center' })

describe('links', () => {
  it('point at a page by its title, which is their text unless they have one', async () => {
    expect(await rendered(`<ac:link>${pageNamed('Pay &amp; rest')}</ac:link>`)).toBe(
      '<a href="https://wiki.example/HR/Pay%20%26%20rest">Pay &amp; rest</a>',
    )
    const named = '<ac:plain-text-link-body> <![CDATA[here]]> </ac:plain-text-link-body>'
    expect(await rendered(`<ac:link>${pageNamed('Pay', 'OPS')}${named}</ac:link>`)).toBe(
      '<a href="https://wiki.example/OPS/Pay">here</a>',
    )
  })

  it('hold formatted text and pictures', async () => {
    const body =
      '<ac:link-body>the <em>plan</em><ac:image><ri:url ri:value="https://x/y.png"/></ac:image></ac:link-body>'
    expect(await rendered(`<ac:link>${pageNamed('Pay')}${body}</ac:link>`)).toBe(
      '<a href="https://wiki.example/HR/Pay">the <em>plan</em><img src="https://x/y.png" alt=""></a>',
    )
  })

  it('lead to an anchor as the site writes it', async () => {
    const link = `<ac:link ac:anchor="Our goals">${pageNamed('Pay')}</ac:link>`
    expect(await rendered(link)).toBe('<a href="https://wiki.example/HR/Pay#Our-goals">Pay</a>')
    expect(await rendered(link, dataCenter())).toBe(
      '<a href="https://wiki.example/HR/Pay#Pay-Ourgoals">Pay</a>',
    )
    expect(await rendered('<ac:link ac:anchor="goals"/>')).toBe(
      '<a href="https://wiki.example/pages/1#goals">goals</a>',
    )
  })

  it.each([
    [
      '<ri:blog-post ri:content-title="News" ri:posting-day="2026/02/03"/>',
      'https://wiki.example/display/HR/2026/02/03/News',
      'News',
    ],
    ['<ri:space ri:space-key="OPS"/>', 'https://wiki.example/spaces/OPS', 'OPS'],
    [
      '<ri:url ri:value="https://x.example/?a=1&amp;b=2"/>',
      'https://x.example/?a=1&amp;b=2',
      'https://x.example/?a=1&amp;b=2',
    ],
  ])('to %s have its name', async (resource, href, text) => {
    expect(await rendered(`<ac:link>${resource}</ac:link>`)).toBe(`<a href="${href}">${text}</a>`)
  })

  it('to a file name the file', async () => {
    expect(await rendered('<ac:link><ri:attachment ri:filename="a b.pdf"/></ac:link>')).toBe(
      '<a href="https://wiki.example/download/attachments/1/a%20b.pdf" data-file="a b.pdf">a b.pdf</a>',
    )
  })

  it('through a shortcut have no address that we know', async () => {
    expect(await rendered('<ac:link><ri:shortcut ri:key="jira" ri:parameter="HR-1"/></ac:link>')).toBe(
      '<a>HR-1@jira</a>',
    )
  })

  it('never cost the text around them', async () => {
    const broken = wiki({
      pageUrl() {
        throw new Error('bad title')
      },
    })
    const storage = `<p>See <ac:link>${pageNamed('Pay')}<ac:link-body>this</ac:link-body></ac:link>.</p>`
    expect(await rendered(storage, broken)).toBe('<p>See this.</p>')
    expect(await losses(storage, broken)).toEqual([{ code: 'broken_link', name: 'ac:link' }])
  })
})

describe('mentions', () => {
  it('are names, asked for in bulk and once', async () => {
    const people = wiki({ people: { 'a:1': 'Ada Lovelace', k2: 'Grace Hopper' } })
    const storage = ['ri:account-id="a:1"', 'ri:userkey="k2"', 'ri:account-id="a:1"']
      .map((id) => `<ac:link><ri:user ${id}/></ac:link>`)
      .join(' ')
    expect(await rendered(storage, people)).toBe(
      '<a href="https://wiki.example/people/a%3A1" data-user="a:1">@Ada Lovelace</a> ' +
        '<a href="https://wiki.example/people/k2" data-user="k2">@Grace Hopper</a> ' +
        '<a href="https://wiki.example/people/a%3A1" data-user="a:1">@Ada Lovelace</a>',
    )
    expect(people.asked).toEqual(['users a:1 k2'])
  })

  it('of people whom nobody knows any more say so, or the user name where the page has one', async () => {
    expect(await rendered('<ac:link><ri:user ri:userkey="x"/></ac:link>', dataCenter())).toBe(
      '<a data-user="x">@unknown user</a>',
    )
    expect(await rendered('<ac:link><ri:user ri:username="jo"/></ac:link>', dataCenter())).toBe(
      '<a data-user="jo">@jo</a>',
    )
  })
})

describe('pictures', () => {
  it('have address, file name and alternative text', async () => {
    expect(await rendered('<ac:image ac:alt="A chart"><ri:attachment ri:filename="c.png"/></ac:image>')).toBe(
      '<img src="https://wiki.example/download/attachments/1/c.png" alt="A chart" data-file="c.png">',
    )
  })

  it('with a caption are figures', async () => {
    const storage =
      '<ac:image><ri:url ri:value="https://x/y.png"/><ac:caption><p>As of <em>May</em></p></ac:caption></ac:image>'
    expect(await rendered(storage)).toBe(
      '<figure><img src="https://x/y.png" alt=""><figcaption><p>As of <em>May</em></p></figcaption></figure>',
    )
  })

  it('without a source leave their alternative text, and are told', async () => {
    const storage = '<p>a <ac:image ac:alt="map"><ri:url ri:value=""/></ac:image> b</p>'
    expect(await rendered(storage)).toBe('<p>a map b</p>')
    expect(await losses(storage)).toEqual([{ code: 'broken_image', name: 'map' }])
  })
})

describe('emoticons', () => {
  it.each([
    ['ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-id="1f680" ac:emoji-fallback="🚀"', '🚀'],
    [
      'ac:name="tick" ac:emoji-shortname=":check_mark:" ac:emoji-id="atlassian-check_mark" ac:emoji-fallback=":check_mark:"',
      '✅',
    ],
    ['ac:name="blue-star" ac:emoji-id="1f469-200d-1f4bb"', '👩‍💻'],
    [
      'ac:name="blue-star" ac:emoji-shortname=":our-logo:" ac:emoji-id="8f0c-uuid" ac:emoji-fallback=":our-logo:"',
      ':our-logo:',
    ],
    ['ac:name="smile"', '🙂'],
    ['ac:name="frown-2"', '(frown-2)'],
  ])('%s is %s', async (attributes, text) => {
    expect(await rendered(`<ac:emoticon ${attributes}/>`)).toBe(`<img class="emoticon" alt="${text}">`)
  })
})

describe('tasks', () => {
  it('know whether they are done, and nest', async () => {
    const storage =
      '<ac:task-list><ac:task><ac:task-id>7</ac:task-id><ac:task-status>complete</ac:task-status>' +
      '<ac:task-body><span>Ask <b>Jo</b></span><ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>' +
      '<ac:task-body>Again</ac:task-body></ac:task></ac:task-list></ac:task-body></ac:task></ac:task-list>'
    expect(await rendered(storage)).toBe(
      '<ul><li data-task="complete"><span>Ask <b>Jo</b></span><ul><li data-task="incomplete">Again</li></ul></li></ul>',
    )
  })
})

describe('headings', () => {
  it('have the anchors that Confluence gives them, each its own', async () => {
    const storage = '<h2>Our <em>goals</em></h2><h2>Our goals</h2><h3>Q&amp;A</h3>'
    expect(await rendered(storage)).toBe(
      '<h2 id="Our-goals">Our <em>goals</em></h2><h2 id="Our-goals.1">Our goals</h2><h3 id="Q&amp;A">Q&amp;A</h3>',
    )
    expect(await rendered(storage, dataCenter())).toBe(
      '<h2 id="Plan-Ourgoals">Our <em>goals</em></h2><h2 id="Plan-Ourgoals.1">Our goals</h2><h3 id="Plan-Q&amp;A">Q&amp;A</h3>',
    )
  })
})

describe('what only the Cloud editor knows', () => {
  const extension = (node: string, fallback: string) =>
    `<ac:adf-extension>${node}<ac:adf-fallback>${fallback}</ac:adf-fallback></ac:adf-extension>`

  it('is shown once: panels and decisions by themselves', async () => {
    const panel =
      '<ac:adf-node type="panel"><ac:adf-attribute key="panel-type">success</ac:adf-attribute>' +
      '<ac:adf-content><p>Well done</p></ac:adf-content></ac:adf-node>'
    expect(await rendered(extension(panel, '<div class="panel"><p>Well done</p></div>'))).toBe(
      '<aside data-panel="tip"><p>Well done</p></aside>',
    )
    const decisions =
      '<ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute>' +
      '<ac:adf-content>We ship</ac:adf-content></ac:adf-node></ac:adf-node>'
    expect(await rendered(extension(decisions, '<ul class="decision-list"><li>We ship</li></ul>'))).toBe(
      '<ul><li data-decision="decided">We ship</li></ul>',
    )
  })

  it('else is shown by its fallback, or named as missing', async () => {
    const app =
      '<ac:adf-node type="extension"><ac:adf-attribute key="extension-key">poll</ac:adf-attribute></ac:adf-node>'
    expect(await rendered(extension(app, '<p>A poll</p>'))).toBe('<p>A poll</p>')
    expect(await losses(extension(app, ''))).toEqual([{ code: 'unsupported_macro', name: 'poll' }])
  })
})

describe('everything else', () => {
  it('is passed on: text, tables, lists, formatting', async () => {
    const storage =
      '<table><tbody><tr><th colspan="2"><p>A</p></th></tr><tr><td>1</td><td>2<br/>3</td></tr></tbody></table><ol><li>x</li></ol><hr/>'
    expect(await rendered(storage)).toBe(storage.replaceAll('/>', '>'))
  })

  it('arranges layouts in plain containers', async () => {
    const storage =
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>'
    expect(await rendered(storage)).toBe('<div><div><div><p>a</p></div><div><p>b</p></div></div></div>')
  })

  it('does not show what is there for those who edit, or was hidden', async () => {
    expect(
      await rendered('<p>a<ac:placeholder>Type here</ac:placeholder></p><p style="display: none;">b</p>'),
    ).toBe('<p>a</p>')
  })

  it('looks through comment marks and unknown tags', async () => {
    expect(
      await rendered(
        '<p>a <ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker> <x-y>c</x-y></p>',
      ),
    ).toBe('<p>a b c</p>')
  })

  it('keeps struck text, and drops scripts and page wrappers', async () => {
    expect(
      await rendered(
        '<html><head><title>t</title></head><body><p><del>a</del><script>b</script></p></body></html>',
      ),
    ).toBe('<p><s>a</s></p>')
  })

  it('gives dates as text', async () => {
    expect(await rendered('<time datetime="2026-05-01"/>')).toBe(
      '<time datetime="2026-05-01">2026-05-01</time>',
    )
  })
})
