import { describe, expect, it } from 'vitest'
import { textOf } from './macro.ts'
import { parseStorage, parseView, type XmlElement, type XmlNode } from './tree.ts'

/** `name(child child)`, text in quotes. */
function drawn(nodes: readonly XmlNode[]): string {
  return nodes
    .map((node) =>
      typeof node === 'string' ? JSON.stringify(node) : `${node.name}(${drawn(node.children)})`,
    )
    .join(' ')
}

const draw = (storage: string) => drawn(parseStorage(storage).children)

describe('storage format as a tree', () => {
  it('keeps elements, attributes and text', () => {
    const [link] = parseStorage(
      '<ac:link ac:anchor="a &amp; b"><ri:page ri:content-title="Caf&eacute;"/></ac:link>',
    ).children
    expect((link as XmlElement).attributes).toEqual({ 'ac:anchor': 'a & b' })
    expect(((link as XmlElement).children[0] as XmlElement).attributes).toEqual({
      'ri:content-title': 'Café',
    })
  })

  it("knows HTML's entities, by name and by number", () => {
    expect(draw('a&nbsp;b &rsquo;&#8230;&#x2014; &lt;tag&gt;')).toBe('"a\u00a0b ’…— <tag>"')
  })

  it('leaves alone what only looks like an entity', () => {
    expect(draw('R&D; a&b &nosuch; &copy2')).toBe('"R&D; a&b &nosuch; &copy2"')
  })

  it('reads CDATA as it stands, and joins what was split to hide an end mark', () => {
    expect(draw('<x><![CDATA[a < b && "c"]]></x>')).toBe('x("a < b && \\"c\\"")')
    expect(draw('<x><![CDATA[a[b[0]]]]><![CDATA[>c]]></x>')).toBe('x("a[b[0]]>c")')
  })

  it('drops comments, declarations and processing instructions', () => {
    expect(draw('<?xml version="1.0"?><!DOCTYPE x><p>a<!-- b -->c</p>')).toBe('p("ac")')
  })

  it('takes the first of two attributes of one name', () => {
    const [p] = parseStorage('<p id="1" id="2"/>').children
    expect((p as XmlElement).attributes).toEqual({ id: '1' })
  })

  it('drops NUL and replaces lone surrogates', () => {
    expect(draw('a\0b \ud800 c')).toBe('"ab \ufffd c"')
  })
})

describe('broken storage format', () => {
  it('closes what its parent closes, and ignores what nobody opened', () => {
    expect(draw('<p>a<strong>b</p>c</strong></x>d')).toBe('p("a" strong("b")) "cd"')
  })

  it('does not take what follows an HTML void tag for its content', () => {
    expect(draw('<p>a<br>b<hr>c</p>d')).toBe('p("a" br() "b" hr() "c") "d"')
  })

  it('ends a parameter that was never closed where the next one or the body begins', () => {
    expect(draw('<m><ac:parameter>java<ac:plain-text-body>x</ac:plain-text-body></m>')).toBe(
      'm(ac:parameter("java") ac:plain-text-body("x"))',
    )
  })

  it('gives up a tag with an open quote, not the page behind it', () => {
    expect(draw('<p>a</p><p class="b>c <b>d</b></p><p>e</p>')).toBe('p("a") "c " b("d") p("e")')
  })

  it('gives up the mark of a comment that never ends, not the page behind it', () => {
    expect(draw('<p>a</p><!-- b > <p>c</p>')).toBe('p("a") " " p("c")')
  })

  it('keeps text at the end that looks like the beginning of a tag', () => {
    expect(draw('if a <b')).toBe('"if a <b"')
  })

  it('bounds its depth and keeps the text beyond', () => {
    const deep = parseStorage(`${'<div>'.repeat(20_000)}in${'</div>'.repeat(20_000)}<p>after</p>`)
    expect(depthOf(deep)).toBeLessThan(1000)
    expect(textOf(deep)).toBe('inafter')
    expect(deep.children).toHaveLength(2)
  })

  it('stays fast when nothing is ever closed', () => {
    const start = performance.now()
    expect(textOf(parseStorage('<a>b'.repeat(200_000)))).toHaveLength(200_000)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('the HTML of a view', () => {
  it('does not look for tags in scripts and styles', () => {
    expect(drawn(parseView('<style>a > b {}</style><script>"<p>"</script><p>c').children)).toBe(
      'style("a > b {}") script("\\"<p>\\"") p("c")',
    )
  })
})

function depthOf(element: XmlElement): number {
  let depth = 0
  for (let at: XmlNode | undefined = element; at !== undefined && typeof at !== 'string'; at = at.children[0])
    depth++
  return depth
}
