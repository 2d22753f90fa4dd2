import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Loss } from '../model/content.ts'
import { type DocxParts, docxOf } from '../sandbox/files/docx.ts'
import { zipOf } from '../sandbox/files/zip.ts'
import { readDocx } from './docx.ts'
import type { FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'

const losses: Loss[] = []

const read = (bytes: Uint8Array, options: Partial<FileOptions> = {}) =>
  readDocx(
    { bytes },
    { ...defaultFileOptions(), ...options },
    {
      signal: new AbortController().signal,
      lose: (loss) => void losses.push(loss),
      nested: () => Promise.resolve([]),
    },
  )

/** Type and text of each element. */
async function told(parts: DocxParts, options?: Partial<FileOptions>): Promise<string[]> {
  const elements = await read(docxOf(parts), options)
  return elements.map(({ type, text }) => `${type}: ${text}`)
}

const run = (text: string, properties = '') =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
const p = (text: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`
const styled = (text: string, style: string) => p(text, `<w:pStyle w:val="${style}"/>`)
const style = (id: string, name: string, rest = '') =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${rest}</w:style>`
const listed = (text: string, level: number) =>
  p(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`)
const cell = (inside: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${inside}</w:tc>`
const row = (cells: string, properties = '') => `<w:tr><w:trPr>${properties}</w:trPr>${cells}</w:tr>`
const pageEnd = '<w:r><w:lastRenderedPageBreak/></w:r>'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==',
  'base64',
)

const picture = (id: string, alt: string) =>
  `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="${alt}"/><a:graphic><a:graphicData><pic:pic>` +
  `<pic:blipFill><a:blip r:embed="${id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`

describe('paragraphs', () => {
  it('are told by style, list and text', async () => {
    const body =
      styled('Report', 'T') +
      styled('Part', 'H2') +
      listed('one', 0) +
      listed('two', 1) +
      p('• three') +
      p('We walked to the sea.')
    const parts = { styles: style('T', 'Title') + style('H2', 'heading 2') }
    for (const mode of ['compat', 'enhanced'] as const) {
      const elements = await read(docxOf({ body, parts }), { mode })
      expect(elements.map(({ type, text, metadata }) => [type, metadata.category_depth, text])).toEqual([
        ['Title', 0, 'Report'],
        ['Title', 1, 'Part'],
        ['ListItem', 0, 'one'],
        ['ListItem', 1, 'two'],
        ['ListItem', 0, 'three'],
        ['NarrativeText', 0, 'We walked to the sea.'],
      ])
    }
  })

  it('are headings by the outline that their style inherits, whatever it is called', async () => {
    const styles =
      style('berschrift2', 'Überschrift 2', '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>') +
      style('Kapitel', 'Kapitel', '<w:basedOn w:val="berschrift2"/>')
    const body = styled('Anfang', 'Kapitel') + p('Ein Satz.')
    const elements = await read(docxOf({ body, parts: { styles } }))
    expect(elements).toMatchObject([
      { type: 'Title', text: 'Anfang', metadata: { category_depth: 1 } },
      { text: 'Ein Satz.', metadata: { heading_path: ['Anfang'] } },
    ])
  })

  it('survive styles that are based on each other in a circle', async () => {
    const styles = style('A', 'A', '<w:basedOn w:val="B"/>') + style('B', 'B', '<w:basedOn w:val="A"/>')
    expect(await told({ body: styled('Text.', 'A'), parts: { styles } })).toEqual([
      'UncategorizedText: Text.',
    ])
  })

  it('are one piece of code where they follow each other, with their indentation', async () => {
    const styles = style('C', 'Source Code')
    const body = styled('if x:', 'C') + styled('    go()', 'C') + p('after')
    expect(await told({ body, parts: { styles } })).toEqual([
      'CodeSnippet: if x:\n    go()',
      'UncategorizedText: after',
    ])
  })

  it('tell emphasis and links, counted in characters', async () => {
    const body = `<w:p>${run('😀 see ')}${run('this', '<w:b/><w:i/>')}${run(' at ')}<w:hyperlink r:id="home" w:anchor="top">${run('ho')}${run('me')}</w:hyperlink></w:p>`
    const elements = await read(docxOf({ body, links: { home: 'https://example.org/' } }), { mode: 'compat' })
    expect(elements[0]?.metadata).toEqual({
      category_depth: 0,
      emphasized_text_contents: ['this', 'this'],
      emphasized_text_tags: ['b', 'i'],
      link_texts: ['home'],
      link_urls: ['https://example.org/#top'],
      links: [{ text: 'home', url: 'https://example.org/#top', start_index: 14 }],
    })
  })

  it('know links that are fields', async () => {
    const mark = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
    const body =
      `<w:p>${mark('begin')}<w:r><w:instrText>HYPERLINK "https://example.org" \\l "a"</w:instrText></w:r>` +
      `${mark('separate')}${run('here')}${mark('end')}${run(' and there')}</w:p>`
    const [element] = await read(docxOf({ body }))
    expect(element).toMatchObject({
      text: 'here and there',
      metadata: { link_texts: ['here'], link_urls: ['https://example.org#a'] },
    })
  })

  it('keep what compat mode passes over: insertions, content controls, equations', async () => {
    const body =
      `<w:p>${run('sea')}<w:ins>${run(' new')}</w:ins><w:del><w:r><w:delText> old</w:delText></w:r></w:del>` +
      `<w:sdt><w:sdtContent>${run(' chosen')}</w:sdtContent></w:sdt></w:p>` +
      '<w:p><m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>'
    expect(await told({ body }, { mode: 'compat' })).toEqual(['UncategorizedText: sea'])
    expect(await told({ body })).toEqual(['NarrativeText: sea new chosen', 'Formula: x^2'])
    const [first] = await read(docxOf({ body }), { trackedChanges: 'all' })
    expect(first).toMatchObject({
      text: 'sea new old chosen',
      metadata: {
        tracked_change: [
          { change: 'inserted', text: ' new' },
          { change: 'deleted', text: ' old' },
        ],
      },
    })
  })
})

describe('pages', () => {
  const body =
    `<w:p>${run('one ')}${pageEnd}${run('two')}</w:p><w:p>${pageEnd}${run('three')}</w:p>` +
    '<w:sectPr><w:headerReference w:type="default" r:id="header"/></w:sectPr>'
  const parts = { header: p('Our handbook') }

  it('tear a paragraph in compat mode, and come after it otherwise', async () => {
    const pages = async (options: Partial<FileOptions>) =>
      (await read(docxOf({ body, parts }), options)).map(({ text, metadata }) => [metadata.page_number, text])
    expect(await pages({ mode: 'compat', includePageBreaks: true })).toEqual([
      [undefined, 'Our handbook'],
      [1, 'one '],
      [undefined, ''],
      [2, 'two'],
      [undefined, ''],
      [3, 'three'],
    ])
    expect(await pages({ skipHeadersAndFooters: true })).toEqual([
      [1, 'one two'],
      [3, 'three'],
    ])
  })
})

it('signs of symbol fonts are signs, however they are written', async () => {
  const body = `<w:p>${run('\uf0fe')}${run(' done ')}<w:r><w:sym w:font="Wingdings" w:char="F0FD"/></w:r></w:p>`
  expect((await read(docxOf({ body })))[0]?.text).toBe('☑ done ☒')
})

describe('headers, footers and notes', () => {
  const body =
    `<w:p>${run('We count lamps.')}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>` +
    '<w:sectPr><w:headerReference w:type="default" r:id="header"/></w:sectPr>'
  const parts = {
    header: `<w:p>${run('Handbook')}${picture('logo.png', 'Our logo')}</w:p>`,
    footnotes: `<w:footnote w:id="2"><w:p>${run('Like so.')}${picture('logo.png', 'A lamp')}</w:p></w:footnote>`,
  }
  const bytes = docxOf({ body, parts, media: { 'logo.png': png } })

  it('keep their pictures, which the reference loses', async () => {
    const elements = await read(bytes, { imageData: true })
    expect(elements.map(({ type, text }) => `${type}: ${text}`)).toEqual([
      ...['Header: Handbook', 'Image: Our logo', 'UncategorizedText: We count lamps.'],
      ...['NarrativeText: Like so.', 'Image: A lamp'],
    ])
    const data = { image_mime_type: 'image/png', image_base64: png.toString('base64') }
    expect(elements[1]?.metadata).toEqual({ header_footer_type: 'primary', ...data })
    expect(elements[4]?.metadata).toEqual({ note: 'footnote', ...data })
    expect((await read(bytes, { mode: 'compat' })).map(({ text }) => text)).toEqual([
      'Handbook',
      'We count lamps.',
    ])
  })
})

describe('tables', () => {
  const body = `<w:tbl>${row(cell(p('Name'), '<w:gridSpan w:val="2"/>') + cell(p('Age')), '<w:tblHeader/>')}${row(
    cell(p('Ada'), '<w:vMerge w:val="restart"/>') + cell(p('L.')) + cell(listed('36', 0) + listed('37', 0)),
  )}${row(cell('<w:p/>', '<w:vMerge/>') + cell(p('B &amp; C')) + cell(`<w:tbl>${row(cell(p('in')))}</w:tbl><w:p/>`))}</w:tbl>`

  it('repeat merged cells in compat mode', async () => {
    const [table] = await read(docxOf({ body }), { mode: 'compat' })
    expect(table).toMatchObject({ type: 'Table', text: 'Name Age Ada L. 36 37 B & C in' })
    expect(table?.metadata.text_as_html).toBe(
      '<table><tr><td>Name</td><td>Name</td><td>Age</td></tr><tr><td>Ada</td><td>L.</td><td>36 37</td></tr>' +
        '<tr><td>Ada</td><td>B &amp; C</td><td>in</td></tr></table>',
    )
  })

  it('keep their structure otherwise', async () => {
    const [table] = await read(docxOf({ body }))
    expect(table?.text).toBe('Name Age\nAda L. 36 37\nB & C in')
    expect(table?.metadata.text_as_html).toBe(
      '<table><tr><th colspan="2">Name</th><th>Age</th></tr>' +
        '<tr><td rowspan="2">Ada</td><td>L.</td><td><ul><li>36</li><li>37</li></ul></td></tr>' +
        '<tr><td>B &amp; C</td><td><table><tr><td>in</td></tr></table></td></tr></table>',
    )
  })

  it('that multiply by nesting merged cells are refused', async () => {
    const nest = (depth: number): string =>
      `<w:tbl>${row(cell(depth === 0 ? p('x') : nest(depth - 1), '<w:gridSpan w:val="63"/>'))}</w:tbl>`
    await expect(read(docxOf({ body: nest(7) }), { mode: 'compat' })).rejects.toMatchObject({
      code: 'file.too_much',
    })
  })
})

describe('what hangs on the text', () => {
  it('pictures stand where they are shown, with their bytes where asked for', async () => {
    const body = `<w:p>${picture('dot', 'A dot')}</w:p>${p('after')}`
    const bytes = docxOf({ body, media: { dot: png } })
    expect(await read(bytes)).toMatchObject([{ type: 'Image', text: 'A dot' }, { text: 'after' }])
    const [image] = await read(bytes, { imageData: true })
    expect(image?.metadata).toEqual({ image_mime_type: 'image/png', image_base64: png.toString('base64') })
    expect(await told({ body, media: { dot: png } }, { mode: 'compat' })).toEqual([
      'UncategorizedText: after',
    ])
  })

  it('text boxes come once, whichever way they are written', async () => {
    const box = `<w:txbxContent>${p('in the box')}</w:txbxContent>`
    const body =
      `<w:p>${run('beside')}<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>` +
      `<wps:wsp><wps:txbx>${box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>` +
      `<mc:Fallback><w:pict><v:shape><v:textbox>${box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
    expect(await told({ body })).toEqual(['UncategorizedText: beside', 'UncategorizedText: in the box'])
  })

  it('emoji that are written by number are read from their plain alternative', async () => {
    const body = `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="w16se"/><mc:Fallback><w:t>😀</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`
    expect(await told({ body })).toEqual(['UncategorizedText: 😀'])
  })

  it('charts are the table of their figures, diagrams their lines', async () => {
    const graphic = (inside: string) =>
      `<w:p><w:r><w:drawing><a:graphic><a:graphicData>${inside}</a:graphicData></a:graphic></w:drawing></w:r></w:p>`
    const body =
      graphic('<c:chart r:id="chart"/>') + graphic('<dgm:relIds r:dm="diagramData"/>') + graphic('<c:chart/>')
    const series = (name: string, value: string) =>
      `<c:ser><c:tx><c:v>${name}</c:v></c:tx><c:cat><c:pt><c:v>May</c:v></c:pt></c:cat><c:val><c:pt><c:v>${value}</c:v></c:pt></c:val></c:ser>`
    const line = (text: string) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`
    const parts = {
      chart: `<c:chart><c:title>${line('Sales')}</c:title>${series('tea', '3')}${series('rum', '4')}</c:chart>`,
      diagramData: `<dgm:pt>${line('plan')}</dgm:pt><dgm:pt/><dgm:pt>${line('do')}</dgm:pt>`,
    }
    expect(await told({ body, parts })).toEqual([
      'FigureCaption: Sales',
      'Table: tea rum\nMay 3 4',
      'UncategorizedText: plan\ndo',
    ])
    expect(losses.at(-1)).toEqual({ code: 'drawing_not_read', name: 'chart' })
  })

  it('notes follow, comments where asked for', async () => {
    const body = `<w:p>${run('text')}<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>`
    const parts = {
      footnotes: `<w:footnote w:id="2">${p('a note')}</w:footnote>`,
      comments: `<w:comment w:id="0" w:author="Ada">${p('why?')}</w:comment>`,
    }
    expect(await told({ body, parts })).toEqual(['UncategorizedText: text', 'NarrativeText: a note'])
    const elements = await read(docxOf({ body, parts }), { includeComments: true })
    expect(elements.at(-1)).toMatchObject({
      text: 'why?',
      metadata: { comment: true, comment_author: 'Ada' },
    })
  })
})

describe('files', () => {
  it('may name their namespaces as they like, strict ones as well', async () => {
    const word = 'http://purl.oclc.org/ooxml/wordprocessingml/main'
    const bytes = zipOf({
      'word/document.xml': `<x:document xmlns:x="${word}"><x:body><p xmlns="${word}"><r><t>hello</t></r></p><w:p xmlns:w="urn:else"><w:r><w:t>no</w:t></w:r></w:p></x:body></x:document>`,
    })
    expect(await read(bytes)).toMatchObject([{ text: 'hello' }])
  })

  it('that are encrypted, empty or broken are refused in words', async () => {
    const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
    await expect(read(compound)).rejects.toMatchObject({ code: 'file.encrypted' })
    await expect(read(zipOf({ 'a.txt': '' }))).rejects.toMatchObject({ code: 'file.damaged' })
    await expect(read(Buffer.from('PK'))).rejects.toMatchObject({ code: 'file.damaged' })
  })

  it('that nest equations without end are no crash', async () => {
    const depth = 990
    const body = `<w:p><m:oMath>${'<m:f><m:num>'.repeat(depth)}x${'</m:num></m:f>'.repeat(depth)}</m:oMath></w:p>`
    await expect(read(docxOf({ body }))).resolves.toBeDefined()
  })
})
