import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { losses, macro, pageNamed, plain, rendered, rich, wiki } from '../../../../../test/fidelity/wiki.ts'

describe('code', () => {
  it('keeps its lines, language and title', async () => {
    const storage = macro(
      'code',
      { language: 'ts', title: 'a.ts', linenumbers: 'true' },
      plain('if (a < b) {\n  go()\n}'),
    )
    expect(await rendered(storage)).toBe(
      '<p><strong>a.ts</strong></p><pre data-language="ts" data-title="a.ts">if (a &lt; b) {\n  go()\n}</pre>',
    )
  })

  it('has no language when the editor knows none', async () => {
    expect(await rendered(macro('code', { language: 'none' }, plain('x')))).toBe('<pre>x</pre>')
    expect(await rendered(macro('noformat', {}, plain('x')))).toBe('<pre>x</pre>')
  })

  it('reads the older spellings', async () => {
    const old =
      '<ac:macro ac:name="code"><ac:default-parameter>java</ac:default-parameter><ac:plain-text-body>a&lt;b</ac:plain-text-body></ac:macro>'
    expect(await rendered(old)).toBe('<pre data-language="java">a&lt;b</pre>')
  })

  it('survives an end mark of CDATA in it', async () => {
    const split = '<ac:plain-text-body><![CDATA[a[b[0]]]]><![CDATA[>c]]></ac:plain-text-body>'
    expect(await rendered(macro('code', {}, split))).toBe('<pre>a[b[0]]>c</pre>')
  })
})

describe('call-outs', () => {
  it.each([
    ['info', 'info'],
    ['note', 'note'],
    ['tip', 'tip'],
    ['warning', 'warning'],
    ['panel', 'panel'],
  ])('%s is a panel with its title first', async (name, kind) => {
    expect(await rendered(macro(name, { title: 'Mind', bgColor: '#fff' }, rich('<p>the gap</p>')))).toBe(
      `<aside data-panel="${kind}"><p><strong>Mind</strong></p><p>the gap</p></aside>`,
    )
  })

  it('fold what an expand folds', async () => {
    expect(await rendered(macro('expand', { title: 'More' }, rich('<p>a</p>')))).toBe(
      '<details><summary>More</summary><p>a</p></details>',
    )
    expect(await rendered(macro('expand', {}, rich('<p>a</p>')))).toBe('<details><p>a</p></details>')
  })

  it('nest', async () => {
    expect(await rendered(macro('tip', {}, rich(macro('code', {}, plain('x')))))).toBe(
      '<aside data-panel="tip"><pre>x</pre></aside>',
    )
  })
})

describe('small things in a sentence', () => {
  it('status: title and colour', async () => {
    expect(await rendered(`<p>It is ${macro('status', { title: 'LATE', colour: 'Red' })}.</p>`)).toBe(
      '<p>It is <span data-status="red">LATE</span>.</p>',
    )
  })

  it('profile: the name', async () => {
    const people = wiki({ deployment: 'data-center', people: { k1: 'Ada Lovelace' } })
    expect(await rendered(macro('profile', { user: '<ri:user ri:userkey="k1"/>' }), people)).toBe(
      '<a data-user="k1">@Ada Lovelace</a>',
    )
  })

  it('formulas: their source', async () => {
    expect(await rendered(macro('eazy-math-inline', { body: 'a^2', align: 'left' }))).toBe(
      '<code data-math="">a^2</code>',
    )
    expect(await rendered(macro('mathblock', {}, plain('b^2')))).toBe('<pre data-language="latex">b^2</pre>')
  })
})

describe('what shows its body', () => {
  it.each([
    'section',
    'column',
    'align',
    'details',
    'excerpt',
    'toc-zone',
    'table-filter',
    'shared-block',
    'numberedheadings',
  ])('%s', async (name) => {
    expect(await rendered(macro(name, { labels: 'x' }, rich('<p>a</p>')))).toBe('<div><p>a</p></div>')
  })

  it('an excerpt within a sentence does not break it', async () => {
    const inline = macro('excerpt', { 'atlassian-macro-output-type': 'INLINE' }, rich('b'))
    expect(await rendered(`<p>a${inline}c</p>`)).toBe('<p>abc</p>')
  })

  it.each(['excerpt', 'details'])('but not a hidden %s', async (name) => {
    expect(await rendered(macro(name, { hidden: 'true' }, rich('<p>a</p>')))).toBe('')
  })

  it('tabs, with their labels', async () => {
    expect(await rendered(macro('ui-tab', { title: 'One' }, rich('<p>a</p>')))).toBe(
      '<div><p><strong>One</strong></p><p>a</p></div>',
    )
  })

  it('a quote', async () => {
    expect(await rendered(macro('quote', {}, rich('<p>a</p>')))).toBe('<blockquote><p>a</p></blockquote>')
  })
})

describe('files and frames', () => {
  it.each(['view-file', 'viewpdf', 'viewdoc', 'viewxls', 'viewppt'])(
    '%s is a link to the file',
    async (name) => {
      expect(
        await rendered(macro(name, { name: '<ri:attachment ri:filename="a.pdf"/>', height: '250' })),
      ).toBe('<p><a href="https://wiki.example/download/attachments/1/a.pdf" data-file="a.pdf">a.pdf</a></p>')
    },
  )

  it('a file of another page leads to that page', async () => {
    const parameters = {
      name: '<ri:attachment ri:filename="a.pdf"/>',
      page: `<ac:link>${pageNamed('Pay')}</ac:link>`,
    }
    expect(await rendered(macro('viewpdf', parameters))).toBe(
      '<p><a href="https://wiki.example/HR/Pay" data-file="a.pdf">a.pdf</a></p>',
    )
  })

  it('widget and iframe are links', async () => {
    expect(await rendered(macro('widget', { url: '<ri:url ri:value="https://v.example/1"/>' }))).toBe(
      '<p><a href="https://v.example/1">https://v.example/1</a></p>',
    )
    expect(await rendered(macro('iframe', { src: 'https://v.example/2' }))).toContain('https://v.example/2')
  })
})

describe('diagrams', () => {
  const source = '@startuml\nA -> B: 100% ok\n@enduml'

  it('are their source', async () => {
    expect(await rendered(macro('plantuml', {}, plain(source)))).toBe(
      '<pre data-language="plantuml">@startuml\nA -> B: 100% ok\n@enduml</pre>',
    )
  })

  it('are their source, packed or not', async () => {
    const packed = deflateRawSync(Buffer.from(source)).toString('base64')
    const encoded = deflateRawSync(Buffer.from(encodeURIComponent(source))).toString('base64')
    for (const data of [packed, encoded]) {
      expect(
        await rendered(macro('plantumlcloud', { data, compressed: 'true', filename: 'd.svg' })),
      ).toContain('100% ok')
    }
    const open = Buffer.from(source).toString('base64')
    expect(await rendered(macro('plantumlcloud', { data: open, compressed: 'false' }))).toContain('100% ok')
  })

  it('that cannot be unpacked are named', async () => {
    const broken = macro('plantumlcloud', { data: 'AAAA', compressed: 'true', filename: 'd.svg' })
    expect(await rendered(broken)).toBe('<p>d.svg</p>')
    expect(await losses(broken)).toEqual([{ code: 'unsupported_macro', name: 'plantumlcloud' }])
  })

  it('drawn in an app are the picture that it keeps', async () => {
    expect(await rendered(macro('drawio', { diagramName: 'net', revision: '2' }))).toBe(
      '<img src="https://wiki.example/download/attachments/1/net.png" alt="net" data-file="net.png">',
    )
  })
})

describe('other ways of writing', () => {
  it('HTML is rendered, without scripts', async () => {
    expect(await rendered(macro('html', {}, plain('<h2>A</h2><script>x()</script><p>b<br>c')))).toBe(
      '<div><h2 id="A">A</h2><p>b<br>c</p></div>',
    )
  })

  it('Markdown is paragraphs of text', async () => {
    expect(await rendered(macro('markdown', {}, plain('# A\n\nb *c*\nd')))).toBe('<p># A</p><p>b *c*\nd</p>')
  })
})

describe('navigation', () => {
  it.each(['toc', 'anchor', 'livesearch', 'pagetreesearch', 'create-from-template'])(
    '%s shows nothing and loses nothing',
    async (name) => {
      const storage = macro(name, { '': 'x' })
      expect(await rendered(storage)).toBe('')
      expect(await losses(storage)).toEqual([])
    },
  )

  it.each(['recently-updated', 'blog-posts', 'tasks-report-macro'])(
    '%s lists what others may see: named as missing, never asked of the server',
    async (name) => {
      const site = wiki({ html: `<div data-macro-name="${name}" data-macro-id="id-${name}">Secret</div>` })
      expect(await rendered(macro(name), site)).toBe('')
      expect(await losses(macro(name), site)).toEqual([{ code: 'unsupported_macro', name }])
      expect(site.asked).toEqual([])
    },
  )
})

describe('macros that nobody told us about', () => {
  it('show their body and are named', async () => {
    expect(await rendered(macro('our-box', { a: 'b' }, rich('<p>a</p>')))).toBe('<div><p>a</p></div>')
    expect(await rendered(macro('our-box', { a: 'b' }, plain('a\nb')))).toBe('<pre>a\nb</pre>')
    expect(await losses(macro('our-box', {}, rich('a')))).toEqual([
      { code: 'unknown_macro', name: 'our-box' },
    ])
  })

  it('are named as missing when they have none', async () => {
    expect(await losses(`${macro('our-box')}${macro('our-box')}`)).toEqual([
      { code: 'unsupported_macro', name: 'our-box' },
    ])
  })
})

describe('broken macros', () => {
  it('that were never closed do not swallow the page', async () => {
    expect(await rendered('<ac:structured-macro ac:name="toc"><p>a</p><h2>b</h2>')).toBe(
      '<p>a</p><h2 id="b">b</h2>',
    )
    expect(await rendered('<ac:structured-macro ac:name="info"><ac:rich-text-body><p>a</p>')).toBe(
      '<aside data-panel="info"><p>a</p></aside>',
    )
  })

  it('keep their text when their rendering fails, and nothing around them notices', async () => {
    const broken = wiki({
      pageUrl() {
        throw new Error('bad title')
      },
    })
    const storage = `<p>a</p>${macro('viewpdf', { name: 'x.pdf', page: pageNamed('P') })}<p>b</p>`
    expect(await rendered(storage, broken)).toBe('<p>a</p><p>b</p>')
    expect(await losses(storage, broken)).toEqual([{ code: 'broken_macro', name: 'viewpdf' }])
  })

  it('nested without end are shown as far as they go', async () => {
    const html = await rendered(`${'<ac:structured-macro ac:name="info"><ac:rich-text-body>'.repeat(5000)}in`)
    expect(html).toContain('in')
  })
})
