import { describe, expect, it } from 'vitest'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import type { Markup } from '../model/markup.ts'
import { unknownPermissions } from '../model/permissions.ts'
import html, { type HtmlOptions, partitionHtml } from './html.ts'

const compat = (text: string, options: HtmlOptions = {}) =>
  partitionHtml({ text }, { mode: 'compat', languages: [''], ...options })
const enhanced = (text: string, options: HtmlOptions = {}) =>
  partitionHtml({ text }, { languages: [''], ...options })

const short = (elements: readonly Element[]) => elements.map(({ type, text }) => `${type}: ${text}`)
const byText = (elements: readonly Element[], text: string) =>
  elements.find((element) => element.text === text)!

describe('both modes', () => {
  for (const partition of [compat, enhanced]) {
    it('tell paragraphs by tag and by text', async () => {
      const elements = await partition(
        '<h2>Lunch</h2><p>We eat at noon. The kitchen closes at two.</p><p>Room 12</p><ul><li>soup</li></ul><pre>\na = 1\n</pre>',
      )
      expect(short(elements)).toEqual([
        'Title: Lunch',
        'NarrativeText: We eat at noon. The kitchen closes at two.',
        'UncategorizedText: Room 12',
        'ListItem: soup',
        'CodeSnippet: a = 1',
      ])
      expect(elements.map(({ metadata }) => metadata.category_depth)).toEqual([
        1,
        undefined,
        undefined,
        1,
        undefined,
      ])
    })

    it('never split or glue words at inline tags', async () => {
      expect(short(await partition('<p>un<b>believ</b>able <i>yes</i><br>really</p>'))).toEqual([
        'UncategorizedText: unbelievable yes really',
      ])
    })

    it('note emphasis and links', async () => {
      const [element] = await partition('<p>See <b>the <i>plan</i></b> at <a href="/plan">our plan</a>.</p>')
      expect(element!.metadata).toMatchObject({
        emphasized_text_contents: ['the', 'plan'],
        emphasized_text_tags: ['b', 'bi'],
        link_texts: ['our plan'],
        link_urls: ['/plan'],
      })
    })

    it('keep page numbers and drop what nobody sees', async () => {
      const elements = await partition(
        '<style>p{}</style><div data-page-number="4"><p>four pages</p></div><script>let a = "<p>no</p>"</script>',
      )
      expect(elements.map(({ text, metadata }) => [text, metadata.page_number])).toEqual([['four pages', 4]])
    })

    it('leave headers and footers out on demand', async () => {
      const page = '<header>top line</header><p>middle line</p><footer>last line</footer>'
      expect(short(await partition(page))).toHaveLength(3)
      expect(short(await partition(page, { skipHeadersAndFooters: true }))).toEqual([
        'UncategorizedText: middle line',
      ])
    })

    it('keep bytes of inline images only when asked for both', async () => {
      const page = '<img alt="dot" src="data:image/png;base64,QUJD">'
      const types = { extractImageBlockTypes: ['Image'] }
      for (const options of [{}, types, { extractImageBlockToPayload: true }])
        expect((await partition(page, options))[0]!.metadata).not.toHaveProperty('image_base64')
      expect(
        (await partition(page, { ...types, extractImageBlockToPayload: true }))[0]!.metadata,
      ).toMatchObject({
        image_mime_type: 'image/png',
        image_base64: 'QUJD',
      })
    })

    it('make nothing of nothing', async () => {
      for (const page of [
        '',
        ' \n\t',
        '<p></p>',
        '<!-- only a comment -->',
        '<table><tr><td></td></tr></table>',
      ])
        expect(await partition(page)).toEqual([])
    })

    it('give the same ids each time, others in another file', async () => {
      const page = '<h1>Same</h1><p>same text</p><p>same text</p>'
      const first = await partition(page, { filename: 'a.html' })
      expect(await partition(page, { filename: 'a.html' })).toEqual(first)
      const other = await partition(page, { filename: 'b.html' })
      const ids = [...first, ...other].map(({ element_id }) => element_id)
      expect(new Set(ids).size).toBe(6)
      expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true)
    })
  }
})

describe('compat mode', () => {
  it('loses the type of an item or heading whose text is in a block', async () => {
    expect(short(await compat('<ul><li><p>one item</p></li></ul><h3><p>a head</p></h3>'))).toEqual([
      'UncategorizedText: one item',
      'UncategorizedText: a head',
    ])
  })

  it('drops definition lists, details, figures and unknown tags', async () => {
    const page =
      '<dl><dd>gone</dd></dl><details>gone</details><figure>gone</figure><p>one <font>gone</font> two</p>'
    expect(short(await compat(page))).toEqual(['UncategorizedText: one two'])
  })

  it('flattens tables and forgets spans and header cells', async () => {
    const [table] = await compat(
      '<table><tr><th colspan="2">A <b>b</b></th></tr><tr><td>1</td><td></td></tr></table>',
    )
    expect(table!.text).toBe('A b 1')
    expect(table!.metadata.text_as_html).toBe('<table><tr><td>A b</td></tr><tr><td>1</td><td/></tr></table>')
  })

  it('cuts a paragraph at an image', async () => {
    expect(short(await compat('<p>left side <img src="i.png" alt="pic"> right side</p>'))).toEqual([
      'UncategorizedText: left side',
      'Image: pic',
      'UncategorizedText: right side',
    ])
  })

  it('reads the first main alone', async () => {
    expect(
      short(
        await compat('<p>before it</p><details><main><p>the core</p></main></details><main>other</main>'),
      ),
    ).toEqual(['UncategorizedText: the core'])
  })

  it('leaves text after an image without its heading', async () => {
    const elements = await compat('<h1>Head</h1><img src="i.png" alt="pic"><p>after it</p>')
    expect(elements.map(({ metadata }) => metadata.parent_id)).toEqual([undefined, undefined, undefined])
  })

  it('puts a link on the first thing inside it alone', async () => {
    const elements = await compat('<a href="u"><div>block one</div><div>block two</div></a>')
    expect(elements.map(({ metadata }) => metadata.link_urls)).toEqual([['u'], undefined])
  })
})

describe('enhanced mode: text', () => {
  it('keeps the type of items and headings around blocks', async () => {
    const elements = await enhanced(
      '<h3><p>a head</p></h3><ul><li><p>one</p><ul><li>two</li></ul>three</li></ul>',
    )
    expect(short(elements)).toEqual(['Title: a head', 'ListItem: one', 'ListItem: two', 'ListItem: three'])
    expect(elements.map(({ metadata }) => metadata.category_depth)).toEqual([2, 1, 2, 1])
  })

  it('keeps what compat drops', async () => {
    const page =
      '<details><summary>More</summary>inside</details><dl><dt>term</dt><dd>sense</dd></dl><p>a <font>b</font> <del>c</del> <x-y>d</x-y></p>' +
      '<figure><figcaption>a caption</figcaption></figure><label>l</label><p>-5 °C</p><p>7</p>'
    expect(short(await enhanced(page))).toEqual([
      'UncategorizedText: More',
      'UncategorizedText: inside',
      'UncategorizedText: term',
      'UncategorizedText: sense',
      'UncategorizedText: a b c d',
      'FigureCaption: a caption',
      'UncategorizedText: l',
      'UncategorizedText: -5 °C',
      'UncategorizedText: 7',
    ])
  })

  it('reads emoticons as part of the sentence', async () => {
    expect(
      short(await enhanced('<p>well done <img class="emoticon" alt="(tick)" src="t.png">, all</p>')),
    ).toEqual(['NarrativeText: well done (tick), all'])
  })

  it('puts an image after the paragraph it stands in', async () => {
    const elements = await enhanced(
      '<p>left <a href="/x"><img data-file="i.png" alt="pic" src="/i.png"></a>right</p>',
    )
    expect(short(elements)).toEqual(['UncategorizedText: left right', 'Image: pic'])
    expect(elements[1]!.metadata).toMatchObject({
      image_url: '/i.png',
      image_file: 'i.png',
      link_urls: ['/x'],
    })
  })

  it('makes one CheckBox of a task, whatever it holds', async () => {
    const elements = await enhanced(
      '<ul><li data-task="complete"><p>call Ann</p><p>today</p></li><li data-task="incomplete">rest</li></ul>' +
        '<ul class="inline-task-list"><li class="checked" data-inline-task-id="3">done</li></ul>',
    )
    expect(elements.map(({ type, text, checked }) => [type, text, checked])).toEqual([
      ['CheckBox', 'call Ann', true],
      ['ListItem', 'today', undefined],
      ['CheckBox', 'rest', false],
      ['CheckBox', 'done', true],
    ])
  })

  it('keeps code in one piece and names its language', async () => {
    const elements = await enhanced(
      '<pre data-language="java">a<p>b</p>c</pre><pre><code class="language-sql">select</code></pre><pre data-syntaxhighlighter-params="brush: bash; x">ls</pre>',
    )
    expect(elements.map(({ text, metadata }) => [text, metadata.code_language])).toEqual([
      ['a\nb\nc', 'java'],
      ['select', 'sql'],
      ['ls', 'bash'],
    ])
  })

  it('tells what the server rendered', async () => {
    const elements = await enhanced(
      '<div data-rendered-by="server"><p>theirs</p></div><p>a <span data-rendered-by="server">b</span></p><p>ours</p>',
    )
    expect(elements.map(({ metadata }) => metadata.rendered_by)).toEqual(['server', 'server', undefined])
  })
})

describe('enhanced mode: place', () => {
  const page =
    '<h1 id="Top">Top</h1><h2>Part</h2><p>some text</p><img src="i.png" alt="pic"><pre>code</pre><p>more text</p><h2 id="Next part">Next</h2><p>last text</p>'

  it('gives every element its heading as parent, and images and code in between tear nothing', async () => {
    const elements = await enhanced(page)
    const part = byText(elements, 'Part').element_id
    for (const text of ['some text', 'pic', 'code', 'more text'])
      expect(byText(elements, text).metadata.parent_id).toBe(part)
  })

  it('gives the path of headings and the address of the nearest anchor', async () => {
    const elements = await enhanced(page, { url: 'https://wiki.example.com/p/1?x=1#old' })
    expect(byText(elements, 'Top').metadata).not.toHaveProperty('heading_path')
    expect(byText(elements, 'more text').metadata).toMatchObject({
      heading_path: ['Top', 'Part'],
      anchor_url: 'https://wiki.example.com/p/1?x=1#Top',
    })
    expect(byText(elements, 'last text').metadata).toMatchObject({
      heading_path: ['Top', 'Next'],
      anchor_url: 'https://wiki.example.com/p/1?x=1#Next%20part',
    })
  })

  it('makes addresses absolute', async () => {
    const links = '<a href="/a b">x1</a> <a href="c">x2</a> <a href="#d">x3</a> <a href="mailto:e@f.g">x4</a>'
    const [element] = await enhanced(`<p>${links}</p>`, { url: 'https://wiki.example.com/p/1' })
    expect(element!.metadata.link_urls).toEqual([
      'https://wiki.example.com/a%20b',
      'https://wiki.example.com/p/c',
      'https://wiki.example.com/p/1#d',
      'mailto:e@f.g',
    ])
  })
})

describe('enhanced mode: tables', () => {
  const table = async (rows: string) => (await enhanced(`<table>${rows}</table>`))[0]!

  it('keep caption, header rows, header cells and spans', async () => {
    const { text, metadata } = await table(
      '<caption>Costs</caption><thead><tr><th colspan="2">Q1</th></tr></thead><tbody><tr><td rowspan="2">a</td><td></td></tr></tbody>',
    )
    expect(text).toBe('Costs\nQ1\na')
    expect(metadata.text_as_html).toBe(
      '<table><caption>Costs</caption><thead><tr><th colspan="2">Q1</th></tr></thead><tr><td rowspan="2">a</td><td></td></tr></table>',
    )
  })

  it('keep blocks apart and inline tags together', async () => {
    const { text, metadata } = await table(
      '<tr><td><p>one</p><div>t<b>w</b>o</div></td><td>a &lt; b<br>c</td></tr>',
    )
    expect(text).toBe('one two a < b c')
    expect(metadata.text_as_html).toBe('<table><tr><td>one<br/>two</td><td>a &lt; b<br/>c</td></tr></table>')
  })

  it('keep links, images, code, lists and tasks', async () => {
    const { text, metadata } = await table(
      '<tr><td><a href="/x">a <b>link</b></a> <img src="i.png" alt="pic"> <code>f()</code></td><td><pre>1\n 2</pre><ul><li data-task="complete">do</li></ul></td></tr>',
    )
    expect(text).toBe('a link pic f() 1 2 ☑ do')
    expect(metadata.text_as_html).toBe(
      '<table><tr><td><a href="/x">a link</a> <img alt="pic" src="i.png"/> <code>f()</code></td><td><pre>1\n 2</pre><ul><li>☑ do</li></ul></td></tr></table>',
    )
    expect(metadata).toMatchObject({ link_texts: ['a link'], link_urls: ['/x'] })
  })

  it('hold nested tables once', async () => {
    const elements = await enhanced(
      '<table><tr><td>out<table><tr><td>in</td></tr></table>side</td></tr></table>',
    )
    expect(short(elements)).toEqual(['Table: out in side'])
    expect(elements[0]!.metadata.text_as_html).toContain('out<table><tr><td>in</td></tr></table>side')
  })
})

describe('robustness', () => {
  it('replaces NUL and lone surrogates, in text and in markup', async () => {
    const markup: Markup = (sink) => {
      sink.open('a', { href: '/\ud800' })
      sink.text('x\0y\udc00z')
      sink.close('a')
    }
    const [fromText] = await enhanced('<p>x\0y\udc00z</p>')
    const [fromMarkup] = await partitionHtml({ markup })
    expect(fromText!.text).toBe('x\ufffdy\ufffdz')
    expect(fromMarkup).toMatchObject({ text: 'x\ufffdy\ufffdz', metadata: { link_urls: ['/\ufffd'] } })
  })

  for (const [name, open, close] of [
    ['blocks', '<div>', '</div>'],
    ['inline tags', '<b>', '</b>'],
    ['lists', '<ul><li>', '</li></ul>'],
    ['tables', '<table><tr><td>', '</td></tr></table>'],
  ] as const)
    it(`survives ${name} nested 20,000 deep`, async () => {
      const page = `${open.repeat(20_000)}deep down${close.repeat(20_000)}`
      for (const partition of [compat, enhanced])
        expect((await partition(page)).map(({ text }) => text)).toEqual(['deep down'])
    })

  it('refuses HTML nested beyond all sense, rather than spend minutes on it', async () => {
    const page = '<div>'.repeat(300_000)
    for (const partition of [compat, enhanced])
      await expect(partition(page)).rejects.toMatchObject({ kind: 'content', code: 'html.too_deep' })
  })

  it('takes a table of 10,000 rows and a body of 5 MB in its stride', async () => {
    const row = '<tr><td>one <a href="/x">two</a></td><td>three</td></tr>'
    const paragraph = '<p>We wrote a <b>long</b> page about <a href="/y">many things</a>.</p>'
    const start = performance.now()
    const [table] = await enhanced(`<table>${row.repeat(10_000)}</table>`)
    expect(table!.text.split('\n')).toHaveLength(10_000)
    expect(await enhanced(paragraph.repeat(70_000))).toHaveLength(70_000)
    expect(await enhanced(`<p>${'word <a href="/z">link</a> '.repeat(100_000)}</p>`)).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  it('reads broken markup as well as it can', async () => {
    expect(short(await enhanced('<p>one<p>two</b></i><div>three<td>four</td>five &bogus; <'))).toEqual([
      'UncategorizedText: one',
      'UncategorizedText: two',
      'UncategorizedText: three',
      'UncategorizedText: four',
      'UncategorizedText: five &bogus; <',
    ])
  })
})

describe('the step', () => {
  it('accepts HTML, and names elements after the document', async () => {
    const step = html({ mode: 'enhanced' })
    expect(step.role).toBe('partition')
    expect(step.accepts('text/html; charset=utf-8')).toBe(true)
    expect(step.accepts('application/pdf')).toBe(false)
    const document: Document = {
      ...{
        id: 'x',
        kind: 'page',
        place: { site: 'wiki', objectId: '1', spaceId: '9', parentIds: [] },
        title: 'T',
        url: 'https://wiki.example.com/1',
        space: 'S',
        path: 'S/1.html',
      },
      ...{
        filename: '1.html',
        mediaType: 'text/html',
        version: '1',
        ancestors: [],
        labels: [],
        recordLocator: {},
      },
      permissions: unknownPermissions('not asked'),
    }
    const content = { mediaType: 'text/html', bytes: 1, body: { text: '<h1 id="a">Head</h1>' } }
    const [element] = await step.partition(content, document)
    expect(element!.metadata).toMatchObject({
      filename: '1.html',
      filetype: 'text/html',
      anchor_url: 'https://wiki.example.com/1#a',
      languages: ['eng'],
    })
  })
})
